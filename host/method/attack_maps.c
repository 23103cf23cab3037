/* attack_maps.c - depths of the head's surface along the axes of the atlas. */
#include "attack_maps.h"
#include "atlas.h"
#include "alloc.h"
#include "launch.h"
#include "levels.h"
#include "removal.h"
#include "skin.h"
#include <math.h>
#include <string.h>

#define GRID_MM 2.0
#define GRID_MOST 16000000
#define FRAMES 8          /* that are averaged, as for finding the face */
#define MIDDLE_Y 8.0      /* atlas mm; the middle column of the views from the sides */
#define MEAN_REACHES 12.0 /* mm outside the mean head that faces still reach */

static const double axis_x[3] = {1, 0, 0}, axis_y[3] = {0, 1, 0}, back[3] = {0, -1, 0}, left[3] = {-1, 0, 0};

/* A place is middle + across * (column's mm) - up * (row's mm) + along * (mm - VV_MAP_START). */
static const struct {
    const double *across, *along;
    double middle;
} views[VV_MAP_VIEWS] = {[VV_MAP_FRONT] = {axis_x, back, 0},
                         [VV_MAP_LEFT] = {axis_y, axis_x, MIDDLE_Y},
                         [VV_MAP_RIGHT] = {axis_y, left, MIDDLE_Y}};

void vv_maps_place(int view, int column, int row, double mm, double at[3])
{
    double across = views[view].middle + VV_MAP_MM * (column - 0.5 * (VV_MAP_WIDTH - 1));
    for (int a = 0; a < 3; ++a)
        at[a] = views[view].across[a] * across + views[view].along[a] * (mm - VV_MAP_START);
    at[2] = VV_MAP_TOP - VV_MAP_MM * row;
}

/* (column, row, mm) of a view to atlas mm. */
static void view_matrix(int view, double m[12])
{
    double origin[3], step[3];
    vv_maps_place(view, 0, 0, 0, origin);
    for (int k = 0; k < 3; ++k) {
        vv_maps_place(view, k == 0, k == 1, k == 2, step);
        for (int a = 0; a < 3; ++a)
            m[4 * a + k] = step[a] - origin[a];
    }
    for (int a = 0; a < 3; ++a)
        m[4 * a + 3] = origin[a];
}

/* The volume on the device. */
typedef struct looking {
    vv_device *dev;
    const vv_volume *v;
    vv_buf *frame, *code, *depth;
    vv_grid grid;
    vv_window window;
} looking;

static vv_status mean_of_frames(looking *l, double sign, vv_err *err)
{
    int64_t n = l->v->frames < FRAMES ? l->v->frames : FRAMES;
    size_t bytes = (size_t)vv_volume_voxels(l->v) * vv_dtype_bytes(l->v->dtype);
    vv_status s = VV_OK;
    for (int64_t i = 0; i < n && !s; ++i) {
        const char *frame = (const char *)l->v->data + (size_t)(i * l->v->frames / n) * bytes;
        s = vv_upload(l->dev, l->frame, 0, frame, bytes, err);
        if (!s)
            s = vv_grid_from_frame(l->dev, l->v, l->frame, 0, sign / (double)n, i > 0, &l->grid, err);
    }
    return s;
}

/* Levels, dark air, and the head in the code. */
static vv_status find_head(looking *l, vv_err *err)
{
    bool negative = false;
    size_t n = (size_t)vv_grid_voxels(&l->grid);
    vv_status s = mean_of_frames(l, 1, err);
    if (!s)
        s = vv_fill(l->dev, l->code, 0, 0, n, err);
    if (!s)
        s = vv_is_negative(l->dev, &l->grid, l->code, &negative, err);
    if (!s && negative)
        s = mean_of_frames(l, -1, err);
    if (!s)
        s = vv_window_find(l->dev, &l->grid, l->code, negative, &l->window, err);
    return s ? s : vv_skin_find(l->dev, &l->grid, l->window.tissue, l->code, err);
}

static vv_status follow_rays(looking *l, const double pose[12], int view, float *depth, vv_err *err)
{
    vk_depth_p p = {.nx = l->grid.dims[0],
                    .ny = l->grid.dims[1],
                    .nz = l->grid.dims[2],
                    .width = VV_MAP_WIDTH,
                    .height = VV_MAP_HEIGHT,
                    .steps = VV_MAP_DEEP,
                    .threshold = (float)l->window.tissue,
                    .air = (float)l->window.air,
                    .bit = VK_HEAD};
    double inverse[12], to_atlas[12], to_mm[12], m[12];
    if (!vv_affine_invert(l->grid.affine, inverse))
        return vv_fail(err, VV_E_INTERNAL, "attack", "the volume's affine is singular");
    view_matrix(view, to_atlas);
    vv_affine_compose(pose, to_atlas, to_mm);
    vv_affine_compose(inverse, to_mm, m);
    for (int k = 0; k < 12; ++k)
        p.m[k] = (float)m[k];
    vv_status s =
        vv_launch_depth(l->dev, vv_groups(p.width), VV_MAP_HEIGHT, 1, l->grid.level, l->code, l->depth, &p, err);
    return s ? s : vv_download(l->dev, depth, l->depth, 0, VV_MAP_PIXELS * sizeof *depth, err);
}

static void let_go(looking *l)
{
    vv_grid_release(l->dev, &l->grid);
    vv_buf_destroy(l->dev, &l->frame);
    vv_buf_destroy(l->dev, &l->code);
    vv_buf_destroy(l->dev, &l->depth);
}

vv_status vv_maps_make(vv_device *dev, const vv_volume *v, const double pose[16], vv_maps *out, vv_err *err)
{
    looking l = {.dev = dev, .v = v};
    double inverse[12];
    vv_status s = vv_volume_check(v, err);
    if (s)
        return s;
    if (v->dtype == VV_DT_F128 || vv_volume_voxels(v) > INT32_MAX)
        return vv_fail(err, VV_E_REFUSED, "attack",
                       "128-bit floats and frames of over 2147483647 voxels cannot be looked at");
    if (!vv_affine_invert(pose, inverse))
        return vv_fail(err, VV_E_USAGE, "attack", "the pose is singular; find the head first");
    const int32_t dims[3] = {(int32_t)v->dims[0], (int32_t)v->dims[1], (int32_t)v->dims[2]};
    vv_grid_shape(dims, v->affine, GRID_MM, GRID_MOST, NULL, &l.grid);
    s = vv_grid_create(dev, &l.grid, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)vv_volume_voxels(v) * vv_dtype_bytes(v->dtype), &l.frame, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)vv_grid_voxels(&l.grid), &l.code, err);
    if (!s)
        s = vv_buf_create(dev, VV_MAP_PIXELS * sizeof(float), &l.depth, err);
    if (!s)
        s = find_head(&l, err);
    for (int view = 0; view < VV_MAP_VIEWS && !s; ++view)
        s = follow_rays(&l, pose, view, out->depth[view], err);
    let_go(&l);
    return s;
}

/* Signed mm inside what a deface of face and ears takes away; far outside of the atlas's box: not at all. */
static double inside_removed(const double at[3])
{
    double face, ears, brain;
    if (!vv_atlas_field_at(VK_FIELD_FACE, at, &face) || !vv_atlas_field_at(VK_FIELD_EARS, at, &ears) ||
        !vv_atlas_field_at(VK_FIELD_BRAIN, at, &brain))
        return -1000;
    return fmin(fmax(face, ears), -brain - VV_BRAIN_GUARD);
}

/* The ray begins out of the atlas's box: what the first place inside it belongs to, all before it belongs to. */
static void follow_frame(int view, int column, int row, float *reach, float *mean)
{
    double at[3], head, outside = -1000;
    bool met = false, goes = false, begun = false;
    *reach = 0, *mean = VV_MAP_NONE;
    for (int mm = 0; mm < VV_MAP_DEEP; ++mm) {
        vv_maps_place(view, column, row, mm, at);
        if (!vv_atlas_field_at(VK_FIELD_HEAD, at, &head))
            continue;
        bool inside = inside_removed(at) > 0;
        goes = begun ? goes && inside : inside;
        begun = true;
        if (goes && head > -MEAN_REACHES)
            *reach = (float)(mm + 1);
        if (!met && head > 0) {
            met = true;
            *mean = (float)(outside > -1000 ? mm - head / (head - outside) : mm);
        }
        outside = head;
        if (met && !goes)
            break;
    }
}

void vv_maps_frame_make(vv_maps_frame *out)
{
    for (int view = 0; view < VV_MAP_VIEWS; ++view)
        for (int row = 0; row < VV_MAP_HEIGHT; ++row)
            for (int column = 0; column < VV_MAP_WIDTH; ++column) {
                int i = row * VV_MAP_WIDTH + column;
                follow_frame(view, column, row, &out->reach[view][i], &out->mean[view][i]);
            }
}

/* Slope of the depth along a step of the map, mm per mm; 0 beside nothing. */
static double slope(const float *depth, int i, int step)
{
    float a = depth[i - step], b = depth[i + step];
    return a < 0 || b < 0 ? 0 : ((double)b - a) / (2 * VV_MAP_MM);
}

void vv_maps_picture(const vv_maps *m, uint8_t *grey)
{
    memset(grey, 0, (size_t)VV_MAP_VIEWS * VV_MAP_PIXELS);
    for (int view = 0; view < VV_MAP_VIEWS; ++view)
        for (int row = 1; row < VV_MAP_HEIGHT - 1; ++row)
            for (int column = 1; column < VV_MAP_WIDTH - 1; ++column) {
                int i = row * VV_MAP_WIDTH + column;
                double u = slope(m->depth[view], i, 1), v = slope(m->depth[view], i, VV_MAP_WIDTH);
                double lit = (0.9 + 0.4 * u + 0.4 * v) / (1.06 * sqrt(1 + u * u + v * v));
                if (m->depth[view][i] >= 0)
                    grey[(row * VV_MAP_VIEWS + view) * VV_MAP_WIDTH + column] =
                        (uint8_t)(24 + 231 * fmin(fmax(lit, 0), 1));
            }
}
