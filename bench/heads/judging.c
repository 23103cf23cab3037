/* judging.c - what is true of an answer of the library. docs/heads.md says what counts. */
#include "load.h"
#include "score.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Some landmarks of ears lie in the ear canal: what counts is the auricle, the outermost tissue on the way out from there,
 * looked for in steps (mm). */
#define EAR_OUTWARD 8.0
#define EAR_STEPS 3

typedef struct range {
    double lo, hi;
} range;

typedef struct answer {
    const scene *s;
    const char *before, *after; /* stored voxels */
    size_t width, bytes;        /* of a voxel; of all */
    const uint8_t *mask;
    range *fill; /* per frame */
} answer;

static bool differs(const answer *a, int64_t i)
{
    return memcmp(a->before + (size_t)i * a->width, a->after + (size_t)i * a->width, a->width) != 0;
}

/* The levels that were written in place of what the mask holds. */
static void find_fill(const answer *a)
{
    int64_t n = scene_voxels(a->s);
    for (int f = 0; f < a->s->frames; f++) {
        a->fill[f] = (range){INFINITY, -INFINITY};
        for (int64_t i = 0; i < n; i++)
            if (a->mask[i] && differs(a, f * n + i)) {
                double v = scene_stored(a->s, a->after, f * n + i);
                a->fill[f].lo = fmin(v, a->fill[f].lo);
                a->fill[f].hi = fmax(v, a->fill[f].hi);
            }
    }
}

/* A voxel is gone when it is in the mask and was rewritten in every frame. One that stands as it was is no fault where
 * its level is one that was written elsewhere in that frame: amid noise, or where a frame is dark, it may have held it
 * by chance. */
static bool voxel_gone(const answer *a, int64_t i)
{
    bool all = a->mask[i];
    for (int f = 0; all && f < a->s->frames; f++) {
        int64_t k = f * scene_voxels(a->s) + i;
        double v = scene_stored(a->s, a->before, k);
        all = differs(a, k) || (v >= a->fill[f].lo && v <= a->fill[f].hi);
    }
    return all;
}

typedef struct look {
    const answer *a;
    int64_t tissue, gone; /* voxels of tissue; of these, gone */
} look;

static void look_at(void *user, int64_t i)
{
    look *l = user;
    if (scene_tissue(l->a->s)[i] < SHARE_TISSUE)
        return;
    l->tissue++;
    l->gone += voxel_gone(l->a, i);
}

static look survey(const answer *a, const double at[3], double radius)
{
    look l = {a, 0, 0};
    ball_visit(a->s->dims, a->s->affine, at, radius, look_at, &l);
    return l;
}

/* Outward from the head's middle, along the atlas's axis from ear to ear. */
static void move_outward(const scene *s, double at[3])
{
    double length = 0, dot = 0, middle[3], axis[3];
    scene_place(s, (const double[3]){0, 0, 0}, middle);
    for (int r = 0; r < 3; r++) {
        axis[r] = s->pose.m[r][0];
        length += axis[r] * axis[r];
        dot += axis[r] * (at[r] - middle[r]);
    }
    for (int r = 0; r < 3; r++)
        at[r] += EAR_OUTWARD * (dot < 0 ? -1 : 1) * axis[r] / sqrt(length);
}

static bool half_gone(const look *l)
{
    return l->tissue > 0 && 2 * l->gone >= l->tissue;
}

static mark_answer judge_mark(const answer *a, int mark)
{
    double at[3];
    bool ear = mark >= FACE_MARKS;
    if (!a->s->known[mark])
        return MARK_NOT_JUDGED;
    memcpy(at, a->s->at[mark], sizeof at);
    look l = survey(a, at, ear ? EAR_MM : FACE_MM);
    if (l.tissue == 0)
        return MARK_NOT_JUDGED;
    if (!ear)
        return l.gone == l.tissue ? MARK_GONE : MARK_LEFT;
    if (half_gone(&l))
        return MARK_GONE;
    for (int i = 0; i < EAR_STEPS; i++) {
        move_outward(a->s, at);
        look next = survey(a, at, EAR_MM);
        if (next.tissue == 0)
            break;
        l = next;
    }
    return half_gone(&l) ? MARK_GONE : MARK_LEFT;
}

static void count_changes(const answer *a, score *out)
{
    int64_t n = scene_voxels(a->s);
    for (int64_t i = 0; i < n * a->s->frames; i++)
        if (differs(a, i)) {
            out->outside += !a->mask[i % n];
            out->brain += scene_brain(a->s)[i % n] >= SHARE_BRAIN;
        }
}

static bool all_finite(const answer *a)
{
    bool ok = true;
    int64_t n = scene_voxels(a->s) * a->s->frames;
    for (int64_t i = 0; ok && i < n; i++)
        if (a->s->dtype == VV_DT_F32)
            ok = isfinite(((const float *)(const void *)a->after)[i]);
        else if (a->s->dtype == VV_DT_F64)
            ok = isfinite(((const double *)(const void *)a->after)[i]);
    return ok;
}

static void blame(score *out, const char *what)
{
    size_t used = strlen(out->why);
    snprintf(out->why + used, sizeof out->why - used, "%s%s", used ? "; " : "", what);
    out->judged = JUDGED_WRONG;
}

static void judge_clean(const answer *a, score *out)
{
    char what[64];
    for (int i = 0; i < MARKS; i++)
        if (out->mark[i] == MARK_LEFT) {
            snprintf(what, sizeof what, "%s left", mark_name(i));
            blame(out, what);
        }
    if (out->brain) {
        snprintf(what, sizeof what, "%" PRId64 " voxels of the brain changed", out->brain);
        blame(out, what);
    }
    if (out->outside) {
        snprintf(what, sizeof what, "%" PRId64 " voxels outside the mask changed", out->outside);
        blame(out, what);
    }
    if (!all_finite(a))
        blame(out, "voxels that are no numbers");
}

static void judge_no_face(const answer *a, score *out)
{
    char what[64];
    for (int i = 0; i < MARKS; i++)
        if (out->mark[i] != MARK_NOT_JUDGED) {
            snprintf(what, sizeof what, "%s in view", mark_name(i));
            blame(out, what);
        }
    if (memcmp(a->before, a->after, a->bytes))
        blame(out, "voxels changed");
}

void score_judge(const scene *s, const void *before, const void *after, const uint8_t *mask, score *out)
{
    size_t n = (size_t)(scene_voxels(s) * s->frames), bytes = scene_store_bytes(s);
    answer given = {.s = s, .before = before, .after = after, .width = bytes / n, .bytes = bytes, .mask = mask};
    const answer *a = &given;
    given.fill = need((size_t)s->frames, sizeof(range));
    find_fill(a);
    count_changes(a, out);
    for (int i = 0; i < MARKS; i++)
        out->mark[i] = judge_mark(a, i);
    out->judged = JUDGED_RIGHT;
    if (!strcmp(out->verdict, "no_face"))
        judge_no_face(a, out);
    else
        judge_clean(a, out);
    free(given.fill);
}
