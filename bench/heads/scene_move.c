/* scene_move.c - other fields of view and other grids for a head. */
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static float *empty_like(const scene *s)
{
    return need((size_t)(scene_layers(s) * scene_voxels(s)), sizeof(float));
}

/* The layers are replaced; the old ones are freed. */
static void replace(scene *s, scene *by)
{
    free(s->layers);
    *s = *by;
}

bool scene_reframe(scene *s, int axis, int64_t lo, int64_t hi, random_stream *r)
{
    scene to = *s;
    if (hi <= lo)
        return false;
    scene_air air = scene_find_air(s);
    to.dims[axis] = hi - lo;
    for (int row = 0; row < 3; row++)
        to.affine.m[row][3] += s->affine.m[row][axis] * (double)lo;
    to.layers = empty_like(&to);
    for (int layer = 0; layer < scene_layers(s); layer++)
        for (int64_t i = 0; i < scene_voxels(&to); i++) {
            int64_t v[3];
            scene_index(&to, i, v);
            v[axis] += lo;
            bool in = v[axis] >= 0 && v[axis] < s->dims[axis];
            scene_layer(&to, layer)[i] =
                in ? scene_layer(s, layer)[scene_voxel(s, v)] : scene_draw_air(s, &air, layer, r);
        }
    scene_free_air(&air);
    replace(s, &to);
    return true;
}

/* Where a point of the grid lies between its neighbours; false where it is out of the field of view. */
static bool between(const scene *s, const double v[3], int64_t low[3], int64_t high[3], float part[3])
{
    for (int k = 0; k < 3; k++) {
        if (v[k] < -0.5 || v[k] > (double)s->dims[k] - 0.5)
            return false;
        double inside = v[k] < 0 ? 0 : v[k] > (double)(s->dims[k] - 1) ? (double)(s->dims[k] - 1) : v[k];
        low[k] = (int64_t)inside;
        high[k] = low[k] + 1 < s->dims[k] ? low[k] + 1 : low[k];
        part[k] = (float)(inside - (double)low[k]);
    }
    return true;
}

static float trilinear(const scene *s, const float *f, const int64_t low[3], const int64_t high[3], const float part[3])
{
    float sum = 0;
    for (int corner = 0; corner < 8; corner++) {
        int64_t at[3];
        float weight = 1;
        for (int k = 0; k < 3; k++) {
            bool up = corner >> k & 1;
            at[k] = up ? high[k] : low[k];
            weight *= up ? part[k] : 1 - part[k];
        }
        if (weight > 0)
            sum += weight * f[scene_voxel(s, at)];
    }
    return sum;
}

void scene_resample(scene *s, nifti_dmat44 move, random_stream *r)
{
    scene to = *s;
    scene_air air = scene_find_air(s);
    int64_t low[3], high[3], v[3];
    nifti_dmat44 back =
        nifti_dmat44_mul(nifti_dmat44_inverse(s->affine), nifti_dmat44_mul(nifti_dmat44_inverse(move), s->affine));
    to.layers = empty_like(s);
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        double from[3];
        float part[3];
        scene_index(s, i, v);
        for (int k = 0; k < 3; k++)
            from[k] =
                back.m[k][0] * (double)v[0] + back.m[k][1] * (double)v[1] + back.m[k][2] * (double)v[2] + back.m[k][3];
        bool in = between(s, from, low, high, part);
        for (int layer = 0; layer < scene_layers(s); layer++)
            scene_layer(&to, layer)[i] =
                in ? trilinear(s, scene_layer(s, layer), low, high, part) : scene_draw_air(s, &air, layer, r);
    }
    scene_free_air(&air);
    scene_carry(&to, move);
    replace(s, &to);
}

/* The mean of n levels, each `stride` after the other, from `lo` to `hi`: those at the ends count by the part inside.
 */
static float mean_of(const float *line, int64_t n, int64_t stride, double lo, double hi)
{
    double sum = 0, all = 0;
    for (int64_t k = (int64_t)lo; k < n && (double)k < hi; k++) {
        double share = fmin(hi, (double)k + 1) - fmax(lo, (double)k);
        sum += share * line[k * stride];
        all += share;
    }
    return (float)(all > 0 ? sum / all : 0);
}

void scene_thicken(scene *s, int axis, double mm)
{
    scene to = *s;
    const double column[3] = {s->affine.m[0][axis], s->affine.m[1][axis], s->affine.m[2][axis]};
    double old = sqrt(column[0] * column[0] + column[1] * column[1] + column[2] * column[2]), ratio = mm / old;
    if (ratio <= 1)
        return;
    to.dims[axis] = (int64_t)((double)s->dims[axis] / ratio);
    if (to.dims[axis] < 1)
        to.dims[axis] = 1;
    for (int r = 0; r < 3; r++) {
        to.affine.m[r][axis] = column[r] * ratio;
        to.affine.m[r][3] += column[r] * 0.5 * (ratio - 1);
    }
    to.layers = empty_like(&to);
    int64_t stride = axis == 0 ? 1 : axis == 1 ? s->dims[0] : s->dims[0] * s->dims[1], v[3];
    for (int layer = 0; layer < scene_layers(s); layer++)
        for (int64_t i = 0; i < scene_voxels(&to); i++) {
            scene_index(&to, i, v);
            double lo = (double)v[axis] * ratio;
            v[axis] = 0;
            scene_layer(&to, layer)[i] =
                mean_of(scene_layer(s, layer) + scene_voxel(s, v), s->dims[axis], stride, lo, lo + ratio);
        }
    replace(s, &to);
}
