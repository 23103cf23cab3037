/* Cases of kernels/refill.c. */
#include "cases.h"

bool vv_case_draw(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const int voxel_bytes[] = {2, 1, 4, 3, 8, 16};
    if (variant >= 6)
        return false;
    size_t n = vv_voxels(dims), bytes = (size_t)voxel_bytes[variant];
    int count = variant == 1 ? 1 : 61;
    vk_draw_p p = {.first = (vk_i64)n,
                   .n = (int)n,
                   .bytes = (int)bytes,
                   .count = count,
                   .bits = variant == 2 ? VK_GHOST : VK_REMOVE | VK_AIRY,
                   .want = variant == 2 ? VK_GHOST : VK_REMOVE | VK_AIRY,
                   .seed = 0x9e3779b9u * (uint32_t)variant};
    c->buf[0] = vv_inout(VV_EL_U8, 2 * n * bytes, 0, 255, VV_WILD);
    c->buf[1] = vv_in(VV_EL_U8, n, 0, 255, VV_WILD);
    c->buf[2] = vv_in(VV_EL_U8, (size_t)count * bytes, 0, 255, VV_WILD);
    vv_groups_flat(c, n);
    c->bytes = (double)n * (1 + 0.25 * (double)bytes);
    VV_SET_PARAMS(c, p);
    return true;
}

/* Whole levels, so that positions at quarters of a voxel are exact in single precision. */
static void make_whole_pairs(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    float *pair = data;
    (void)c;
    for (size_t i = 0; i < count; i++) {
        uint64_t r = vv_random(state);
        pair[i] = fill == VV_FILL_ZERO ? 0.0f : (float)(int)(r % 64);
        if (fill == VV_FILL_EXTREME && r >> 60 == 0)
            pair[i] = r & 256 ? 3.0e38f : -1000.0f;
    }
}

bool vv_case_refill(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const vv_dtype types[] = {VV_DT_I16, VV_DT_I16, VV_DT_U8, VV_DT_F32, VV_DT_F64, VV_DT_RGB24, VV_DT_RGBA32};
    if (variant >= 7)
        return false;
    vv_dtype type = types[variant];
    int box[3], n[3];
    size_t voxels = vv_voxels(dims), fields = vv_atlas_box(dims, box), cells = 2;
    for (int i = 0; i < 3; i++)
        n[i] = (int)(dims[i] + 3) / 4, cells *= (size_t)n[i];
    vk_refill_p p = {.first = (vk_i64)voxels,
                     .m = {0.5f, 0, 0.25f, -1, 0, 0.5f, 0, 0.25f, 0.25f, 0, 0.5f, -0.5f},
                     .cell = {0.25f, -0.375f, 0.25f, -0.375f, 0.25f, -0.375f},
                     .face = {0.5f, 0.25f, 1, -0.5f, 0.5f, 0.5f},
                     .curve = {32, 64, 160, 96, 128, 192, 16, 224},
                     .air = 8,
                     .tissue = variant == 6 ? 8 : 72,
                     .blend = 0.0625f,
                     .edge = 0.5f,
                     .sx = (int)dims[0],
                     .sy = (int)dims[1],
                     .sz = (int)dims[2],
                     .nx = n[0],
                     .ny = n[1],
                     .nz = n[2],
                     .ax = box[0],
                     .ay = box[1],
                     .az = box[2],
                     .bx = variant == 1 ? 0 : box[0],
                     .by = box[1],
                     .bz = box[2],
                     .dtype = type,
                     .channel = type == VV_DT_RGB24    ? 1
                                : type == VV_DT_RGBA32 ? 3
                                                       : 0,
                     .bits = VK_REMOVE | VK_AIRY,
                     .want = VK_REMOVE,
                     .air_count = variant == 2 ? 0 : 37,
                     .grain_count = variant == 3 ? 0 : 19,
                     .seed = 12345};
    c->buf[0] = vv_voxel_buf(VV_INOUT, type, 2 * voxels);
    c->buf[1] = vv_in(VV_EL_U8, voxels, 0, 255, VV_WILD);
    c->buf[2] = vv_in_made(VV_EL_F32, cells, make_whole_pairs);
    c->buf[3] = vv_in_made(VV_EL_F32, 2 * fields, make_whole_pairs);
    c->buf[4] = vv_in(VV_EL_U8, 2 * fields, 0, 255, VV_WILD);
    c->buf[5] = vv_in(VV_EL_F32, 37 + 19, -20, 20, VV_TAME);
    vv_groups_rows(c, dims[0], dims[1], dims[2]);
    c->bytes = (double)voxels * 1.5 + (double)(cells + 2 * fields) * 4 + (double)fields * 2;
    VV_SET_PARAMS(c, p);
    return true;
}
