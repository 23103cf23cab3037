/* repeats.c - on the host: few places are looked at. */
#include "repeats.h"
#include "alloc.h"
#include "atlas.h"
#include <math.h>
#include <string.h>

#define OFF_HEAD 8.0     /* mm from the atlas's head */
#define IN_HEAD -3.0     /* mm: the skin belongs to it */
#define NECK -105.0      /* atlas mm: below lie neck and shoulders, which the atlas does not know */
#define STRIDE 3         /* of the places that are compared */
#define PLACES_LEAST 100 /* compared, of tissue and of air each */
/* Correlation that shows a copy. Made copies at a tenth and at three tenths of the level: 0.85 and more, and 0.19 above
 * what lies aside; heads of the data set without one: up to 0.75, but then as much aside. */
#define LIKE_LEAST 0.6
#define ASIDE 20.0 /* mm: what is as alike this much nearer or further is slow shading, and no copy */
#define PEAK_LEAST 0.1

typedef struct search {
    const vv_grid *g;
    double to_atlas[12]; /* from grid voxels */
    const uint8_t *code;
    const float *level;
    uint8_t *mark;
} search;

static void mm_of(const search *s, const int32_t at[3], double mm[3])
{
    const double *m = s->to_atlas;
    for (int r = 0; r < 3; ++r)
        mm[r] = m[4 * r] * at[0] + m[4 * r + 1] * at[1] + m[4 * r + 2] * at[2] + m[4 * r + 3];
}

static int32_t index_of(const search *s, const int32_t at[3])
{
    return (at[2] * s->g->dims[1] + at[1]) * s->g->dims[0] + at[0];
}

/* Whether what goes at `at` could stand again in the air `shift` voxels away along the axis, wrapped around; *copy:
 * there. *head: whether it is the atlas's head that goes, or air. */
static bool counterpart(const search *s, const int32_t at[3], int axis, int32_t shift, int32_t *copy, bool *head)
{
    if (!(s->code[index_of(s, at)] & VK_REMOVE))
        return false;
    int32_t there[3] = {at[0], at[1], at[2]};
    there[axis] = (at[axis] + shift) % s->g->dims[axis];
    *copy = index_of(s, there);
    double mm[3], depth;
    mm_of(s, there, mm);
    if (s->code[*copy] & (VK_REMOVE | VK_BRAIN) || mm[2] < NECK || !vv_atlas_field_at(VK_FIELD_HEAD, mm, &depth) ||
        depth > -OFF_HEAD)
        return false;
    mm_of(s, at, mm);
    *head = vv_atlas_field_at(VK_FIELD_HEAD, mm, &depth) && depth >= IN_HEAD;
    return true;
}

/* The correlation of levels here and there over a part of the places; 0 where there are too few. */
static double likeness(const search *s, int axis, int32_t shift)
{
    const int32_t *d = s->g->dims;
    double n[2] = {0}, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int32_t z = 0; z < d[2]; z += STRIDE)
        for (int32_t b = 0; b < d[1]; b += STRIDE)
            for (int32_t a = 0; a < d[0]; a += STRIDE) {
                int32_t at[3] = {a, b, z}, copy;
                bool head;
                if (!counterpart(s, at, axis, shift, &copy, &head))
                    continue;
                double here = s->level[index_of(s, at)], there = s->level[copy];
                n[head] += 1, x += here, y += there;
                xx += here * here, yy += there * there, xy += here * there;
            }
    double all = n[0] + n[1];
    if (n[0] < PLACES_LEAST || n[1] < PLACES_LEAST)
        return 0;
    double vx = xx - x * x / all, vy = yy - y * y / all;
    return vx > 0 && vy > 0 ? (xy - x * y / all) / sqrt(vx * vy) : 0;
}

/* Marks the counterparts of the head that goes. */
static void mark_copies(const search *s, int axis, int32_t shift)
{
    const int32_t *d = s->g->dims;
    for (int32_t z = 0; z < d[2]; ++z)
        for (int32_t b = 0; b < d[1]; ++b)
            for (int32_t a = 0; a < d[0]; ++a) {
                int32_t at[3] = {a, b, z}, copy;
                bool head;
                if (counterpart(s, at, axis, shift, &copy, &head) && head)
                    s->mark[copy] = 1;
            }
}

static bool repeats(const search *s, int axis, int32_t shift)
{
    int32_t aside = (int32_t)(ASIDE / s->g->spacing[axis] + 0.5);
    double here = likeness(s, axis, shift);
    if (here < LIKE_LEAST || aside < 1 || aside >= shift)
        return false;
    return here - likeness(s, axis, shift - aside) >= PEAK_LEAST &&
           here - likeness(s, axis, shift + aside) >= PEAK_LEAST;
}

static vv_status put_marks(vv_device *dev, const search *s, vv_buf **mark, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(s->g);
    vv_status status = *mark ? VV_OK : vv_buf_create(dev, n, mark, err);
    return status ? status : vv_upload(dev, *mark, 0, s->mark, n, err);
}

static vv_status find(vv_device *dev, search *s, vv_buf **mark, vv_err *err)
{
    bool any = false;
    for (int axis = 0; axis < 3; ++axis) {
        int32_t half = s->g->dims[axis] / 2;
        if (repeats(s, axis, half)) {
            if (!any && *mark) {
                vv_status status = vv_download(dev, s->mark, *mark, 0, (size_t)vv_grid_voxels(s->g), err);
                if (status)
                    return status;
            }
            any = true;
            mark_copies(s, axis, half);
        }
    }
    return any ? put_marks(dev, s, mark, err) : VV_OK;
}

vv_status vv_repeats_find(vv_device *dev, const vv_grid *g, vv_buf *code, const double to_atlas[12], vv_buf **mark,
                          vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    uint8_t *codes = vv_malloc(n, 1), *marks = vv_calloc(n, 1);
    float *levels = vv_malloc(n, sizeof *levels);
    search s = {.g = g, .code = codes, .level = levels, .mark = marks};
    vv_affine_compose(to_atlas, g->affine, s.to_atlas);
    vv_status status = codes && marks && levels
                           ? vv_download(dev, codes, code, 0, n, err)
                           : vv_fail(err, VV_E_RESOURCE, "ghosts", "out of memory; free some and try again");
    if (!status)
        status = vv_download(dev, levels, g->level, 0, n * sizeof *levels, err);
    if (!status)
        status = find(dev, &s, mark, err);
    vv_free(codes);
    vv_free(marks);
    vv_free(levels);
    return status;
}
