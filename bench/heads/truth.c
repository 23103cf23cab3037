/* truth.c - landmarks, brains and poses. */
#include "truth.h"
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRAIN_LABEL 6
#define BRAIN_LESS 4.0 /* mm: what lies deeper in the mean brain is brain in everyone */

static int poses_read(const char *path, reference **out)
{
    FILE *f = fopen(path, "r");
    char line[512];
    int n = 0;
    *out = NULL;
    while (f && fgets(line, sizeof line, f)) {
        reference r = {.pose = {{{0}}}};
        r.pose.m[3][3] = 1;
        double *a = r.pose.m[0], *b = r.pose.m[1], *c = r.pose.m[2];
        if (sscanf(line, "%95[^,],%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", r.file, a, a + 1, a + 2, a + 3, b,
                   b + 1, b + 2, b + 3, c, c + 1, c + 2, c + 3) != 13)
            continue;
        reference *more = realloc(*out, ((size_t)n + 1) * sizeof *more);
        if (!more)
            break;
        *out = more;
        more[n++] = r;
    }
    if (f)
        fclose(f);
    return n;
}

typedef struct deep {
    const scene *labels;
    bool all;
} deep;

static void see_label(void *user, int64_t i)
{
    deep *d = user;
    d->all = d->all && d->labels->layers[i] == BRAIN_LABEL;
}

static void erode(scene *s)
{
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        deep d = {s, s->layers[i] == BRAIN_LABEL};
        double at[3];
        int64_t v[3];
        scene_index(s, i, v);
        scene_mm(s, v, at);
        if (d.all)
            ball_visit(s->dims, s->affine, at, BRAIN_LESS, see_label, &d);
        scene_brain(s)[i] = d.all;
    }
}

bool truth_open(const char *landmarks, const char *poses, const char *atlas, truth *out)
{
    *out = (truth){0};
    out->n_marks = marks_read(landmarks, &out->marks);
    if (out->n_marks < 0) {
        fprintf(stderr, "bench_heads: the table of landmarks, %s, is not there\n", landmarks);
        return false;
    }
    out->n_poses = poses_read(poses, &out->poses);
    if (!scene_load(atlas, NULL, &out->brain))
        return false;
    erode(&out->brain);
    return true;
}

void truth_close(truth *t)
{
    free(t->marks);
    free(t->poses);
    scene_free(&t->brain);
}

const reference *truth_pose(const truth *t, const char *file)
{
    for (int i = 0; i < t->n_poses; i++)
        if (!strcmp(t->poses[i].file, file))
            return &t->poses[i];
    return NULL;
}

/* The nearest voxel of the atlas's brain. */
static void place_brain(const truth *t, scene *s)
{
    const scene *a = &t->brain;
    nifti_dmat44 to =
        nifti_dmat44_mul(nifti_dmat44_inverse(a->affine), nifti_dmat44_mul(nifti_dmat44_inverse(s->pose), s->affine));
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        int64_t v[3];
        scene_index(s, i, v);
        int64_t w[3];
        bool in = true;
        for (int k = 0; k < 3; k++) {
            const double *m = to.m[k];
            double x = m[0] * (double)v[0] + m[1] * (double)v[1] + m[2] * (double)v[2] + m[3] + 0.5;
            in = in && x >= 0 && x < (double)a->dims[k];
            w[k] = in ? (int64_t)x : 0;
        }
        scene_brain(s)[i] = in ? scene_brain(a)[scene_voxel(a, w)] : 0;
    }
}

bool truth_give(const truth *t, const char *file, unsigned unusable, bool has_brain, scene *s)
{
    const marks *known = NULL;
    bool any = false;
    if (!has_brain)
        place_brain(t, s);
    for (int i = 0; i < t->n_marks; i++)
        if (!strcmp(t->marks[i].file, file))
            known = &t->marks[i];
    for (int i = 0; known && i < MARKS; i++) {
        s->known[i] = known->known[i] && !(unusable >> i & 1);
        memcpy(s->at[i], known->at[i], sizeof s->at[i]);
        any = any || s->known[i];
    }
    for (int i = 0; !any && i < MARKS; i++) {
        scene_mark(s, i, s->at[i]);
        s->known[i] = true;
    }
    return any;
}
