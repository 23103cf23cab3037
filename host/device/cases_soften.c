/* Cases of kernels/soften.c. */
#include "cases.h"

bool vv_case_kept_mean(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const vv_dtype types[] = {VV_DT_I16, VV_DT_F32, VV_DT_RGB24, VV_DT_RGBA32, VV_DT_F64};
    if (variant >= 5)
        return false;
    int f[3], n[3];
    for (int i = 0; i < 3; i++) {
        f[i] = dims[i] >= 2 + variant % 2 ? 2 + variant % 2 : 1;
        n[i] = (int)dims[i] / f[i];
    }
    size_t voxels = vv_voxels(dims), cells = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    vk_kept_mean_p p = {.first = (vk_i64)voxels,
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
                        .air = 17.0f,
                        .channel = types[variant] == VV_DT_RGB24    ? 1
                                   : types[variant] == VV_DT_RGBA32 ? 3
                                                                    : 0};
    c->buf[0] = vv_voxel_buf(VV_IN, types[variant], 2 * voxels);
    c->buf[1] = vv_in(VV_EL_U8, voxels, 0, 255, VV_WILD);
    c->buf[2] = vv_out(VV_EL_F32, 2 * cells);
    vv_groups_rows(c, n[0], n[1], n[2]);
    c->bytes = (double)voxels * 3 + (double)cells * 8;
    VV_SET_PARAMS(c, p);
    return true;
}

/* Cells as vk_kept_mean and vk_pull leave them: a finite sum, a weight 0..1. */
static void make_cells(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    static const float large[] = {3.4e38f, -3.4e38f, 1e-42f, -0.0f, 1.5e38f};
    float *cell = data;
    (void)c;
    for (size_t i = 0; i + 1 < count; i += 2) {
        uint64_t r = vv_random(state);
        cell[i] = fill == VV_FILL_ZERO ? 0.0f : (float)(int)(r % 4000) * 0.25f;
        if (fill == VV_FILL_EXTREME && (r >> 60) == 0)
            cell[i] = large[(r >> 32) % 5];
        cell[i + 1] = fill == VV_FILL_ZERO ? 0.0f : (float)(int)((r >> 16) % 9) * 0.125f;
    }
}

bool vv_case_pull(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    int n[3];
    for (int i = 0; i < 3; i++)
        n[i] = (int)(dims[i] + 1) / 2;
    size_t fine = 2 * vv_voxels(dims), coarse = 2 * (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    vk_pull_p p = {(int)dims[0], (int)dims[1], (int)dims[2], n[0], n[1], n[2]};
    c->buf[0] = vv_in_made(VV_EL_F32, fine, make_cells);
    c->buf[1] = vv_out(VV_EL_F32, coarse);
    vv_groups_rows(c, n[0], n[1], n[2]);
    c->bytes = (double)(fine + coarse) * 4;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* Variant 0 fills from a coarser level, variant 1 is the top. */
bool vv_case_push(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    int n[3];
    for (int i = 0; i < 3; i++)
        n[i] = variant == 0 ? (int)(dims[i] + 1) / 2 : 0;
    size_t cells = 2 * vv_voxels(dims), coarse = variant == 0 ? 2 * (size_t)n[0] * (size_t)n[1] * (size_t)n[2] : 2;
    vk_push_p p = {(int)dims[0], (int)dims[1], (int)dims[2], n[0], n[1], n[2]};
    c->buf[0] = (vv_case_buf){.role = VV_INOUT, .elem = VV_EL_F32, .count = cells, .make = make_cells};
    c->buf[1] = vv_in_made(VV_EL_F32, coarse, make_cells);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)cells * 8 + (double)coarse * 4;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

bool vv_case_soften(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const vv_dtype types[] = {VV_DT_I16, VV_DT_U8,  VV_DT_I8,  VV_DT_U16, VV_DT_U32,   VV_DT_I32,
                                     VV_DT_U64, VV_DT_I64, VV_DT_F32, VV_DT_F64, VV_DT_RGB24, VV_DT_RGBA32};
    if (variant >= 12)
        return false;
    vv_dtype type = types[variant];
    int n[3];
    for (int i = 0; i < 3; i++)
        n[i] = (int)(dims[i] + 3) / 4;
    size_t voxels = vv_voxels(dims), cells = 2 * (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    vk_soften_p p = {.first = (vk_i64)voxels,
                     .sx = (int)dims[0],
                     .sy = (int)dims[1],
                     .sz = (int)dims[2],
                     .nx = n[0],
                     .ny = n[1],
                     .nz = n[2],
                     .dtype = type,
                     .channel = type == VV_DT_RGB24    ? 2
                                : type == VV_DT_RGBA32 ? 1
                                                       : 0};
    for (int i = 0; i < 3; i++) {
        p.m[i * 4 + i] = 0.25f;
        p.m[i * 4 + 3] = -0.375f;
    }
    c->buf[0] = vv_voxel_buf(VV_INOUT, type, 2 * voxels);
    c->buf[1] = vv_in(VV_EL_U8, voxels, 0, 255, VV_WILD);
    c->buf[2] = vv_in_made(VV_EL_F32, cells, make_cells);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)voxels * 2 + (double)cells * 4; /* every code, half of the int16 voxels, the cells */
    VV_SET_PARAMS(c, p);
    return true;
}
