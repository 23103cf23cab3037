/* perturb_header.c - voxels stored in another order, and headers that say nothing or the wrong thing. */
#include "perturb.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The k-th order of the axes and their flips, k in 0..47; 0 changes nothing. from[i]: the old axis that becomes axis i;
 * flip[i]: it runs the other way. */
static void order_of(int k, int from[3], bool flip[3])
{
    static const int orders[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
    for (int i = 0; i < 3; i++) {
        from[i] = orders[k / 8][i];
        flip[i] = k >> i & 1;
    }
}

/* New voxel to old voxel. */
static nifti_dmat44 order_matrix(const scene *s, int k)
{
    int from[3];
    bool flip[3];
    nifti_dmat44 m = {0};
    m.m[3][3] = 1;
    order_of(k, from, flip);
    for (int i = 0; i < 3; i++) {
        m.m[from[i]][i] = flip[i] ? -1 : 1;
        m.m[from[i]][3] = flip[i] ? (double)(s->dims[from[i]] - 1) : 0;
    }
    return m;
}

perturb_result perturb_axes(scene *s, random_stream *r, int order)
{
    (void)r;
    scene to = *s;
    int from[3];
    bool flip[3];
    order_of(order, from, flip);
    for (int i = 0; i < 3; i++)
        to.dims[i] = s->dims[from[i]];
    to.affine = nifti_dmat44_mul(s->affine, order_matrix(s, order));
    to.layers = need((size_t)(scene_layers(s) * scene_voxels(s)), sizeof *to.layers);
    for (int layer = 0; layer < scene_layers(s); layer++)
        for (int64_t i = 0; i < scene_voxels(s); i++) {
            int64_t v[3], old[3];
            scene_index(&to, i, v);
            for (int k = 0; k < 3; k++)
                old[from[k]] = flip[k] ? to.dims[k] - 1 - v[k] : v[k];
            scene_layer(&to, layer)[i] = scene_layer(s, layer)[scene_voxel(s, old)];
        }
    scene_free(s);
    *s = to;
    return PERTURB_DONE;
}

/* Another affine for the same voxels: all that was known in mm is now elsewhere. */
static void claim(scene *s, nifti_dmat44 affine)
{
    nifti_dmat44 carry = nifti_dmat44_mul(affine, nifti_dmat44_inverse(s->affine));
    s->affine = affine;
    scene_carry(s, carry);
}

static double spacing(const scene *s, int k)
{
    const double *a = s->affine.m[0], *b = s->affine.m[1], *c = s->affine.m[2];
    return sqrt(a[k] * a[k] + b[k] * b[k] + c[k] * c[k]);
}

perturb_result perturb_lost(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    nifti_dmat44 affine = {0};
    affine.m[3][3] = 1;
    for (int k = 0; k < 3; k++)
        affine.m[k][k] = spacing(s, k);
    claim(s, affine);
    return PERTURB_DONE;
}

/* The directions of the axes are those of another order; the spacings and the middle of the field of view stay. */
perturb_result perturb_wrong(scene *s, random_stream *r, int order)
{
    (void)order;
    nifti_dmat44 affine = s->affine;
    int from[3];
    bool flip[3];
    order_of(1 + (int)random_below(r, 47), from, flip);
    for (int row = 0; row < 3; row++) {
        for (int k = 0; k < 3; k++) {
            double towards = s->affine.m[row][from[k]] / spacing(s, from[k]) * (flip[k] ? -1 : 1);
            affine.m[row][k] = towards * spacing(s, k);
        }
        for (int k = 0; k < 3; k++)
            affine.m[row][3] += (s->affine.m[row][k] - affine.m[row][k]) * 0.5 * (double)(s->dims[k] - 1);
    }
    claim(s, affine);
    return PERTURB_DONE;
}
