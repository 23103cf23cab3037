/* Cases of kernels/pose.c. */
#include "cases.h"

bool vv_case_pack_points(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    vk_pack_points_p p = {(int)dims[0], (int)dims[1], (int)dims[2], -100.0f, 0.03125f};
    size_t n = vv_voxels(dims);
    c->buf[0] = vv_in(VV_EL_F32, n, -500, 3000, VV_WILD);
    c->buf[1] = vv_out(VV_EL_U32, n);
    vv_groups_flat(c, n);
    c->bytes = (double)n * 8;
    VV_SET_PARAMS(c, p);
    return variant == 0;
}

/* Every voxel of the shape once, with some level. */
static void make_points(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    uint32_t *points = data;
    for (size_t v = 0; v < count; v++) {
        size_t nx = (size_t)c->dims[0], ny = (size_t)c->dims[1];
        uint32_t x = (uint32_t)(v % nx), y = (uint32_t)(v / nx % ny), z = (uint32_t)(v / nx / ny);
        uint32_t q = fill == VV_FILL_ZERO ? 0 : (uint32_t)(vv_random(state) >> 58);
        points[v] = (x & 511) | (y & 511) << 9 | (z & 255) << 18 | q << 26;
    }
}

/* Poses in quarters of a voxel, so that the positions are exact in single precision; extremes are not. */
static void make_poses(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state)
{
    static const float wild[] = {__builtin_inff(), -__builtin_inff(), __builtin_nanf(""), 3e38f, -1e30f, 1e-42f};
    float *m = data;
    (void)c;
    for (size_t i = 0; i < count; i++) {
        uint64_t r = vv_random(state);
        m[i] = fill == VV_FILL_ZERO ? 0.0f : ((float)(int)(r % 13) - 6.0f) * 0.25f;
        if (fill == VV_FILL_EXTREME && r >> 60 == 0)
            m[i] = wild[(r >> 32) % 6];
    }
}

bool vv_case_pose_score(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    enum { POSES = 9 };
    int box[3];
    size_t n = vv_voxels(dims), atlas = vv_atlas_box(dims, box);
    vk_pose_score_p p = {(int)n, variant == 0 ? 1024 : 256, box[0], box[1], box[2]};
    c->buf[0] = vv_in_made(VV_EL_U32, n, make_points);
    c->buf[1] = vv_in(VV_EL_U8, atlas, 0, 255, VV_WILD);
    c->buf[2] = vv_in_made(VV_EL_F32, (size_t)POSES * 12, make_poses);
    c->buf[3] = vv_counts((size_t)POSES * 32 * 3);
    vv_groups_shares(c, n, p.per_group);
    c->groups[1] = POSES;
    c->bytes = (double)n * POSES * 5; /* a point and an atlas voxel each */
    VV_SET_PARAMS(c, p);
    return variant < 2;
}
