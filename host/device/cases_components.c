/* Cases of kernels/components.c. */
#include "cases.h"

bool vv_case_tissue(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_tissue_p p = {(int)n, 400.0f};
    c->buf[0] = vv_in(VV_EL_F32, n, -1000, 3000, VV_WILD);
    c->buf[1] = vv_out(VV_EL_U8, n);
    vv_groups_flat(c, n);
    c->bytes = (double)n * 5;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

bool vv_case_label_init(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_label_init_p p = {(int)dims[0], (int)dims[1], (int)dims[2], VK_TISSUE | VK_HEAD, VK_TISSUE};
    c->buf[0] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[1] = vv_out(VV_EL_I32, n);
    vv_groups_flat(c, n);
    c->bytes = (double)n * 5;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* As vk_label_init leaves them: half of the voxels, or all. */
static void make_initial(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    int32_t *label = data;
    (void)c;
    for (size_t v = 0; v < count; v++)
        label[v] = fill == VV_FILL_ZERO || vv_random(state) >> 63 ? (int32_t)v : -1;
}

/* A chain may be longer or shorter; where it ends may not differ. A label is never above its voxel. */
static void settle_chains(void *data, size_t count)
{
    int32_t *label = data;
    for (size_t v = 0; v < count; v++)
        if (label[v] >= 0 && (size_t)label[v] < v)
            label[v] = label[label[v]];
}

bool vv_case_label_merge(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_label_merge_p p = {(int)dims[0], (int)dims[1], (int)dims[2]};
    c->buf[0] =
        (vv_case_buf){.role = VV_INOUT, .elem = VV_EL_I32, .count = n, .make = make_initial, .settle = settle_chains};
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 8;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* Chains as vk_label_merge may leave them: each label is that of a lower labelled voxel, or the voxel's own. */
static void make_chains(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    int32_t *label = data;
    (void)c;
    for (size_t v = 0; v < count; v++) {
        uint64_t r = vv_random(state);
        size_t up = r % (v + 1);
        if (fill == VV_FILL_EXTREME && v > 0)
            up = v - 1; /* long chains */
        label[v] = r >> 62 == 0 ? -1 : label[up] >= 0 && up < v ? (int32_t)up : (int32_t)v;
    }
}

bool vv_case_label_flatten(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_label_flatten_p p = {(int)n};
    c->buf[0] = (vv_case_buf){.role = VV_INOUT, .elem = VV_EL_I32, .count = n, .make = make_chains};
    vv_groups_flat(c, n);
    c->bytes = (double)n * 8;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* Flattened labels: long runs of a few, with strays. */
static void make_flat(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    int32_t *label = data;
    (void)c;
    for (size_t v = 0; v < count; v++) {
        uint64_t r = vv_random(state);
        size_t of = r % 8 == 0 ? r % (v + 1) : v / 700 * 700;
        label[v] = fill == VV_FILL_ZERO ? 0 : r >> 61 == 0 ? -1 : (int32_t)of;
    }
}

bool vv_case_label_sizes(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_label_sizes_p p = {(int)n, variant == 0 ? 16384 : 300};
    c->buf[0] = vv_in_made(VV_EL_I32, n, make_flat);
    c->buf[1] = vv_counts(n);
    vv_groups_shares(c, n, p.per_group);
    c->bytes = (double)n * 4;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

bool vv_case_label_pick(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_label_pick_p p = {(int)n, 0, VK_HEAD};
    c->buf[0] = vv_in_made(VV_EL_I32, n, make_flat);
    c->buf[1] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    vv_groups_flat(c, n);
    c->bytes = (double)n * 4;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

bool vv_case_border_flag(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_border_flag_p p = {(int)dims[0], (int)dims[1], (int)dims[2],
                          variant == 0 ? VK_BORDERS : VK_BORDER_X1 | VK_BORDER_Y0};
    c->buf[0] = vv_in_made(VV_EL_I32, n, make_flat);
    c->buf[1] = vv_counts(n);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 4;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

bool vv_case_flag_pick(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_flag_pick_p p = {(int)n, VK_FAR};
    c->buf[0] = vv_in_made(VV_EL_I32, n, make_flat);
    c->buf[1] = vv_in(VV_EL_U32, n, 0, 1, VV_WILD);
    c->buf[2] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    vv_groups_flat(c, n);
    c->bytes = (double)n * 10;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* One variant per axis. */
bool vv_case_dilate(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_dilate_p p = {(int)dims[0], (int)dims[1], (int)dims[2], variant, 3, VK_FAR, VK_OUTSIDE, VK_HEAD};
    c->buf[0] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 2;
    VV_SET_PARAMS(c, p);
    return variant < 3;
}
