/* References of kernels/voxels.c. */
#include "ref.h"
#include <math.h>

REF(coarsen)
{
    REF_PARAMS(coarsen);
    bool single = p.weight == 1; /* the variants with blocks of one voxel: exact */
    for (int z = 0; z < p.nz; z++)
        for (int y = 0; y < p.ny; y++)
            for (int x = 0; x < p.nx; x++) {
                double sum = 0;
                for (int v = 0; v < p.fx * p.fy * p.fz; v++) {
                    int64_t a = x * p.fx + v % p.fx, d = y * p.fy + v / p.fx % p.fy, e = z * p.fz + v / p.fx / p.fy;
                    sum += ref_voxel(in[0], p.dtype, (size_t)(p.first + (e * p.sy + d) * p.sx + a)) * p.slope + p.inter;
                }
                double mean = sum / (p.fx * p.fy * p.fz) * p.weight;
                double *o = &want[1][((size_t)z * (size_t)p.ny + (size_t)y) * (size_t)p.nx + (size_t)x];
                *o = p.add ? *o + mean : mean;
            }
    *b = (budget){single ? 0 : 1e-3, 0, 0};
    return single || fill != VV_FILL_EXTREME;
}

REF(range)
{
    REF_PARAMS(range);
    (void)fill;
    for (int g = 0; g * p.per_group < p.n; g++) {
        double lo = INFINITY, hi = -INFINITY;
        for (int v = g * p.per_group; v < (g + 1) * p.per_group && v < p.n; v++) {
            lo = fmin(lo, ((const float *)in[0])[v]);
            hi = fmax(hi, ((const float *)in[0])[v]);
        }
        want[1][2 * g] = lo;
        want[1][2 * g + 1] = hi;
    }
    *b = (budget){0, 0, 0};
    return true;
}

REF(histogram)
{
    REF_PARAMS(histogram);
    (void)fill;
    for (int v = 0; v < p.n; v++)
        if ((((const uint8_t *)in[1])[v] & p.bits) == p.want) {
            double bin = floor((((const float *)in[0])[v] - (double)p.lo) * p.scale);
            want[2][(int)ref_clamp(bin, 0, 1023)] += 1;
        }
    *b = (budget){3, 0, 0}; /* a level at the edge of a bin may fall to either side */
    return true;
}
