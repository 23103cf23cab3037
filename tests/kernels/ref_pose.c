/* References of kernels/pose.c. */
#include "ref.h"
#include <math.h>

REF(pack_points)
{
    REF_PARAMS(pack_points);
    (void)fill;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        double level = ((const float *)in[0])[v];
        double q = floor((level - p.lo) * p.scale);
        q = isnan(level) ? 0 : ref_clamp(q, 0, 63);
        want[1][v] = v % p.nx + v / p.nx % p.ny * 512.0 + v / p.nx / p.ny * 262144.0 + q * 67108864.0;
    }
    *b = (budget){0, 0, 0.001};
    return true;
}

REF(pose_score)
{
    REF_PARAMS(pose_score);
    const uint32_t *points = in[0];
    const uint8_t *atlas = in[1];
    const int box[3] = {p.ax, p.ay, p.az};
    for (uint32_t pose = 0; pose < c->groups[1]; pose++)
        for (int i = 0; i < p.n; i++) {
            double at[3], q = points[i] >> 26;
            size_t o = 0;
            ref_map((const float *)in[2] + 12 * pose, points[i] & 511, points[i] >> 9 & 511, points[i] >> 18 & 255, at);
            for (int k = 2; k >= 0; k--)
                o = o * (size_t)box[k] + (size_t)ref_clamp(floor(at[k] + 0.5), 0, box[k] - 1);
            double w = atlas[o] >> 5, *sum = &want[3][(pose * 32 + (atlas[o] & 31)) * 3];
            sum[0] += w;
            sum[1] += w * q;
            sum[2] += w * q * q;
        }
    *b = (budget){0, 0, 0};
    return fill != VV_FILL_EXTREME;
}
