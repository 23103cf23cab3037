/* skin.c - tissue, head, outside, skin. */
#include "skin.h"
#include "components.h"
#include "launch.h"

#define CLOSE_MM 4.0 /* half the widest gap that the outside does not pass */
enum { SCRATCH_A = 64, SCRATCH_B = 128 };

vv_status vv_tissue_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err)
{
    vk_tissue_p p = {.n = vv_grid_voxels(g), .threshold = (float)tissue};
    return vv_launch_tissue(dev, vv_groups(p.n), 1, 1, g->level, code, &p, err);
}

/* Box dilation by CLOSE_MM along all three axes, through two scratch bits. */
static vv_status dilate(vv_device *dev, const vv_grid *g, vv_buf *code, int from, int to, int forbid, vv_err *err)
{
    int bits[4] = {from, SCRATCH_A, SCRATCH_B, to};
    for (int axis = 0; axis < 3; ++axis) {
        vk_dilate_p p = {g->dims[0],
                         g->dims[1],
                         g->dims[2],
                         axis,
                         (int32_t)(CLOSE_MM / g->spacing[axis] + 0.5),
                         bits[axis],
                         bits[axis + 1],
                         axis == 2 ? forbid : 0};
        vv_status s = vv_launch_dilate(dev, vv_groups(p.nx), (uint32_t)p.ny, (uint32_t)p.nz, code, &p, err);
        if (s)
            return s;
    }
    return VV_OK;
}

/* other: a second code, overwritten. */
static vv_status find_outside(vv_device *dev, const vv_grid *g, vv_components *parts, vv_buf *other, vv_buf *code,
                              vv_err *err)
{
    vv_status s = vv_copy(dev, other, 0, code, 0, (size_t)parts->n, err);
    if (!s)
        s = dilate(dev, g, other, VK_HEAD, VK_THICK, 0, err);
    if (!s)
        s = vv_components_label(parts, other, VK_THICK, 0, err);
    if (!s)
        s = vv_components_flag_borders(parts, VK_BORDERS, err);
    if (!s)
        s = vv_components_pick_flagged(parts, code, VK_FAR, err);
    return s ? s : dilate(dev, g, code, VK_FAR, VK_OUTSIDE, VK_HEAD, err);
}

vv_status vv_skin_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err)
{
    vk_skin_p skin = {g->dims[0], g->dims[1], g->dims[2]};
    vv_components parts;
    vv_buf *other = NULL;
    vv_status s = vv_components_create(dev, g->dims, &parts, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)parts.n, &other, err);
    if (!s)
        s = vv_tissue_find(dev, g, tissue, code, err);
    if (!s)
        s = vv_components_label(&parts, code, VK_TISSUE, VK_TISSUE, err);
    if (!s)
        s = vv_components_pick_largest(&parts, code, VK_HEAD, err);
    if (!s)
        s = find_outside(dev, g, &parts, other, code, err);
    if (!s)
        s = vv_launch_skin(dev, parts.rows[0], parts.rows[1], parts.rows[2], code, &skin, err);
    vv_buf_destroy(dev, &other);
    vv_components_release(&parts);
    return s;
}
