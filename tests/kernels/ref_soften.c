/* References of kernels/soften.c. */
#include "ref.h"
#include <math.h>

static double channel_of(const void *data, int dtype, int channel, size_t i)
{
    if (dtype == VV_DT_RGB24)
        return ((const uint8_t *)data)[3 * i + (size_t)channel];
    if (dtype == VV_DT_RGBA32)
        return ((const uint8_t *)data)[4 * i + (size_t)channel];
    return ref_voxel(data, dtype, i);
}

REF(kept_mean)
{
    REF_PARAMS(kept_mean);
    int block = p.fx * p.fy * p.fz;
    for (int cell = 0; cell < p.nx * p.ny * p.nz; cell++) {
        int x = cell % p.nx, y = cell / p.nx % p.ny, z = cell / p.nx / p.ny;
        double sum = 0, kept = 0;
        for (int v = 0; v < block; v++) {
            int64_t a = x * p.fx + v % p.fx, d = y * p.fy + v / p.fx % p.fy, e = z * p.fz + v / p.fx / p.fy;
            size_t at = (size_t)((e * p.sy + d) * p.sx + a);
            int code = ((const uint8_t *)in[1])[at];
            if (code & VK_REMOVE && !(code & VK_AIRY))
                continue;
            sum += code & VK_REMOVE ? (double)p.air : channel_of(in[0], p.dtype, p.channel, (size_t)p.first + at);
            kept += 1;
        }
        want[2][2 * cell] = sum / block;
        want[2][2 * cell + 1] = kept / block;
    }
    *b = (budget){1e-3, 0, 0};
    return fill != VV_FILL_EXTREME;
}

REF(pull)
{
    REF_PARAMS(pull);
    const float *fine = in[0];
    for (int z = 0; z < p.nz; z++)
        for (int y = 0; y < p.ny; y++)
            for (int x = 0; x < p.nx; x++) {
                double sum = 0, weight = 0;
                for (int k = 0; k < 8; k++) {
                    int a = 2 * x + (k & 1), d = 2 * y + (k >> 1 & 1), e = 2 * z + (k >> 2);
                    if (a >= p.sx || d >= p.sy || e >= p.sz)
                        continue;
                    sum += fine[2 * ((e * p.sy + d) * p.sx + a)];
                    weight += fine[2 * ((e * p.sy + d) * p.sx + a) + 1];
                }
                double *o = &want[1][2 * ((z * p.ny + y) * p.nx + x)];
                o[0] = weight > 1 ? sum / weight : sum;
                o[1] = weight > 1 ? 1 : weight;
            }
    *b = (budget){1e-5, 1e-5, 0};
    return fill != VV_FILL_EXTREME;
}

/* The value of a filled level at a position in its cells. */
static double filled(const float *cell, const int n[3], const double at[3])
{
    size_t index[8];
    double weight[8], sum = 0;
    ref_corners(n, at, index, weight);
    for (int k = 0; k < 8; k++)
        sum += cell[2 * index[k]] * weight[k];
    return sum;
}

REF(push)
{
    REF_PARAMS(push);
    const float *cell = in[0];
    const int n[3] = {p.cx, p.cy, p.cz};
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        double sum = cell[2 * v], weight = cell[2 * v + 1];
        const double at[3] = {v % p.nx / 2.0 - 0.25, v / p.nx % p.ny / 2.0 - 0.25, v / p.nx / p.ny / 2.0 - 0.25};
        if (p.cx == 0)
            want[0][2 * v] = weight > 0 ? sum / weight : 0;
        else
            want[0][2 * v] = sum + (1 - weight) * filled(in[1], n, at);
        want[0][2 * v + 1] = 1;
    }
    *b = (budget){1e-3, 1e-5, 0};
    return fill != VV_FILL_EXTREME;
}

/* What a voxel of this type becomes when x is stored. */
static double stored(double x, int dtype)
{
    double r = floor(x + 0.5);
    switch (dtype) {
    case VV_DT_U8:
    case VV_DT_RGB24:
    case VV_DT_RGBA32:
        return ref_clamp(r, 0, UINT8_MAX);
    case VV_DT_I8:
        return ref_clamp(r, INT8_MIN, INT8_MAX);
    case VV_DT_U16:
        return ref_clamp(r, 0, UINT16_MAX);
    case VV_DT_I16:
        return ref_clamp(r, INT16_MIN, INT16_MAX);
    case VV_DT_U32:
    case VV_DT_U64:
        return r > 0 ? r : 0;
    case VV_DT_I32:
    case VV_DT_I64:
        return r;
    default:
        return x;
    }
}

REF(soften)
{
    REF_PARAMS(soften);
    const int n[3] = {p.nx, p.ny, p.nz};
    int step = p.dtype == VV_DT_RGB24 ? 3 : p.dtype == VV_DT_RGBA32 ? 4 : 1;
    for (int64_t v = 0; v < (int64_t)p.sx * p.sy * p.sz; v++) {
        double at[3];
        if (!(((const uint8_t *)in[1])[v] & VK_REMOVE))
            continue;
        ref_map(p.m, (double)(v % p.sx), (double)(v / p.sx % p.sy), (double)(v / p.sx / p.sy), at);
        want[0][(p.first + v) * step + p.channel] = stored(filled(in[2], n, at), p.dtype);
    }
    *b = (budget){0, 0, 0};
    return fill != VV_FILL_EXTREME;
}
