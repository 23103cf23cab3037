/* Cases of kernels/voxels.c. */
#include "cases.h"

/* Variant 0 is the usual one: int16 in blocks of 2 x 2 x 2, added to what is there. Then blocks of odd shape, then each
 * stored type in blocks of one voxel, where the result is the voxel itself. */
bool vv_case_coarsen(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const vv_dtype types[] = {VV_DT_I16, VV_DT_F32, VV_DT_U8,  VV_DT_U8,    VV_DT_I8,
                                     VV_DT_U16, VV_DT_I16, VV_DT_U32, VV_DT_I32,   VV_DT_U64,
                                     VV_DT_I64, VV_DT_F32, VV_DT_F64, VV_DT_RGB24, VV_DT_RGBA32};
    static const int blocks[][3] = {{2, 2, 2}, {3, 1, 2}, {4, 4, 4}};
    enum { TYPES = sizeof types / sizeof types[0], BLOCKS = 3 };
    if (variant >= TYPES)
        return false;
    int f[3] = {1, 1, 1}, n[3];
    for (int i = 0; i < 3; i++) {
        if (variant < BLOCKS)
            f[i] = blocks[variant][i] < dims[i] ? blocks[variant][i] : (int)dims[i];
        n[i] = (int)dims[i] / f[i];
    }
    size_t voxels = vv_voxels(dims);
    vk_coarsen_p p = {.first = (vk_i64)voxels,
                      .sx = (int)dims[0],
                      .sy = (int)dims[1],
                      .sz = (int)dims[2],
                      .nx = n[0],
                      .ny = n[1],
                      .nz = n[2],
                      .fx = f[0],
                      .fy = f[1],
                      .fz = f[2],
                      .dtype = types[variant],
                      .slope = 1,
                      .weight = 1};
    size_t out = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    c->buf[0] = vv_voxel_buf(VV_IN, types[variant], 2 * voxels);
    c->buf[1] = vv_out(VV_EL_F32, out);
    if (variant < BLOCKS) {
        p.slope = 0.5f;
        p.inter = -3.0f;
        p.weight = 0.25f;
    }
    if (variant == 0) {
        p.add = 1;
        c->buf[1] = vv_inout(VV_EL_F32, out, -500, 500, VV_WILD);
    }
    vv_groups_rows(c, n[0], n[1], n[2]);
    c->bytes = (double)voxels * 2 + (double)out * (p.add ? 8 : 4);
    VV_SET_PARAMS(c, p);
    return true;
}

bool vv_case_range(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_range_p p = {(int)n, variant == 0 ? 16384 : 300};
    vv_groups_shares(c, n, p.per_group);
    c->buf[0] = vv_in(VV_EL_F32, n, -1000, 3000, VV_FINITE);
    c->buf[1] = vv_out(VV_EL_F32, 2 * c->groups[0]);
    c->bytes = (double)n * 4;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

bool vv_case_histogram(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_histogram_p p = {(int)n, variant == 0 ? 16384 : 300, variant == 0 ? 0 : 3, variant == 0 ? 0 : 1, -100.0f, 0.5f};
    c->buf[0] = vv_in(VV_EL_F32, n, -200, 2200, VV_WILD);
    c->buf[1] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[2] = vv_counts(1024);
    vv_groups_shares(c, n, p.per_group);
    c->bytes = (double)n * 5;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}
