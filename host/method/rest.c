/* rest.c - overwrites, and finds air and skin again. */
#include "rest.h"
#include "launch.h"
#include "skin.h"
#include <string.h>

static vv_status overwrite(vv_device *dev, vv_rest *r, vv_buf *code, double value, vv_err *err)
{
    vk_fill_mask_p p = {.n = vv_grid_voxels(&r->grid), .bytes = sizeof(float)};
    float level = (float)value;
    memcpy(p.pattern, &level, sizeof level);
    return vv_launch_fill_mask(dev, vv_groups(p.n), 1, 1, r->grid.level, code, &p, err);
}

/* Levels of the grid, with what goes as dark as the 2nd percentile of what stays. They are counted when what goes is
 * overwritten already, for even the bins depend on the whole range. */
static vv_status make_levels(vv_device *dev, const vv_grid *g, vv_buf *code, vv_rest *r, vv_err *err)
{
    static const double q = 0.02;
    double dark = 0;
    vv_status s = vv_copy(dev, r->grid.level, 0, g->level, 0, (size_t)vv_grid_voxels(g) * sizeof(float), err);
    if (!s)
        s = overwrite(dev, r, code, 0, err);
    if (!s)
        s = vv_quantiles(dev, &r->grid, code, VK_REMOVE, 0, &q, 1, &dark, NULL, err);
    return s ? s : overwrite(dev, r, code, dark, err);
}

vv_status vv_rest_make(vv_device *dev, const vv_grid *g, vv_buf *code, bool negative, vv_rest *out, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    *out = (vv_rest){.grid = *g};
    out->grid.level = NULL;
    vv_status s = vv_grid_create(dev, &out->grid, err);
    if (!s)
        s = vv_buf_create(dev, n, &out->code, err);
    if (!s)
        s = make_levels(dev, g, code, out, err);
    if (!s)
        s = vv_fill(dev, out->code, 0, 0, n, err);
    if (!s)
        s = vv_window_find(dev, &out->grid, out->code, negative, &out->window, err);
    return s ? s : vv_skin_find(dev, &out->grid, out->window.tissue, out->code, err);
}

void vv_rest_release(vv_device *dev, vv_rest *r)
{
    vv_grid_release(dev, &r->grid);
    vv_buf_destroy(dev, &r->code);
}
