/* References of kernels/region.c and kernels/rewrite.c. */
#include "ref.h"

/* A field of the atlas in mm at a position in its voxels. */
static double field(const int8_t *fields, int which, const int n[3], const double at[3])
{
    size_t index[8];
    double weight[8], sum = 0;
    const int8_t *f = fields + (size_t)which * (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    ref_corners(n, at, index, weight);
    for (int k = 0; k < 8; k++)
        sum += f[index[k]] * weight[k];
    return sum / VK_FIELD_SCALE;
}

REF(region_mask)
{
    REF_PARAMS(region_mask);
    const int n[3] = {p.ax, p.ay, p.az};
    const int8_t *fields = in[0];
    int64_t voxels = (int64_t)p.nx * p.ny * p.nz;
    (void)fill;
    for (int64_t v = 0; v < voxels; v++) {
        double at[3];
        ref_map(p.m, (double)(v % p.nx), (double)(v / p.nx % p.ny), (double)(v / p.nx / p.ny), at);
        int code = ((const uint8_t *)in[1])[v] & p.keep;
        double brain = field(fields, VK_FIELD_BRAIN, n, at);
        bool region = false;
        for (int f = VK_FIELD_FACE; f <= VK_FIELD_TEETH; f++)
            region |= (p.regions & 1 << f) && field(fields, f, n, at) > 0;
        bool removed = region && brain <= 0 && brain < -(double)p.guard;
        code |= brain > 0 ? VK_BRAIN : removed ? VK_REMOVE : 0;
        want[1][v] = code;
        want[2][0] += removed;
        want[2][1] += brain > 0;
        want[2][2] += removed && field(fields, VK_FIELD_HEAD, n, at) > 0;
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
        want[1][v] = code | VK_REMOVE;
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
