/* score.c - one head through the library. */
#include "score.h"
#include "atlas_geometry.h"
#include "load.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const judged_names[JUDGED_KINDS] = {"right", "review", "WRONG", "error", "skipped"};

static double determinant(const nifti_dmat44 *m)
{
    const double *a = m->m[0], *b = m->m[1], *c = m->m[2];
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

enum { BRAIN_ENDS = 6 };

/* The most that the pose found is off, over the places of the atlas in view. Where the header mirrors the head, left
 * and right of the atlas, which is symmetric, are exchanged. */
static double pose_error(const scene *s, const double found[16])
{
    static const float landmarks[MARKS][3] = VV_ATLAS_LANDMARKS;
    static const float ends[BRAIN_ENDS][3] = {{0, 84, 8},  {0, -88, 0}, {64, 0, 5},
                                              {-64, 0, 5}, {0, 0, 78},  {0, -40, -52}};
    double worst = -1, mirror = determinant(&s->pose) < 0 ? -1 : 1;
    for (int i = 0; i < MARKS + BRAIN_ENDS; i++) {
        const float *f = i < MARKS ? landmarks[i] : ends[i - MARKS];
        const double p[3] = {f[0], f[1], f[2]};
        double at[3], v[3], d2 = 0;
        scene_place(s, p, at);
        if (!voxel_of(s->dims, s->affine, at, v))
            continue;
        for (int r = 0; r < 3; r++) {
            const double *m = found + 4 * r;
            double d = m[0] * mirror * p[0] + m[1] * p[1] + m[2] * p[2] + m[3] - at[r];
            d2 += d * d;
        }
        worst = sqrt(d2) > worst ? sqrt(d2) : worst;
    }
    return worst;
}

static vv_image image_of(const scene *s, void *data, uint8_t *mask)
{
    vv_image image = {
        .size = sizeof image, .dtype = s->dtype, .slope = s->slope, .inter = s->inter, .data = data, .mask = mask};
    for (int k = 0; k < 3; k++)
        image.dims[k] = s->dims[k];
    image.dims[3] = s->frames;
    for (int r = 0; r < 3; r++)
        memcpy(image.affine + 4 * r, s->affine.m[r], 4 * sizeof(double));
    return image;
}

void score_scene(vv_engine *engine, const scene *s, uint8_t *mask, score *out)
{
    *out = (score){.pose_err = -1};
    size_t bytes = scene_store_bytes(s);
    uint8_t *own = mask ? NULL : need((size_t)scene_voxels(s), 1), *removed = mask ? mask : own;
    void *before = scene_store(s), *after = need(bytes, 1);
    memcpy(after, before, bytes);

    vv_deface_options options = {.size = sizeof options};
    vv_image image = image_of(s, after, removed);
    vv_report *report = NULL;
    vv_err err = {0};
    out->status = vv_deface_image(engine, &image, &options, &report, &err);
    snprintf(out->verdict, sizeof out->verdict, "%s", report ? vv_report_verdict(report) : "none");
    if (report && facts_read(vv_report_json(report), &out->facts) && out->facts.placed)
        out->pose_err = pose_error(s, out->facts.pose);
    vv_report_destroy(&report);
    if (out->status == VV_OK) {
        score_judge(s, before, after, removed, out);
    } else {
        out->judged = out->status == VV_E_REVIEW ? JUDGED_REVIEW : JUDGED_ERROR;
        snprintf(out->why, sizeof out->why, "%s", err.message);
    }
    free(before);
    free(after);
    free(own);
}
