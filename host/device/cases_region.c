/* Cases of kernels/region.c and kernels/rewrite.c. */
#include "cases.h"

/* A ball with a little noise at voxel `at` of a box: what a signed distance looks like, times 4. Fields lie side by
 * side. */
static int ball(const int box[3], size_t at, int field, uint64_t r)
{
    int p[3] = {(int)at % box[0], (int)at / box[0] % box[1], (int)at / box[0] / box[1]};
    int d2 = 0, radius = box[0] / 3 + 1;
    for (int k = 0; k < 3; k++) {
        int d = p[k] - box[k] / 2 + (k == 1 ? (field - 2) * radius / 2 : 0);
        d2 += d * d;
    }
    int v = 4 * (radius * radius - d2) / radius + (int)(r % 5) - 2;
    return v < -127 ? -127 : v > 127 ? 127 : v;
}

static void make_fields(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    int8_t *fields = data;
    int box[3];
    size_t one = vv_atlas_box(c->dims, box);
    for (size_t i = 0; i < count; i++) {
        uint64_t r = vv_random(state);
        fields[i] = (int8_t)(fill == VV_FILL_ZERO ? 0 : ball(box, i % one, (int)(i / one), r));
        if (fill == VV_FILL_EXTREME)
            fields[i] = (int8_t)(uint8_t)(r >> 56);
    }
}

static void make_pairs(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    float *pair = data;
    int box[3];
    vv_atlas_box(c->dims, box);
    for (size_t i = 0; i < count; i++) {
        uint64_t r = vv_random(state);
        pair[i] = fill == VV_FILL_ZERO ? 0.0f : 0.25f * (float)ball(box, i / 2, i % 2 ? 0 : 4, r);
        if (fill == VV_FILL_EXTREME && r % 16 == 0)
            pair[i] = r & 256 ? 1000.0f : -1000.0f;
    }
}

bool vv_case_combine_fields(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    int box[3];
    size_t atlas = vv_atlas_box(dims, box);
    vk_combine_fields_p p = {.n = (int)atlas, .regions = 1 << VK_FIELD_FACE | 1 << VK_FIELD_EARS, .guard = 3.0f};
    if (variant == 1)
        p.regions = 1 << VK_FIELD_EYES | 1 << VK_FIELD_TEETH, p.where = VK_IN_HEAD;
    else if (variant == 2)
        p.regions = 0;
    else if (variant == 3)
        p.where = VK_OFF_HEAD;
    c->buf[0] = vv_in_made(VV_EL_I8, VK_FIELDS * atlas, make_fields);
    c->buf[1] = vv_out(VV_EL_F32, 2 * atlas);
    vv_groups_flat(c, atlas);
    c->bytes = (double)atlas * (VK_FIELDS + 8);
    VV_SET_PARAMS(c, p);
    return variant < 4;
}

bool vv_case_region_mask(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    /* Variant 0 is a pose like any other; variant 1 moves by quarters of a voxel, exact in single precision. */
    static const float pose[2][12] = {
        {0.61f, 0.02f, -0.01f, -1.7f, -0.03f, 0.57f, 0.04f, 2.3f, 0.01f, 0.02f, 0.63f, -0.9f},
        {0.5f, 0.0f, -0.25f, 3.0f, 0.25f, 0.5f, 0.0f, -1.25f, 0.0f, -0.25f, 0.75f, 2.0f}};
    int box[3];
    size_t n = vv_voxels(dims), atlas = vv_atlas_box(dims, box);
    vk_region_mask_p p = {.nx = (int)dims[0],
                          .ny = (int)dims[1],
                          .nz = (int)dims[2],
                          .ax = box[0],
                          .ay = box[1],
                          .az = box[2],
                          .keep = 31,
                          .bit = variant ? VK_AIRY : VK_REMOVE};
    if (variant >= 2)
        return false;
    memcpy(p.m, pose[variant], sizeof p.m);
    c->buf[0] = vv_in_made(VV_EL_F32, 2 * atlas, make_pairs);
    c->buf[1] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[2] = vv_counts(2);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 2;
    VV_SET_PARAMS(c, p);
    return true;
}

bool vv_case_spread_mask(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    /* blocks of three shapes; the last leaves voxels past the last block */
    static const int block[3][3] = {{1, 1, 1}, {2, 2, 2}, {3, 2, 4}};
    if (variant >= 3)
        return false;
    vk_spread_mask_p p = {.nx = (int)dims[0], .ny = (int)dims[1], .nz = (int)dims[2]};
    vk_i32 *factor[3] = {&p.fx, &p.fy, &p.fz}, *coarse[3] = {&p.cx, &p.cy, &p.cz};
    for (int a = 0; a < 3; a++) {
        *factor[a] = block[variant][a] <= dims[a] ? block[variant][a] : (int)dims[a];
        *coarse[a] = (int)dims[a] / *factor[a];
    }
    size_t n = vv_voxels(dims);
    c->buf[0] = vv_in(VV_EL_U8, (size_t)p.cx * (size_t)p.cy * (size_t)p.cz, 0, 1, VV_WILD);
    c->buf[1] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[2] = vv_counts(1);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 2;
    VV_SET_PARAMS(c, p);
    return true;
}

static const int voxel_bytes[] = {2, 1, 4, 3, 8, 16};
enum { SIZES = sizeof voxel_bytes / sizeof voxel_bytes[0] };

bool vv_case_fill_mask(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    if (variant >= SIZES)
        return false;
    size_t n = vv_voxels(dims), bytes = (size_t)voxel_bytes[variant];
    vk_fill_mask_p p = {(vk_i64)n, (int)n, (int)bytes, {0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210}};
    c->buf[0] = vv_inout(VV_EL_U8, 2 * n * bytes, 0, 255, VV_WILD);
    c->buf[1] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    vv_groups_flat(c, n);
    c->bytes = (double)n * (1 + (double)bytes / 2); /* every code; half of the voxels are written */
    VV_SET_PARAMS(c, p);
    return true;
}

/* The same bytes for both buffers of a comparison, but for one in 64 in the one that has `odd` set. */
static void make_compared(void *data, size_t count, vv_fill_kind fill, int odd)
{
    uint64_t state = 77;
    for (size_t i = 0; i < count; i++) {
        uint64_t r = vv_random(&state);
        uint8_t v = fill == VV_FILL_ZERO ? 0 : (uint8_t)r;
        ((uint8_t *)data)[i] = odd && (r >> 32) % 64 == 0 ? (uint8_t)(v ^ 0x80) : v;
    }
}
static void make_before(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    (void)c, (void)state;
    make_compared(data, count, fill, 0);
}
static void make_after(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    (void)c, (void)state;
    make_compared(data, count, fill, 1);
}

bool vv_case_compare(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    if (variant >= SIZES)
        return false;
    size_t n = vv_voxels(dims), bytes = (size_t)voxel_bytes[variant];
    vk_compare_p p = {.first_a = (vk_i64)n,
                      .first_b = variant == 1 ? 0 : (vk_i64)n,
                      .n = (int)n,
                      .bytes = (int)bytes,
                      .per_group = variant == 0 ? 16384 : 300};
    c->buf[0] = vv_in_made(VV_EL_U8, 2 * n * bytes, make_before);
    c->buf[1] = vv_in_made(VV_EL_U8, 2 * n * bytes, make_after);
    c->buf[2] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[3] = vv_counts(3);
    vv_groups_shares(c, n, p.per_group);
    c->bytes = (double)n * (1 + 2 * (double)bytes);
    VV_SET_PARAMS(c, p);
    return true;
}
