/* identity.c - smooth random warps of the face: a sum of bumps in the frame of the atlas. */
#include "identity.h"
#include "atlas.h"
#include "volume.h"
#include <math.h>

#define BUMPS 40
#define WIDE_LEAST 10.0 /* mm, standard deviation of a bump */
#define WIDE_MOST 22.0
#define RAMP 8.0      /* mm inside what is removed over which the warp grows */
#define BRAIN_OFF 4.0 /* mm from the atlas's brain that stay as they are */

typedef struct bump {
    double at[3], way[3], wide;
} bump;

typedef struct warp {
    bump bump[BUMPS];
    double scale;
} warp;

/* Splitmix64 (Steele et al., OOPSLA 2014), in -1..1. */
static double draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-52 - 1;
}

static void field(const warp *w, const double at[3], double out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (int i = 0; i < BUMPS; i++) {
        const bump *b = &w->bump[i];
        double d2 = 0;
        for (int k = 0; k < 3; k++)
            d2 += (at[k] - b->at[k]) * (at[k] - b->at[k]);
        double g = d2 < 12 * b->wide * b->wide ? exp(-0.5 * d2 / (b->wide * b->wide)) : 0;
        for (int k = 0; k < 3; k++)
            out[k] += w->scale * g * b->way[k];
    }
}

/* Bumps about the skin of the face; scaled so that the largest move at their middles is IDENTITY_MM. */
static void make_warp(warp *w, uint64_t number)
{
    uint64_t state = number * 0xd1342543de82ef95u + 1;
    double most = 0;
    w->scale = 1;
    for (int i = 0; i < BUMPS; i++) {
        bump *b = &w->bump[i];
        b->at[0] = 65 * draw(&state);
        b->at[1] = 105 - 0.006 * b->at[0] * b->at[0] + 12 * draw(&state);
        b->at[2] = -60 + 55 * draw(&state);
        b->wide = WIDE_LEAST + (WIDE_MOST - WIDE_LEAST) * 0.5 * (1 + draw(&state));
        for (int k = 0; k < 3; k++)
            b->way[k] = draw(&state) + draw(&state);
    }
    for (int i = 0; i < BUMPS; i++) {
        double v[3];
        field(w, w->bump[i].at, v);
        most = fmax(most, sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
    }
    w->scale = most > 0 ? IDENTITY_MM / most : 0;
}

static float between(const float *from, const int64_t dims[3], const double v[3])
{
    int64_t low[3], step[3] = {1, dims[0], dims[0] * dims[1]}, at = 0;
    double part[3], sum = 0;
    for (int k = 0; k < 3; k++) {
        double inside = fmin(fmax(v[k], 0), (double)(dims[k] - 1));
        low[k] = (int64_t)inside;
        part[k] = inside - (double)low[k];
        at += low[k] * step[k];
    }
    for (int corner = 0; corner < 8; corner++) {
        double weight = 1;
        int64_t i = at;
        for (int k = 0; k < 3; k++) {
            weight *= corner >> k & 1 ? part[k] : 1 - part[k];
            i += corner >> k & 1 && low[k] + 1 < dims[k] ? step[k] : 0;
        }
        sum += weight * (double)from[i];
    }
    return (float)sum;
}

static void apply(const double m[12], const double x[3], double out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = m[4 * r] * x[0] + m[4 * r + 1] * x[1] + m[4 * r + 2] * x[2] + m[4 * r + 3];
}

/* 0 in all that is kept, 1 deep in the face. */
static double share(const double at[3])
{
    double face, brain;
    if (!vv_atlas_field_at(VK_FIELD_FACE, at, &face) || !vv_atlas_field_at(VK_FIELD_BRAIN, at, &brain))
        return 0;
    return fmin(fmax(fmin(face, -brain - BRAIN_OFF) / RAMP, 0), 1);
}

int identity_make(const float *from, float *to, const int64_t dims[3], const double affine[12], const double pose[12],
                  uint64_t number)
{
    double to_voxel[12], to_atlas[12];
    warp w;
    if (!vv_affine_invert(affine, to_voxel) || !vv_affine_invert(pose, to_atlas))
        return 0;
    make_warp(&w, number);
    for (int64_t z = 0, i = 0; z < dims[2]; z++)
        for (int64_t y = 0; y < dims[1]; y++)
            for (int64_t x = 0; x < dims[0]; x++, i++) {
                double v[3] = {(double)x, (double)y, (double)z}, mm[3], at[3], move[3];
                apply(affine, v, mm);
                apply(to_atlas, mm, at);
                double part = share(at);
                to[i] = from[i];
                if (part <= 0)
                    continue;
                field(&w, at, move);
                for (int k = 0; k < 3; k++)
                    at[k] -= part * move[k];
                apply(pose, at, mm);
                apply(to_voxel, mm, v);
                to[i] = between(from, dims, v);
            }
    return 1;
}
