/* perturb_levels.c - noise, a coil's brightness, other contrasts, several frames. */
#include "perturb.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOISE_SNR 5.0
#define NOISE_HU 200.0
#define BIAS_LEAST 0.5
#define BIAS_MOST 1.5
#define FRAMES 3
#define FRAMES_SNR 20.0

/* Magnitude noise above the lowest level that there is; plain noise for CT. */
static void add_noise(scene *s, int frame, double sigma, random_stream *r)
{
    float *v = scene_layer(s, frame), lowest = INFINITY;
    int64_t n = scene_voxels(s);
    for (int64_t i = 0; i < n; i++)
        lowest = v[i] < lowest ? v[i] : lowest;
    for (int64_t i = 0; i < n; i++) {
        double a = v[i] + sigma * random_normal(r) - lowest, b = sigma * random_normal(r);
        v[i] = lowest + (float)(s->ct ? a : sqrt(a * a + b * b));
    }
}

static double deviation(const scene *s, int frame, double snr)
{
    scene_levels l = scene_find_levels(s, frame);
    return fabs(l.brain - l.air) / snr;
}

perturb_result perturb_noise(scene *s, random_stream *r, int order)
{
    (void)order;
    for (int f = 0; f < s->frames; f++)
        add_noise(s, f, s->ct ? NOISE_HU / fabs(s->slope) : deviation(s, f, NOISE_SNR), r);
    return PERTURB_DONE;
}

/* A polynomial of second degree over the field of view. */
static double field_at(const double c[9], const scene *s, int64_t i)
{
    double x[3];
    int64_t v[3];
    scene_index(s, i, v);
    for (int k = 0; k < 3; k++)
        x[k] = (2 * (double)v[k] + 1) / (double)s->dims[k] - 1;
    return c[0] * x[0] + c[1] * x[1] + c[2] * x[2] + c[3] * x[0] * x[0] + c[4] * x[1] * x[1] + c[5] * x[2] * x[2] +
           c[6] * x[0] * x[1] + c[7] * x[1] * x[2] + c[8] * x[2] * x[0];
}

perturb_result perturb_bias(scene *s, random_stream *r, int order)
{
    (void)order;
    double c[9], lo = INFINITY, hi = -INFINITY;
    if (s->ct)
        return PERTURB_NOT_FOR_THIS;
    for (int k = 0; k < 9; k++)
        c[k] = random_between(r, -1, 1);
    for (int64_t i = 0; i < scene_voxels(s); i++)
        if (scene_tissue(s)[i] >= SHARE_TISSUE) {
            double f = field_at(c, s, i);
            lo = f < lo ? f : lo;
            hi = f > hi ? f : hi;
        }
    for (int f = 0; f < s->frames && hi > lo; f++) {
        double air = scene_find_levels(s, f).air;
        float *v = scene_layer(s, f);
        for (int64_t i = 0; i < scene_voxels(s); i++) {
            double part = (field_at(c, s, i) - lo) / (hi - lo);
            part = part < 0 ? 0 : part > 1 ? 1 : part;
            v[i] = (float)(air + (v[i] - air) * (BIAS_LEAST + (BIAS_MOST - BIAS_LEAST) * part));
        }
    }
    return PERTURB_DONE;
}

/* Tissue and brain: what was bright is dark, but still above the air. */
perturb_result perturb_invert(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    for (int f = 0; f < s->frames; f++) {
        scene_levels l = scene_find_levels(s, f);
        double sum = l.tissue_2 + l.tissue_98;
        float *v = scene_layer(s, f);
        for (int64_t i = 0; i < scene_voxels(s); i++)
            if (scene_tissue(s)[i] >= SHARE_TISSUE || scene_brain(s)[i] >= SHARE_BRAIN)
                v[i] = (float)fmax(sum - v[i], l.tissue_2);
    }
    return PERTURB_DONE;
}

perturb_result perturb_negative(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    if (s->ct)
        return PERTURB_NOT_FOR_THIS;
    float most = -INFINITY;
    int64_t n = scene_voxels(s) * s->frames;
    for (int64_t i = 0; i < n; i++)
        most = s->layers[i] > most ? s->layers[i] : most;
    for (int64_t i = 0; i < n; i++)
        s->layers[i] = most - s->layers[i];
    return PERTURB_DONE;
}

perturb_result perturb_frames(scene *s, random_stream *r, int order)
{
    static const double gain[FRAMES] = {1, 0.95, 1.05};
    (void)order;
    if (s->frames > 1)
        return PERTURB_NOT_FOR_THIS;
    scene to = *s;
    size_t n = (size_t)scene_voxels(s);
    double sigma = deviation(s, 0, FRAMES_SNR), air = scene_find_levels(s, 0).air;
    to.frames = FRAMES;
    to.layers = need(n * (size_t)scene_layers(&to), sizeof *to.layers);
    memcpy(scene_tissue(&to), scene_tissue(s), 2 * n * sizeof *to.layers);
    for (int f = 0; f < FRAMES; f++) {
        for (size_t i = 0; i < n; i++)
            scene_layer(&to, f)[i] = (float)(air + gain[f] * (s->layers[i] - air));
        add_noise(&to, f, sigma, r);
    }
    scene_free(s);
    *s = to;
    return PERTURB_DONE;
}
