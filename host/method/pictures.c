/* pictures.c - slices and renderings in the head's frame, 1.1 mm a pixel. */
#include "pictures.h"
#include "launch.h"
#include <math.h>
#include <string.h>

#define PIXEL 1.15 /* mm; 256 pixels show 294 mm */

/* Columns of a view: atlas mm at (column, row, step) = origin + column * right + row * down + step * deep. */
typedef struct view {
    double origin[3], right[3], down[3], deep[3];
} view;

static const double middle[3] = {0, 8, -35}; /* atlas mm: the middle of a head */

static view look(const double right[3], const double up[3], const double deep[3], double start)
{
    view v;
    for (int a = 0; a < 3; ++a) {
        v.right[a] = right[a] * PIXEL;
        v.down[a] = -up[a] * PIXEL;
        v.deep[a] = deep[a];
        v.origin[a] = middle[a] - 0.5 * VV_TILE_SIZE * (v.right[a] + v.down[a]) + start * deep[a];
    }
    return v;
}

static void view_matrix(const view *v, const double atlas_to_voxel[12], float out[12])
{
    double pixel[12];
    for (int a = 0; a < 3; ++a) {
        pixel[4 * a] = v->right[a], pixel[4 * a + 1] = v->down[a];
        pixel[4 * a + 2] = v->deep[a], pixel[4 * a + 3] = v->origin[a];
    }
    double m[12];
    vv_affine_compose(atlas_to_voxel, pixel, m);
    for (int k = 0; k < 12; ++k)
        out[k] = (float)m[k];
}

static vv_status download_tile(vv_device *dev, vv_buf *buf, uint8_t *tile, vv_err *err)
{
    return vv_download(dev, tile, buf, 0, (size_t)VV_TILE_SIZE * VV_TILE_SIZE, err);
}

static vv_status slice(vv_device *dev, const vv_volume *v, vv_buf *data, const vv_window *w, double sign,
                       const double atlas_to_mm[12], const view *look_at, vv_buf *buf, uint8_t *tile, vv_err *err)
{
    bool colour = v->dtype == VV_DT_RGB24 || v->dtype == VV_DT_RGBA32;
    vk_slice_p p = {.nx = (int32_t)v->dims[0],
                    .ny = (int32_t)v->dims[1],
                    .nz = (int32_t)v->dims[2],
                    .width = VV_TILE_SIZE,
                    .height = VV_TILE_SIZE,
                    .dtype = v->dtype,
                    .slope = colour ? 1.0f : (float)v->slope,
                    .inter = colour ? 0.0f : (float)v->inter,
                    .lo = (float)(sign * w->air)};
    double top = w->ct ? 400.0 : w->bright, inverse[12], m[12];
    p.scale = top > w->air ? (float)(sign * 255.0 / (top - w->air)) : 0.0f;
    if (!vv_affine_invert(v->affine, inverse))
        return vv_fail(err, VV_E_INTERNAL, "pictures", "the volume's affine is singular");
    vv_affine_compose(inverse, atlas_to_mm, m);
    view_matrix(look_at, m, p.m);
    vv_status s = vv_launch_slice(dev, 1, VV_TILE_SIZE, 1, data, buf, &p, err);
    return s ? s : download_tile(dev, buf, tile, err);
}

static vv_status render(vv_device *dev, const vv_grid *g, const vv_window *w, const double atlas_to_mm[12],
                        const view *look_at, vv_buf *buf, uint8_t *tile, vv_err *err)
{
    vk_render_p p = {.nx = g->dims[0],
                     .ny = g->dims[1],
                     .nz = g->dims[2],
                     .width = VV_TILE_SIZE,
                     .height = VV_TILE_SIZE,
                     .steps = 320,
                     .threshold = (float)w->tissue,
                     .air = (float)w->air,
                     .shade_x = (float)g->spacing[0],
                     .shade_y = (float)g->spacing[1],
                     .shade_z = (float)g->spacing[2]};
    double inverse[12], m[12], light[3], length = 0;
    if (!vv_affine_invert(g->affine, inverse))
        return vv_fail(err, VV_E_INTERNAL, "pictures", "the volume's affine is singular");
    vv_affine_compose(inverse, atlas_to_mm, m);
    view_matrix(look_at, m, p.m);
    /* light from the viewer, a little from above: atlas direction to grid axes, in mm along each axis */
    for (int a = 0; a < 3; ++a) {
        double d[3];
        for (int c = 0; c < 3; ++c)
            d[c] = -look_at->deep[c] - 0.35 * look_at->down[c] / PIXEL;
        light[a] = (m[4 * a] * d[0] + m[4 * a + 1] * d[1] + m[4 * a + 2] * d[2]) * g->spacing[a];
        length += light[a] * light[a];
    }
    for (int a = 0; a < 3; ++a)
        p.light[a] = (float)(length > 0 ? light[a] / sqrt(length) : 0);
    vv_status s = vv_launch_render(dev, 1, VV_TILE_SIZE, 1, g->level, buf, &p, err);
    return s ? s : download_tile(dev, buf, tile, err);
}

vv_status vv_pictures_make(vv_device *dev, const vv_volume *v, vv_buf *data, const vv_grid *g, const vv_window *window,
                           double sign, const double to_atlas[12], uint8_t (*tiles)[VV_TILE_SIZE * VV_TILE_SIZE],
                           vv_err *err)
{
    static const double x[3] = {1, 0, 0}, y[3] = {0, 1, 0}, z[3] = {0, 0, 1}, back[3] = {0, -1, 0},
                        left[3] = {-1, 0, 0};
    double atlas_to_mm[12];
    if (!vv_affine_invert(to_atlas, atlas_to_mm))
        return vv_fail(err, VV_E_INTERNAL, "pictures", "the pose is singular");
    /* slices: the middle, the eyes from the front, the eyes from above */
    view sag = look(y, z, x, 0), cor = look(x, z, back, -72), axi = look(x, y, z, 3);
    view front = look(x, z, back, -160), side = look(y, z, left, -160);
    vv_buf *buf = NULL;
    vv_status s = vv_buf_create(dev, (size_t)VV_TILE_SIZE * VV_TILE_SIZE, &buf, err);
    if (!s)
        s = slice(dev, v, data, window, sign, atlas_to_mm, &sag, buf, tiles[VV_TILE_SAG], err);
    if (!s)
        s = slice(dev, v, data, window, sign, atlas_to_mm, &cor, buf, tiles[VV_TILE_COR], err);
    if (!s)
        s = slice(dev, v, data, window, sign, atlas_to_mm, &axi, buf, tiles[VV_TILE_AXI], err);
    if (!s)
        s = render(dev, g, window, atlas_to_mm, &front, buf, tiles[VV_TILE_FRONT], err);
    if (!s)
        s = render(dev, g, window, atlas_to_mm, &side, buf, tiles[VV_TILE_SIDE], err);
    vv_buf_destroy(dev, &buf);
    return s;
}
