/* Cases of kernels/pose.c. */
#include "cases.h"
#include <string.h>

bool vv_case_pack_points(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    vk_pack_points_p p = {(int)dims[0], (int)dims[1], (int)dims[2], -100.0f, 0.03125f};
    size_t n = (size_t)(dims[0] * dims[1] * dims[2]);
    c->buf[0] = vv_in(VV_EL_F32, n, -500, 3000);
    c->buf[1] = vv_out(VV_EL_U32, n);
    c->groups[0] = vv_groups_for((int64_t)n);
    c->bytes = (double)n * 8;
    memcpy(c->params, &p, sizeof p);
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

bool vv_case_pose_score(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    enum { POSES = 9, AX = 37, AY = 41, AZ = 31 };
    size_t n = (size_t)(dims[0] * dims[1] * dims[2]);
    vk_pose_score_p p = {(int)n, variant == 0 ? 1024 : 256, AX, AY, AZ};
    c->buf[0] = vv_in_made(VV_EL_U32, n, make_points);
    c->buf[1] = vv_in(VV_EL_U8, (size_t)AX * AY * AZ, 0, 255);
    c->buf[2] = vv_in(VV_EL_F32, (size_t)POSES * 12, -1.5, 1.5);
    c->buf[3] = vv_inout(VV_EL_U32, (size_t)POSES * 32 * 3, 0, 0);
    c->groups[0] = (uint32_t)(((int64_t)n + p.per_group - 1) / p.per_group);
    c->groups[1] = POSES;
    c->bytes = (double)n * POSES * 5; /* a point and an atlas voxel each */
    memcpy(c->params, &p, sizeof p);
    return variant < 2;
}
