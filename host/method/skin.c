/* skin.c - tissue, head, outside, skin. */
#include "skin.h"
#include "alloc.h"
#include "launch.h"

#define CLOSE_MM 4.0 /* half the widest gap that the outside does not pass */
#define PER_GROUP 16384
enum { SCRATCH_A = 64, SCRATCH_B = 128 };

typedef struct work {
    vv_device *dev;
    const vv_grid *g;
    vv_buf *other;  /* a second code */
    vv_buf *label, *sizes;
    int32_t n;
    uint32_t rows[3];
} work;

vv_status vv_tissue_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err)
{
    vk_tissue_p p = {.n = vv_grid_voxels(g), .threshold = (float)tissue};
    return vv_launch_tissue(dev, vv_groups(p.n), 1, 1, g->level, code, &p, err);
}

/* Labels the components of the voxels with (code & bits) == want. */
static vv_status label(work *w, vv_buf *code, int bits, int want, vv_err *err)
{
    const int32_t *d = w->g->dims;
    vk_label_init_p init = {d[0], d[1], d[2], bits, want};
    vk_label_merge_p merge = {d[0], d[1], d[2]};
    vk_label_flatten_p flat = {w->n};
    vv_status s = vv_launch_label_init(w->dev, vv_groups(w->n), 1, 1, code, w->label, &init, err);
    if (!s)
        s = vv_launch_label_merge(w->dev, w->rows[0], w->rows[1], w->rows[2], w->label, &merge, err);
    if (!s)
        s = vv_launch_label_flatten(w->dev, vv_groups(w->n), 1, 1, w->label, &flat, err);
    if (!s)
        s = vv_fill(w->dev, w->sizes, 0, 0, (size_t)w->n * sizeof(uint32_t), err);
    return s;
}

static vv_status pick_largest(work *w, vv_buf *code, vv_err *err)
{
    vk_label_sizes_p sizes = {w->n, PER_GROUP};
    vk_label_pick_p pick = {w->n, -2, VK_HEAD};
    uint32_t *count = vv_malloc((size_t)w->n, sizeof *count);
    if (!count)
        return vv_fail(err, VV_E_RESOURCE, "skin", "out of memory; free some and try again");
    vv_status s = vv_launch_label_sizes(w->dev, (uint32_t)((w->n + PER_GROUP - 1) / PER_GROUP), 1, 1, w->label, w->sizes,
                                        &sizes, err);
    if (!s)
        s = vv_download(w->dev, count, w->sizes, 0, (size_t)w->n * sizeof *count, err);
    uint32_t most = 0;
    for (int32_t v = 0; !s && v < w->n; ++v)
        if (count[v] > most)
            most = count[v], pick.root = v;
    vv_free(count);
    return s ? s : vv_launch_label_pick(w->dev, vv_groups(w->n), 1, 1, w->label, code, &pick, err);
}

/* Box dilation by CLOSE_MM along all three axes, through two scratch bits. */
static vv_status dilate(work *w, vv_buf *code, int from, int to, int forbid, vv_err *err)
{
    int bits[4] = {from, SCRATCH_A, SCRATCH_B, to};
    for (int axis = 0; axis < 3; ++axis) {
        vk_dilate_p p = {w->g->dims[0], w->g->dims[1], w->g->dims[2], axis, (int32_t)(CLOSE_MM / w->g->spacing[axis] + 0.5),
                         bits[axis], bits[axis + 1], axis == 2 ? forbid : 0};
        vv_status s = vv_launch_dilate(w->dev, w->rows[0], w->rows[1], w->rows[2], code, &p, err);
        if (s)
            return s;
    }
    return VV_OK;
}

static vv_status find_outside(work *w, vv_buf *code, vv_err *err)
{
    const int32_t *d = w->g->dims;
    vk_border_flag_p border = {d[0], d[1], d[2]};
    vk_flag_pick_p far = {w->n, VK_FAR};
    vv_status s = vv_copy(w->dev, w->other, 0, code, 0, (size_t)w->n, err);
    if (!s)
        s = dilate(w, w->other, VK_HEAD, VK_THICK, 0, err);
    if (!s)
        s = label(w, w->other, VK_THICK, 0, err);
    if (!s)
        s = vv_launch_border_flag(w->dev, w->rows[0], w->rows[1], w->rows[2], w->label, w->sizes, &border, err);
    if (!s)
        s = vv_launch_flag_pick(w->dev, vv_groups(w->n), 1, 1, w->label, w->sizes, code, &far, err);
    return s ? s : dilate(w, code, VK_FAR, VK_OUTSIDE, VK_HEAD, err);
}

vv_status vv_skin_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err)
{
    work w = {.dev = dev, .g = g, .n = vv_grid_voxels(g),
              .rows = {vv_groups(g->dims[0]), (uint32_t)g->dims[1], (uint32_t)g->dims[2]}};
    vk_skin_p skin = {g->dims[0], g->dims[1], g->dims[2]};
    vv_status s = vv_buf_create(dev, (size_t)w.n, &w.other, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)w.n * sizeof(int32_t), &w.label, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)w.n * sizeof(uint32_t), &w.sizes, err);
    if (!s)
        s = vv_tissue_find(dev, g, tissue, code, err);
    if (!s)
        s = label(&w, code, VK_TISSUE, VK_TISSUE, err);
    if (!s)
        s = pick_largest(&w, code, err);
    if (!s)
        s = find_outside(&w, code, err);
    if (!s)
        s = vv_launch_skin(dev, w.rows[0], w.rows[1], w.rows[2], code, &skin, err);
    vv_buf_destroy(dev, &w.other);
    vv_buf_destroy(dev, &w.label);
    vv_buf_destroy(dev, &w.sizes);
    return s;
}
