/* scene.c - a head in memory: its layers, places and levels. */
#include "scene.h"
#include "atlas_geometry.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *need(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) {
        fprintf(stderr, "bench_heads: out of memory; use fewer jobs\n");
        exit(1);
    }
    return p;
}

int64_t scene_voxels(const scene *s)
{
    return s->dims[0] * s->dims[1] * s->dims[2];
}

void scene_index(const scene *s, int64_t i, int64_t v[3])
{
    v[0] = i % s->dims[0];
    v[1] = i / s->dims[0] % s->dims[1];
    v[2] = i / (s->dims[0] * s->dims[1]);
}

int64_t scene_voxel(const scene *s, const int64_t v[3])
{
    return (v[2] * s->dims[1] + v[1]) * s->dims[0] + v[0];
}

int scene_layers(const scene *s)
{
    return s->frames + 2;
}

float *scene_layer(const scene *s, int i)
{
    return s->layers + i * scene_voxels(s);
}

float *scene_tissue(const scene *s)
{
    return scene_layer(s, s->frames);
}

float *scene_brain(const scene *s)
{
    return scene_layer(s, s->frames + 1);
}

void scene_free(scene *s)
{
    free(s->layers);
    s->layers = NULL;
}

scene scene_copy(const scene *s)
{
    scene copy = *s;
    size_t n = (size_t)(scene_layers(s) * scene_voxels(s));
    copy.layers = need(n, sizeof *copy.layers);
    memcpy(copy.layers, s->layers, n * sizeof *copy.layers);
    return copy;
}

static void apply(nifti_dmat44 m, const double in[3], double out[3])
{
    double v[3] = {in[0], in[1], in[2]};
    for (int r = 0; r < 3; r++)
        out[r] = m.m[r][0] * v[0] + m.m[r][1] * v[1] + m.m[r][2] * v[2] + m.m[r][3];
}

void scene_mm(const scene *s, const int64_t v[3], double at[3])
{
    apply(s->affine, (const double[3]){(double)v[0], (double)v[1], (double)v[2]}, at);
}

void scene_carry(scene *s, nifti_dmat44 by)
{
    for (int i = 0; i < MARKS; i++)
        apply(by, s->at[i], s->at[i]);
    s->pose = nifti_dmat44_mul(by, s->pose);
}

void scene_place(const scene *s, const double atlas[3], double at[3])
{
    apply(s->pose, atlas, at);
}

void scene_mark(const scene *s, int mark, double at[3])
{
    static const float atlas[MARKS][3] = VV_ATLAS_LANDMARKS;
    double p[3] = {atlas[mark][0], atlas[mark][1], atlas[mark][2]};
    if (s->known[mark])
        memcpy(at, s->at[mark], sizeof p);
    else
        scene_place(s, p, at);
}

static double column_length(const nifti_dmat44 *m, int k)
{
    return sqrt(m->m[0][k] * m->m[0][k] + m->m[1][k] * m->m[1][k] + m->m[2][k] * m->m[2][k]);
}

scene_way scene_way_of(const scene *s, int atlas_axis)
{
    scene_way best = {0, 1, 1, 1};
    double most = -1;
    for (int k = 0; k < 3; k++) {
        double dot = 0, mm = column_length(&s->affine, k);
        for (int r = 0; r < 3; r++)
            dot += s->affine.m[r][k] * s->pose.m[r][atlas_axis] / mm;
        if (fabs(dot) > most) {
            most = fabs(dot);
            best = (scene_way){k, dot < 0 ? -1 : 1, mm, s->dims[k]};
        }
    }
    return best;
}

double scene_along(const scene *s, scene_way w, const double at[3])
{
    double v[3];
    voxel_of(s->dims, s->affine, at, v);
    return (w.sign > 0 ? v[w.axis] + 0.5 : (double)w.size - 0.5 - v[w.axis]) * w.mm;
}

double scene_tissue_mm3(const scene *s)
{
    const float *t = scene_tissue(s);
    double sum = 0;
    for (int64_t i = 0; i < scene_voxels(s); i++)
        sum += t[i];
    return sum * column_length(&s->affine, 0) * column_length(&s->affine, 1) * column_length(&s->affine, 2);
}

/* Air within three voxels of the border of the field of view; of a CT only what is about -1000 HU: beyond the circle
 * of the scanner lies padding. */
static bool is_air(const scene *s, int64_t i, bool border)
{
    int64_t v[3];
    scene_index(s, i, v);
    bool near = false;
    for (int k = 0; k < 3; k++)
        near = near || v[k] < 3 || v[k] >= s->dims[k] - 3;
    if ((border && !near) || scene_tissue(s)[i] > 0)
        return false;
    double hu = s->layers[i] * s->slope + s->inter;
    return !s->ct || (hu > -1200 && hu < -800);
}

scene_air scene_find_air(const scene *s)
{
    scene_air air = {need((size_t)scene_voxels(s), sizeof *air.voxel), 0};
    for (int border = 1; border >= 0 && air.n < 200; border--) {
        air.n = 0;
        for (int64_t i = 0; i < scene_voxels(s); i++)
            if (is_air(s, i, border))
                air.voxel[air.n++] = i;
    }
    return air;
}

void scene_free_air(scene_air *air)
{
    free(air->voxel);
    air->voxel = NULL;
}

float scene_draw_air(const scene *s, const scene_air *air, int layer, random_stream *r)
{
    if (layer >= s->frames || air->n == 0)
        return 0;
    return scene_layer(s, layer)[air->voxel[random_below(r, air->n)]];
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Quantiles of a frame's levels where a layer of shares is at least `least` and at most `most`. Returns how many. */
static int64_t quantiles(const scene *s, int frame, const float *share, float least, float most, const double *q, int n,
                         double *out)
{
    int64_t count = 0;
    float *v = need((size_t)scene_voxels(s), sizeof *v);
    for (int64_t i = 0; i < scene_voxels(s); i++)
        if (share[i] >= least && share[i] <= most)
            v[count++] = scene_layer(s, frame)[i];
    qsort(v, (size_t)count, sizeof *v, ascending);
    for (int k = 0; k < n; k++)
        out[k] = count ? v[(int64_t)(q[k] * (double)(count - 1))] : 0;
    free(v);
    return count;
}

scene_levels scene_find_levels(const scene *s, int frame)
{
    static const double half = 0.5, ends[3] = {0.02, 0.5, 0.98};
    scene_levels out;
    double tissue[3];
    quantiles(s, frame, scene_tissue(s), 0, 0, &half, 1, &out.air);
    quantiles(s, frame, scene_tissue(s), SHARE_BRAIN, 1, ends, 3, tissue);
    out.tissue_2 = tissue[0];
    out.tissue_98 = tissue[2];
    if (quantiles(s, frame, scene_brain(s), SHARE_BRAIN, 1, &half, 1, &out.brain) < 100)
        out.brain = tissue[1];
    return out;
}
