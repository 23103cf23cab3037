/* Cases of kernels/network.c. */
#include "cases.h"

bool vv_case_network_input(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    /* quarters of a voxel, so that the positions are exact in single precision; the cube reaches out of the grid */
    vk_network_input_p p = {.m = {0.5f, 0.25f, 0, -2, -0.25f, 0.5f, 0, 3, 0, 0, 0.75f, -1.25f},
                            .nx = (int)dims[0],
                            .ny = (int)dims[1],
                            .nz = (int)dims[2],
                            .size = variant == 0 ? 32 : 5,
                            .lo = -64.0f,
                            .scale = 0.03125f};
    size_t out = 8 * (size_t)(p.size * p.size * p.size);
    c->buf[0] = vv_in(VV_EL_F32, vv_voxels(dims), -500, 3000, VV_WILD);
    c->buf[1] = vv_out(VV_EL_U8, out);
    vv_groups_flat(c, out / 8);
    c->bytes = (double)out * 5;
    VV_SET_PARAMS(c, p);
    return variant < 2;
}

/* What is most usual in the network first; then a stride, an addition, the last layer. */
bool vv_case_conv3d(const int64_t dims[3], int variant, vv_kernel_case *c)
{
    static const struct {
        int in, out, size, stride, add, last;
    } layers[] = {{32, 32, 3, 1, 0, 0}, {8, 16, 3, 2, 0, 0}, {64, 64, 3, 1, 1, 0}, {32, 8, 1, 1, 0, 1}};
    enum { LAYERS = sizeof layers / sizeof layers[0], MOST = 12 };
    if (variant >= LAYERS)
        return false;
    int n[3];
    for (int a = 0; a < 3; a++) {
        int side = (int)((dims[a] + 3) / 4);
        n[a] = side < MOST ? side : MOST;
        n[a] = layers[variant].add ? 2 * ((n[a] + 1) / 2) : n[a];
    }
    int stride = layers[variant].stride, taps = layers[variant].size * layers[variant].size * layers[variant].size;
    vk_conv3d_p p = {.nx = n[0],
                     .ny = n[1],
                     .nz = n[2],
                     .sx = n[0] * stride,
                     .sy = n[1] * stride,
                     .sz = n[2] * stride,
                     .in = layers[variant].in,
                     .out = layers[variant].out,
                     .size = layers[variant].size,
                     .stride = stride,
                     .add = layers[variant].add,
                     .last = layers[variant].last};
    size_t places = (size_t)p.nx * (size_t)p.ny * (size_t)p.nz;
    size_t in = (size_t)p.sx * (size_t)p.sy * (size_t)p.sz * (size_t)p.in;
    c->buf[0] = vv_in(VV_EL_U8, in, 0, 255, VV_WILD);
    c->buf[1] = vv_in(VV_EL_U8, p.add ? in / 8 : 1, 0, 255, VV_WILD);
    c->buf[2] = vv_in(VV_EL_I16, (size_t)(p.out * p.in * taps), -127, 127, VV_TAME);
    c->buf[3] = vv_in(VV_EL_I32, 2 * (size_t)p.out, 0, 3000000, VV_TAME);
    c->buf[4] = vv_out(p.last ? VV_EL_I32 : VV_EL_U8, places * (size_t)p.out);
    c->groups[0] = (uint32_t)((places + 256 / (size_t)p.out - 1) / (256 / (size_t)p.out));
    c->bytes = (double)(in + places * (size_t)p.out);
    VV_SET_PARAMS(c, p);
    return true;
}
