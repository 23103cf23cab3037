/* Cases of kernels/surface.c and kernels/render.c. */
#include "cases.h"

bool vv_case_skin(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_skin_p p = {(int)dims[0], (int)dims[1], (int)dims[2]};
    c->buf[0] = vv_inout(VV_EL_U8, n, 0, 255, VV_WILD);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n * 2;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* One voxel in 16 is air, so that some tissue has none beside it. */
static void make_dense(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    (void)c;
    for (size_t v = 0; v < count; v++) {
        uint64_t r = vv_random(state);
        ((uint8_t *)data)[v] =
            (uint8_t)((r & ~(uint64_t)VK_TISSUE) | (fill != VV_FILL_ZERO && r >> 60 == 0 ? 0 : VK_TISSUE));
    }
}

bool vv_case_residual(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    size_t n = vv_voxels(dims);
    vk_residual_p p = {.m = {0.5f, 0, 0, -3, 0, 0.75f, 0.25f, -2, 0, 0, 0.5f, 1},
                       .nx = (int)dims[0],
                       .ny = (int)dims[1],
                       .nz = (int)dims[2],
                       .near_x = 1,
                       .near_y = variant,
                       .near_z = 1};
    for (int k = 0; k < VK_LANDMARKS; k++) {
        p.centre[4 * k] = (float)(k * 3);
        p.centre[4 * k + 1] = (float)(k * 2 - 4);
        p.centre[4 * k + 2] = (float)k;
        p.centre[4 * k + 3] = (float)(2 * k + 1);
    }
    c->buf[0] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[1] = vv_in_made(VV_EL_U8, n, make_dense);
    c->buf[2] = vv_counts(2 * VK_LANDMARKS);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)n; /* the spheres are small: `before` is what is read */
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

/* Whole numbers, so that interpolating at quarters of a voxel is exact in single precision. */
static void make_levels(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    static const float wild[] = {__builtin_inff(), -__builtin_inff(), __builtin_nanf(""), 3e38f, -3e38f, 1e-42f};
    float *level = data;
    (void)c;
    for (size_t v = 0; v < count; v++) {
        uint64_t r = vv_random(state);
        level[v] = fill == VV_FILL_ZERO ? 0.0f : (float)(int)(r % 512);
        if (fill == VV_FILL_EXTREME && r >> 61 == 0)
            level[v] = wild[(r >> 32) % 6];
    }
}

bool vv_case_render(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    int width = (int)dims[0] + 3, height = (int)dims[1];
    vk_render_p p = {.m = {1, 0, 0.25f, -1, 0, 1, -0.25f, 0.5f, 0, 0.25f, 0.5f, -1},
                     .nx = (int)dims[0],
                     .ny = (int)dims[1],
                     .nz = (int)dims[2],
                     .width = width,
                     .height = height,
                     .steps = 2 * (int)dims[2] + 4,
                     .threshold = variant == 0 ? 400.25f : 100.25f,
                     .air = -5.0f,
                     .shade_x = 1.0f,
                     .shade_y = 1.5f,
                     .shade_z = 2.0f,
                     .light = {0.6f, 0.0f, -0.8f}};
    c->buf[0] = vv_in_made(VV_EL_F32, vv_voxels(dims), make_levels);
    c->buf[1] = vv_out(VV_EL_U8, (size_t)width * (size_t)height);
    vv_groups_rows(c, width, height, 1);
    c->bytes = (double)vv_voxels(dims) * 4; /* at most: a ray stops at the surface */
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

bool vv_case_slice(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const vv_dtype types[] = {VV_DT_I16, VV_DT_U8, VV_DT_F32};
    if (variant >= 3)
        return false;
    int width = (int)dims[0] + 5, height = (int)dims[1] + 2;
    size_t n = vv_voxels(dims);
    vk_slice_p p = {.first = (vk_i64)n,
                    .m = {1, 0, 0, -2, 0, 1, 0, -0.75f, 0, 0.25f, 0, 0.25f},
                    .nx = (int)dims[0],
                    .ny = (int)dims[1],
                    .nz = (int)dims[2],
                    .width = width,
                    .height = height,
                    .dtype = types[variant],
                    .slope = 0.5f,
                    .inter = 10.0f,
                    .lo = -5.0f,
                    .scale = 0.25f};
    c->buf[0] = vv_voxel_buf(VV_IN, types[variant], 2 * n);
    c->buf[1] = vv_out(VV_EL_U8, (size_t)width * (size_t)height);
    vv_groups_rows(c, width, height, 1);
    c->bytes = (double)width * height * 3;
    VV_SET_PARAMS(c, p);
    return true;
}

bool vv_case_depth(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    int width = (int)dims[0] + 3, height = (int)dims[1] + 1;
    vk_depth_p p = {.m = {1, 0, 0.25f, -1, 0, 1, -0.25f, 0.5f, 0, 0.25f, 0.5f, -1},
                    .nx = (int)dims[0],
                    .ny = (int)dims[1],
                    .nz = (int)dims[2],
                    .width = width,
                    .height = height,
                    .steps = 2 * (int)dims[2] + 4,
                    .threshold = variant == 0 ? 300.25f : 100.25f,
                    .air = -5.0f,
                    .bit = VK_HEAD};
    c->buf[0] = vv_in_made(VV_EL_F32, vv_voxels(dims), make_levels);
    c->buf[1] = vv_in(VV_EL_U8, vv_voxels(dims), 0, 255, VV_WILD);
    c->buf[2] = vv_out(VV_EL_F32, (size_t)width * (size_t)height);
    vv_groups_rows(c, width, height, 1);
    c->bytes = (double)vv_voxels(dims) * 5; /* at most: a ray stops at the surface */
    VV_SET_PARAMS(c, p);
    return variant < 2;
}
