/* References of kernels/refill.c. */
#include "ref.h"
#include <math.h>

/* The hash as its paper gives it: the generator's step, then its output function. */
static uint32_t hash(uint32_t x)
{
    uint32_t state = x * UINT32_C(747796405) + UINT32_C(2891336453);
    uint32_t shift = (state >> 28) + 4;
    uint32_t word = (state >> shift ^ state) * UINT32_C(277803737);
    return word >> 22 ^ word;
}

/* floor(bits / 2^32 * count), in double: exact for these counts. */
static int entry(uint32_t bits, int count)
{
    return (int)floor((double)bits / 4294967296.0 * count);
}

REF(draw)
{
    REF_PARAMS(draw);
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++) {
        if ((((const uint8_t *)in[1])[v] & p.bits) != p.want)
            continue;
        int at = entry(hash(hash((uint32_t)v) + p.seed), p.count);
        for (int k = 0; k < p.bytes; k++)
            want[0][(p.first + v) * p.bytes + k] = ((const uint8_t *)in[2])[at * p.bytes + k];
    }
    return true;
}

/* The first of pairs of floats, or a byte of pairs of bytes, at a position. */
static double pair_at(const float *pair, const int n[3], const double at[3])
{
    size_t index[8];
    double weight[8], sum = 0;
    ref_corners(n, at, index, weight);
    for (int k = 0; k < 8; k++)
        sum += pair[2 * index[k]] * weight[k];
    return sum;
}

static double byte_at(const uint8_t *face, int part, const int n[3], const double at[3])
{
    size_t index[8];
    double weight[8], sum = 0;
    ref_corners(n, at, index, weight);
    for (int k = 0; k < 8; k++)
        sum += face[2 * index[k] + (size_t)part] * weight[k];
    return sum;
}

/* The average head's level at a voxel, air off it, and how much of it is inside. */
static double average(const vk_refill_p *p, const uint8_t *face, const double field[3], double *inside_head)
{
    const int n[3] = {p->bx, p->by, p->bz};
    double at[3];
    for (int i = 0; i < 3; i++)
        at[i] = (double)p->face[2 * i] * field[i] + (double)p->face[2 * i + 1];
    double depth = (byte_at(face, 1, n, at) - 128) / VK_FIELD_SCALE;
    double inside = ref_clamp(0.5 + depth * (double)p->edge, 0, 1);
    *inside_head = inside;
    double place = byte_at(face, 0, n, at) * (VK_CURVE - 1) / 255;
    int low = (int)ref_clamp(floor(place), 0, VK_CURVE - 2);
    double tissue = p->curve[low] + ((double)p->curve[low + 1] - (double)p->curve[low]) * (place - low);
    return (double)p->air + inside * (tissue - (double)p->air);
}

/* What a voxel of the type holds when x is stored. */
static double held(double x, int dtype)
{
    if (dtype == VV_DT_F32 || dtype == VV_DT_F64)
        return x;
    bool signed_type = dtype == VV_DT_I16;
    return ref_clamp(floor(x + 0.5), signed_type ? INT16_MIN : 0, signed_type ? INT16_MAX : UINT8_MAX);
}

REF(refill)
{
    REF_PARAMS(refill);
    const int cells[3] = {p.nx, p.ny, p.nz}, box[3] = {p.ax, p.ay, p.az};
    const float *table = in[5];
    int step = p.dtype == VV_DT_RGB24 ? 3 : p.dtype == VV_DT_RGBA32 ? 4 : 1;
    for (int v = 0; v < p.sx * p.sy * p.sz; v++) {
        if ((((const uint8_t *)in[1])[v] & p.bits) != p.want)
            continue;
        const double x[3] = {v % p.sx, v / p.sx % p.sy, v / p.sx / p.sy};
        double at[3], field[3];
        for (int i = 0; i < 3; i++)
            at[i] = (double)p.cell[2 * i] * x[i] + (double)p.cell[2 * i + 1];
        double level = pair_at(in[2], cells, at), air = p.air, tissue = p.tissue;
        if (p.bx > 0) {
            ref_map(p.m, x[0], x[1], x[2], field);
            double share = ref_clamp(pair_at(in[3], box, field) * (double)p.blend, 0, 1);
            double inside, mean = average(&p, in[4], field, &inside);
            share = share < 1 - inside ? 1 - inside : share;
            level += share * (mean - level);
        }
        double a = tissue == air ? 0 : ref_clamp((level - air) / (tissue - air), 0, 1);
        uint32_t h = hash(hash((uint32_t)v) + p.seed);
        if (p.air_count)
            level += (1 - a) * ((double)table[entry(h, p.air_count)] - air);
        if (p.grain_count)
            level += a * (double)table[p.air_count + entry(hash(h), p.grain_count)];
        want[0][(p.first + v) * step + p.channel] = held(level, p.dtype);
    }
    /* sums in single precision; a whole number may fall to the other side */
    bool whole = p.dtype != VV_DT_F32 && p.dtype != VV_DT_F64;
    *b = whole ? (budget){0, 0, 0.002} : (budget){0.01, 1e-5, 0};
    return fill != VV_FILL_EXTREME;
}
