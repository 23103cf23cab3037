/* References of kernels/network.c. */
#include "ref.h"
#include <math.h>

REF(network_input)
{
    REF_PARAMS(network_input);
    const int n[3] = {p.nx, p.ny, p.nz};
    const float *level = in[0];
    for (int z = 0; z < 2 * p.size; z++)
        for (int y = 0; y < 2 * p.size; y++)
            for (int x = 0; x < 2 * p.size; x++) {
                double at[3], weight[8], sum = 0;
                size_t index[8], place = (size_t)((z / 2 * p.size + y / 2) * p.size + x / 2);
                bool outside = false;
                ref_map(p.m, x, y, z, at);
                for (int a = 0; a < 3; a++)
                    outside = outside || at[a] < 0 || at[a] > n[a] - 1;
                ref_corners(n, at, index, weight);
                for (int k = 0; k < 8; k++)
                    sum += weight[k] * level[index[k]];
                sum = floor(((outside ? p.lo : sum) - p.lo) * p.scale + 0.5);
                want[1][8 * place + (size_t)(x % 2 + y % 2 * 2 + z % 2 * 4)] = ref_clamp(sum, 0, 63);
            }
    *b = (budget){0, 0, 0.001};
    return fill != VV_FILL_EXTREME;
}

/* A channel of a place, 0 outside. */
static double channel(const vk_conv3d_p *p, const uint8_t *src, const uint8_t *more, int x, int y, int z, int c)
{
    if (x < 0 || y < 0 || z < 0 || x >= p->sx || y >= p->sy || z >= p->sz)
        return 0;
    double v = src[((z * p->sy + y) * p->sx + x) * p->in + c];
    if (p->add)
        v += more[((z / 2 * (p->sy / 2) + y / 2) * (p->sx / 2) + x / 2) * p->in + c];
    return v < 255 ? v : 255;
}

static double one_sum(const vk_conv3d_p *p, const void *const in[8], const int at[3], int o)
{
    double sum = ((const int32_t *)in[3])[o];
    const int16_t *weight = (const int16_t *)in[2] + o * p->in * p->size * p->size * p->size;
    for (int t = 0; t < p->size * p->size * p->size; t++)
        for (int c = 0; c < p->in; c++)
            sum += weight[t * p->in + c] * channel(p, in[0], in[1], at[0] * p->stride + t % p->size - p->size / 2,
                                                   at[1] * p->stride + t / p->size % p->size - p->size / 2,
                                                   at[2] * p->stride + t / p->size / p->size - p->size / 2, c);
    return sum;
}

REF(conv3d)
{
    REF_PARAMS(conv3d);
    (void)fill;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++)
        for (int o = 0; o < p.out; o++) {
            const int at[3] = {v % p.nx, v / p.nx % p.ny, v / p.nx / p.ny};
            double sum = one_sum(&p, in, at, o), factor = ((const int32_t *)in[3])[p.out + o] / 4294967296.0;
            want[4][v * p.out + o] = p.last ? sum : ref_clamp(floor(sum * factor + 0.5), 0, 255);
        }
    *b = (budget){0, 0, 0};
    return true;
}
