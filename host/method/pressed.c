/* pressed.c - the part of a head below its crown, and what is above it drawn out. */
#include "pressed.h"
#include <math.h>
#include <string.h>

#define THICK_MM 2.5  /* slices at least so far apart: thinner ones are all alike */
#define GAIN 0.035    /* of the fit to the lower part: the least by which fitting to it alone must help */
#define LEAST_MM 40.0 /* a lower part of less than this shows too little of a head */
#define KNEES 9       /* where the spacing may change, in twentieths of the field of view from KNEE_FIRST on */
#define KNEE_FIRST 7
#define RATIOS 5 /* 1, 1.25 ... 2 */
#define RATIO_MOST 2

/* Where the crown begins, atlas mm: 45 mm above the root of the nose. */
static const double crown[3] = {0, -10, 20};

/* The axis of the grid along which the head stands; *turned: it stands on its crown there. *below: voxels below the
 * crown. False where no crown is in view, too little below it, or the slices are thin. */
static bool lower_part(const vv_grid *g, const double to_atlas[12], int *axis, bool *turned, int32_t *below)
{
    double m[12], back[12];
    int up = 0;
    vv_affine_compose(to_atlas, g->affine, m);
    if (!vv_affine_invert(m, back))
        return false;
    for (int a = 1; a < 3; ++a)
        up = fabs(m[8 + a] * g->spacing[up]) > fabs(m[8 + up] * g->spacing[a]) ? a : up;
    double at = back[4 * up + 3];
    for (int k = 0; k < 3; ++k)
        at += back[4 * up + k] * crown[k];
    *axis = up;
    *turned = m[8 + up] < 0;
    at = *turned ? g->dims[up] - 1 - at : at;
    if (!(at > 0 && at < g->dims[up] - 1))
        return false;
    *below = (int32_t)at + 1;
    return g->spacing[up] >= THICK_MM && *below * g->spacing[up] >= LEAST_MM;
}

/* *found fitted to the grid g again, and its rival, for scores of different grids cannot be compared. */
static vv_status fit_again(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                           const vv_atlas *atlas, vv_found *found, vv_err *err)
{
    vv_found was = *found, rival = {0};
    vv_status s = vv_search_from(dev, g, code, window, trusted, atlas, was.to_atlas, &was, found, err);
    if (!s && was.rival > 0)
        s = vv_search_from(dev, g, code, window, trusted, atlas, was.rival_to_atlas, &was, &rival, err);
    found->rival = rival.best;
    if (was.rival > 0)
        memcpy(found->rival_to_atlas, rival.to_atlas, sizeof found->rival_to_atlas);
    return s;
}

/* *found fitted to the lower part alone; *gain: how much better that explains it. */
static vv_status fit_below(vv_device *dev, const vv_grid *part, vv_buf *code, const vv_window *window, bool trusted,
                           const vv_atlas *atlas, vv_found *found, double *gain, vv_err *err)
{
    vv_fit before = {0};
    vv_status s = vv_search_fit(dev, part, code, window, atlas, found, &before, err);
    if (!s)
        s = fit_again(dev, part, code, window, trusted, atlas, found, err);
    *gain = found->fit.all - before.all;
    return s;
}

/* The grid that `found` explains best, of those whose upper part is drawn out; drawn->level is NULL where that is g. */
static vv_status draw_out(vv_device *dev, const vv_grid *g, int axis, bool turned, const vv_window *window,
                          const vv_atlas *atlas, const vv_found *found, vv_grid *drawn, vv_err *err)
{
    size_t most = RATIO_MOST * (size_t)vv_grid_voxels(g);
    vv_buf *code = NULL; /* of the largest of them */
    vv_status s = vv_buf_create(dev, most, &code, err);
    if (!s)
        s = vv_fill(dev, code, 0, 0, most, err);
    double best = 0, best_ratio = 1;
    int32_t best_knee = g->dims[axis];
    for (int r = 0; !s && r < RATIOS; ++r)
        for (int k = 0; !s && k < (r ? KNEES : 1); ++k) {
            int32_t knee = g->dims[axis] * (KNEE_FIRST + k) / 20;
            double ratio = 1 + 0.25 * r;
            vv_grid one;
            vv_fit fit = {0};
            s = vv_grid_stretch(dev, g, axis, turned, knee, ratio, &one, err);
            if (!s)
                s = vv_search_fit(dev, &one, code, window, atlas, found, &fit, err);
            vv_grid_release(dev, &one);
            if (!s && fit.all > best)
                best = fit.all, best_ratio = ratio, best_knee = knee;
        }
    if (!s && best_ratio > 1)
        s = vv_grid_stretch(dev, g, axis, turned, best_knee, best_ratio, drawn, err);
    vv_buf_destroy(dev, &code);
    return s;
}

vv_status vv_pressed_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                         const vv_atlas *atlas, vv_found *found, vv_grid *drawn, vv_err *err)
{
    int axis;
    bool turned;
    int32_t below;
    double gain = 0;
    vv_found then = *found;
    vv_grid part = {0};
    *drawn = (vv_grid){0};
    if (!lower_part(g, found->to_atlas, &axis, &turned, &below))
        return VV_OK;
    vv_status s = vv_grid_part(dev, g, axis, turned, below, &part, err);
    if (!s)
        s = fit_below(dev, &part, code, window, trusted, atlas, &then, &gain, err);
    vv_grid_release(dev, &part);
    if (s || gain < GAIN)
        return s;
    s = draw_out(dev, g, axis, turned, window, atlas, &then, drawn, err);
    if (!s && drawn->level)
        *found = then;
    return s;
}
