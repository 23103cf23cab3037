/* References of kernels/region.c and kernels/rewrite.c. */
#include "ref.h"

REF(combine_fields)
{
    REF_PARAMS(combine_fields);
    const int8_t *fields = in[0];
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++) {
        double mm[VK_FIELDS], most = -1000;
        for (int f = 0; f < VK_FIELDS; f++)
            mm[f] = (double)fields[f * p.n + v] / VK_FIELD_SCALE;
        for (int f = VK_FIELD_FACE; f <= VK_FIELD_FOREHEAD; f++)
            if (p.regions & 1 << f && mm[f] > most)
                most = mm[f];
        if (-mm[VK_FIELD_BRAIN] - (double)p.guard < most)
            most = -mm[VK_FIELD_BRAIN] - (double)p.guard;
        double bound = p.where == VK_IN_HEAD    ? mm[VK_FIELD_HEAD]
                       : p.where == VK_OFF_HEAD ? -mm[VK_FIELD_HEAD] - VK_OFF_MM
                                                : most;
        if (bound < most)
            most = bound;
        want[1][2 * v] = most;
        want[1][2 * v + 1] = mm[VK_FIELD_BRAIN];
    }
    return true;
}

REF(region_mask)
{
    REF_PARAMS(region_mask);
    const int n[3] = {p.ax, p.ay, p.az};
    const float *pair = in[0];
    (void)fill;
    for (int64_t v = 0; v < (int64_t)p.nx * p.ny * p.nz; v++) {
        double at[3], weight[8], mm[2] = {0, 0};
        size_t index[8];
        ref_map(p.m, (double)(v % p.nx), (double)(v / p.nx % p.ny), (double)(v / p.nx / p.ny), at);
        ref_corners(n, at, index, weight);
        for (int k = 0; k < 16; k++)
            mm[k % 2] += (double)pair[2 * index[k / 2] + (size_t)k % 2] * weight[k / 2];
        int code = ((const uint8_t *)in[1])[v] & p.keep;
        want[1][v] = code | (mm[1] > 0 ? VK_BRAIN : mm[0] > 0 ? p.bit : 0);
        want[2][0] += mm[1] <= 0 && mm[0] > 0;
        want[2][1] += mm[1] > 0;
    }
    /* Variant 1 is exact; in variant 0 a voxel on a border may fall to either side. */
    if (c->variant == 1)
        *b = (budget){0, 0, 0};
    else
        *b = (budget){2, 0.002, 0.002};
    return true;
}

REF(spread_mask)
{
    REF_PARAMS(spread_mask);
    (void)fill, (void)b;
    for (int64_t v = 0; v < (int64_t)p.nx * p.ny * p.nz; v++) {
        int64_t at[3] = {v % p.nx, v / p.nx % p.ny, v / p.nx / p.ny};
        const int factor[3] = {p.fx, p.fy, p.fz}, coarse[3] = {p.cx, p.cy, p.cz};
        for (int a = 0; a < 3; a++)
            at[a] = at[a] / factor[a] < coarse[a] ? at[a] / factor[a] : coarse[a] - 1;
        int code = ((const uint8_t *)in[1])[v];
        if (((const uint8_t *)in[0])[(at[2] * p.cy + at[1]) * p.cx + at[0]] == 0 || code & (VK_BRAIN | VK_REMOVE))
            continue;
        want[1][v] = code | VK_REMOVE | VK_AIRY | VK_GHOST;
        want[2][0] += 1;
    }
    return true;
}

REF(fill_mask)
{
    REF_PARAMS(fill_mask);
    (void)fill;
    for (int64_t v = 0; v < p.n; v++)
        if (((const uint8_t *)in[1])[v] & VK_REMOVE)
            for (int k = 0; k < p.bytes; k++)
                want[0][(p.first + v) * p.bytes + k] = ((const uint8_t *)p.pattern)[k];
    *b = (budget){0, 0, 0};
    return true;
}

REF(compare)
{
    REF_PARAMS(compare);
    (void)fill;
    for (int64_t v = 0; v < p.n; v++) {
        const char *x = (const char *)in[0] + (p.first_a + v) * p.bytes,
                   *y = (const char *)in[1] + (p.first_b + v) * p.bytes;
        int code = ((const uint8_t *)in[2])[v];
        if (memcmp(x, y, (size_t)p.bytes) == 0)
            continue;
        want[3][0] += !(code & VK_REMOVE);
        want[3][1] += (code & VK_BRAIN) != 0;
        want[3][2] += (code & VK_REMOVE) != 0;
    }
    *b = (budget){0, 0, 0};
    return true;
}
