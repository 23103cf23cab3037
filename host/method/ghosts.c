/* ghosts.c - wrapped-around parts of the face. */
#include "ghosts.h"
#include "alloc.h"
#include "components.h"
#include "launch.h"
#include <string.h>

#define CUT_LEAST 40.0 /* mm^2 of tissue to be removed on a border: the face goes on beyond it */

/* Borders (VK_BORDER_*) opposite to those that cut through what is to be removed. */
static int opposite_borders(const vv_grid *g, const uint8_t *code)
{
    const int32_t *d = g->dims;
    int64_t on[6] = {0};
    size_t v = 0;
    for (int z = 0; z < d[2]; ++z)
        for (int y = 0; y < d[1]; ++y)
            for (int x = 0; x < d[0]; ++x, ++v) {
                if ((code[v] & (VK_HEAD | VK_REMOVE)) != (VK_HEAD | VK_REMOVE))
                    continue;
                on[0] += x == 0, on[1] += x == d[0] - 1;
                on[2] += y == 0, on[3] += y == d[1] - 1;
                on[4] += z == 0, on[5] += z == d[2] - 1;
            }
    int borders = 0;
    for (int b = 0; b < 6; ++b) {
        double voxel = g->spacing[(b / 2 + 1) % 3] * g->spacing[(b / 2 + 2) % 3];
        borders |= (double)on[b] * voxel >= CUT_LEAST ? 1 << (b ^ 1) : 0;
    }
    return borders;
}

/* mark = 1 for each flagged piece and its neighbours, corners too. Returns the voxels of the pieces. */
static int64_t thicken(const vv_grid *g, const int32_t *label, const uint32_t *flags, uint8_t *mark)
{
    const int32_t *d = g->dims;
    int64_t voxels = 0;
    size_t v = 0;
    memset(mark, 0, (size_t)vv_grid_voxels(g));
    for (int z = 0; z < d[2]; ++z)
        for (int y = 0; y < d[1]; ++y)
            for (int x = 0; x < d[0]; ++x, ++v) {
                if (label[v] < 0 || !flags[label[v]])
                    continue;
                ++voxels;
                for (int c = z > 0 ? z - 1 : z; c <= z + 1 && c < d[2]; ++c)
                    for (int b = y > 0 ? y - 1 : y; b <= y + 1 && b < d[1]; ++b)
                        for (int a = x > 0 ? x - 1 : x; a <= x + 1 && a < d[0]; ++a)
                            mark[((size_t)c * (size_t)d[1] + (size_t)b) * (size_t)d[0] + (size_t)a] = 1;
            }
    return voxels;
}

/* The pieces in the air on `borders`, on the host: which label each voxel has, and which labels are ghosts. */
static vv_status label_air(vv_device *dev, const vv_grid *g, vv_buf *code, int borders, int32_t *label, uint32_t *flags,
                           vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    vv_components parts;
    vv_status s = vv_components_create(dev, g->dims, &parts, err);
    if (!s)
        s = vv_components_label(&parts, code, VK_TISSUE | VK_HEAD, VK_TISSUE, err);
    if (!s)
        s = vv_components_flag_borders(&parts, borders, err);
    if (!s)
        s = vv_download(dev, label, parts.label, 0, n * sizeof *label, err);
    if (!s)
        s = vv_download(dev, flags, parts.sizes, 0, n * sizeof *flags, err);
    vv_components_release(&parts);
    return s;
}

vv_status vv_ghosts_find(vv_device *dev, const vv_grid *g, vv_buf *code, vv_buf **mark, double *volume, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    uint8_t *bytes = vv_malloc(n, 1);
    int32_t *label = NULL;
    uint32_t *flags = NULL;
    *mark = NULL;
    *volume = 0;
    vv_status s = bytes ? vv_download(dev, bytes, code, 0, n, err)
                        : vv_fail(err, VV_E_RESOURCE, "ghosts", "out of memory; free some and try again");
    int borders = s ? 0 : opposite_borders(g, bytes);
    if (borders) {
        label = vv_malloc(n, sizeof *label);
        flags = vv_malloc(n, sizeof *flags);
        s = label && flags ? label_air(dev, g, code, borders, label, flags, err)
                           : vv_fail(err, VV_E_RESOURCE, "ghosts", "out of memory; free some and try again");
        int64_t voxels = s ? 0 : thicken(g, label, flags, bytes);
        *volume = (double)voxels * g->spacing[0] * g->spacing[1] * g->spacing[2];
        if (voxels > 0) {
            s = vv_buf_create(dev, n, mark, err);
            if (!s)
                s = vv_upload(dev, *mark, 0, bytes, n, err);
        }
    }
    vv_free(bytes);
    vv_free(label);
    vv_free(flags);
    return s;
}

vv_status vv_ghosts_add(vv_device *dev, const vv_grid *g, const int32_t dims[3], vv_buf *mark, vv_buf *code,
                        uint32_t *added, vv_err *err)
{
    vk_spread_mask_p p = {dims[0],      dims[1],    dims[2],    g->factor[0], g->factor[1],
                          g->factor[2], g->dims[0], g->dims[1], g->dims[2]};
    vv_buf *count = NULL;
    vv_status s = vv_buf_create(dev, sizeof *added, &count, err);
    if (!s)
        s = vv_fill(dev, count, 0, 0, sizeof *added, err);
    if (!s)
        s = vv_launch_spread_mask(dev, vv_groups(dims[0]), (uint32_t)dims[1], (uint32_t)dims[2], mark, code, count, &p,
                                  err);
    if (!s)
        s = vv_download(dev, added, count, 0, sizeof *added, err);
    vv_buf_destroy(dev, &count);
    return s;
}
