/* components.c - connected pieces of a grid. */
#include "components.h"
#include "alloc.h"
#include "grid.h"
#include "launch.h"

#define PER_GROUP 16384

vv_status vv_components_create(vv_device *dev, const int32_t dims[3], vv_components *out, vv_err *err)
{
    *out = (vv_components){.dev = dev,
                           .dims = {dims[0], dims[1], dims[2]},
                           .n = dims[0] * dims[1] * dims[2],
                           .rows = {vv_groups(dims[0]), (uint32_t)dims[1], (uint32_t)dims[2]}};
    vv_status s = vv_buf_create(dev, (size_t)out->n * sizeof(int32_t), &out->label, err);
    if (!s)
        s = vv_buf_create(dev, (size_t)out->n * sizeof(uint32_t), &out->sizes, err);
    return s;
}

void vv_components_release(vv_components *c)
{
    vv_buf_destroy(c->dev, &c->label);
    vv_buf_destroy(c->dev, &c->sizes);
}

vv_status vv_components_label(vv_components *c, vv_buf *code, int bits, int want, vv_err *err)
{
    vk_label_init_p init = {c->dims[0], c->dims[1], c->dims[2], bits, want};
    vk_label_merge_p merge = {c->dims[0], c->dims[1], c->dims[2]};
    vk_label_flatten_p flat = {c->n};
    vv_status s = vv_launch_label_init(c->dev, vv_groups(c->n), 1, 1, code, c->label, &init, err);
    if (!s)
        s = vv_launch_label_merge(c->dev, c->rows[0], c->rows[1], c->rows[2], c->label, &merge, err);
    return s ? s : vv_launch_label_flatten(c->dev, vv_groups(c->n), 1, 1, c->label, &flat, err);
}

static vv_status clear_sizes(vv_components *c, vv_err *err)
{
    return vv_fill(c->dev, c->sizes, 0, 0, (size_t)c->n * sizeof(uint32_t), err);
}

vv_status vv_components_pick_largest(vv_components *c, vv_buf *code, int bit, vv_err *err)
{
    vk_label_sizes_p sizes = {c->n, PER_GROUP};
    vk_label_pick_p pick = {c->n, -2, bit}; /* a label that no voxel has */
    uint32_t *count = vv_malloc((size_t)c->n, sizeof *count), most = 0;
    vv_status s = count ? clear_sizes(c, err)
                        : vv_fail(err, VV_E_RESOURCE, "components", "out of memory; free some and try again");
    if (!s)
        s = vv_launch_label_sizes(c->dev, (uint32_t)((c->n + PER_GROUP - 1) / PER_GROUP), 1, 1, c->label, c->sizes,
                                  &sizes, err);
    if (!s)
        s = vv_download(c->dev, count, c->sizes, 0, (size_t)c->n * sizeof *count, err);
    for (int32_t v = 0; !s && v < c->n; ++v)
        if (count[v] > most)
            most = count[v], pick.root = v;
    vv_free(count);
    return s ? s : vv_launch_label_pick(c->dev, vv_groups(c->n), 1, 1, c->label, code, &pick, err);
}

vv_status vv_components_flag_borders(vv_components *c, int borders, vv_err *err)
{
    vk_border_flag_p p = {c->dims[0], c->dims[1], c->dims[2], borders};
    vv_status s = clear_sizes(c, err);
    return s ? s : vv_launch_border_flag(c->dev, c->rows[0], c->rows[1], c->rows[2], c->label, c->sizes, &p, err);
}

vv_status vv_components_pick_flagged(vv_components *c, vv_buf *code, int bit, vv_err *err)
{
    vk_flag_pick_p p = {c->n, bit};
    return vv_launch_flag_pick(c->dev, vv_groups(c->n), 1, 1, c->label, c->sizes, code, &p, err);
}
