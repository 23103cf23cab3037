/* judge.c - original, output and mask compared voxel by voxel.
 *
 * What counts as gone:
 *  - Air ends at the 2nd percentile of the original plus 15 % of the distance to the 98th: air is at least a tenth of
 * every file with landmarks, and skin and fat are far above that level in each of them.
 *  - A landmark of the face: no voxel of the output within 6 mm of it is above that level. The landmarks lie on the
 * skin and are good to about 8 mm, so the ball holds skin where there is some, and the removal reaches far beyond it on
 * every side.
 *  - An ear: at least half of the original's tissue within 8 mm of it changed to the level of the air. Not all of it:
 * the landmark is the outermost skin at the ear, and the ball may reach the cheek or the bone behind, which stay. An
 * ear left in place gives 0. The outer half of the ball alone would judge less: in one ear of five it holds no tissue.
 */
#include "judge.h"
#include "voxels.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nifti_image *load(const char *path, const char *what)
{
    nifti_image *m = nifti_image_read(path, 1);
    if (!m || !m->data) {
        fprintf(stderr, "judge: the %s cannot be read\n", what);
        nifti_image_free(m);
        return NULL;
    }
    return m;
}

static int64_t voxels_of(const nifti_image *m)
{
    return m->nx * m->ny * m->nz;
}

static bool same_grid(const nifti_image *a, const nifti_image *b)
{
    return a->nx == b->nx && a->ny == b->ny && a->nz == b->nz;
}

/* What has a meaning: spacings of the dimensions there are, and the forms that are in use. Words hide in the rest, and
 * it may be cleaned. */
static bool same_geometry(const nifti_image *a, const nifti_image *b)
{
    return !memcmp(a->dim, b->dim, sizeof a->dim) &&
           !memcmp(a->pixdim + 1, b->pixdim + 1, (size_t)a->ndim * sizeof a->pixdim[0]) && a->datatype == b->datatype &&
           a->byteorder == b->byteorder && a->nifti_type == b->nifti_type &&
           !memcmp(&a->scl_slope, &b->scl_slope, sizeof a->scl_slope) &&
           !memcmp(&a->scl_inter, &b->scl_inter, sizeof a->scl_inter) && a->qform_code == b->qform_code &&
           a->sform_code == b->sform_code && (!a->qform_code || !memcmp(&a->qto_xyz, &b->qto_xyz, sizeof a->qto_xyz)) &&
           (!a->sform_code || !memcmp(&a->sto_xyz, &b->sto_xyz, sizeof a->sto_xyz)) && a->xyz_units == b->xyz_units &&
           a->time_units == b->time_units;
}

static bool differs(const nifti_image *a, const nifti_image *b, int64_t i)
{
    size_t bytes = (size_t)a->nbyper;
    return memcmp((const char *)a->data + (size_t)i * bytes, (const char *)b->data + (size_t)i * bytes, bytes) != 0;
}

static void count_changes(const nifti_image *a, const nifti_image *b, const nifti_image *mask,
                          const nifti_image *labels, judgement *out)
{
    int64_t n = voxels_of(a);
    for (int64_t i = 0; i < a->nvox; i++) {
        if (!differs(a, b, i))
            continue;
        out->changed++;
        out->outside += voxel_value(mask, i % n) <= 0;
        out->brain += labels && voxel_value(labels, i % n) > 0;
    }
}

/* Of at most 100 000 voxels, evenly spaced: percentiles need no more. */
static bool find_threshold(const nifti_image *m, double *out)
{
    int64_t step = voxels_of(m) / 100000 + 1, n = 0;
    double *v = malloc((size_t)(voxels_of(m) / step + 1) * sizeof *v);
    if (!v)
        return false;
    for (int64_t i = 0; i < voxels_of(m); i += step)
        v[n++] = voxel_value(m, i);
    *out = end_of_air(v, n);
    free(v);
    return true;
}

typedef struct ball {
    int64_t tissue;  /* voxels of the original above the threshold */
    int64_t cleared; /* of these, changed to at most the threshold */
    int64_t left;    /* voxels of the output above the threshold */
} ball;

typedef struct look {
    const nifti_image *before, *after;
    double threshold;
    ball found;
} look;

static void look_at(void *user, int64_t i)
{
    look *l = user;
    bool was = voxel_value(l->before, i) > l->threshold, is = voxel_value(l->after, i) > l->threshold;
    l->found.tissue += was;
    l->found.left += is;
    l->found.cleared += was && !is && differs(l->before, l->after, i);
}

/* The voxels about a point in mm. An empty ball when the point lies out of the field of view. */
static ball survey(const nifti_image *a, const nifti_image *b, double threshold, const double at[3], double radius)
{
    const int64_t size[3] = {a->nx, a->ny, a->nz};
    look l = {.before = a, .after = b, .threshold = threshold};
    ball_visit(size, a->sform_code > 0 ? a->sto_xyz : a->qto_xyz, at, radius, look_at, &l);
    return l.found;
}

static void judge_marks(const nifti_image *a, const nifti_image *b, const marks *where, judgement *out)
{
    for (int i = 0; i < MARKS; i++) {
        bool ear = i >= FACE_MARKS;
        if (!where->known[i])
            continue;
        ball s = survey(a, b, out->threshold, where->at[i], ear ? EAR_MM : FACE_MM);
        bool gone = ear ? 2 * s.cleared >= s.tissue : s.left == 0;
        out->mark[i] = s.tissue == 0 ? MARK_NOT_JUDGED : gone ? MARK_GONE : MARK_LEFT;
    }
}

bool judge(const char *original, const char *output, const char *mask, const char *labels, const marks *where,
           judgement *out)
{
    memset(out, 0, sizeof *out);
    nifti_image *a = load(original, "original"), *b = load(output, "output"), *m = load(mask, "mask");
    nifti_image *l = labels ? load(labels, "parcellation") : NULL;
    bool ok = a && b && m && (l || !labels);
    if (ok && (!same_grid(a, m) || (l && !same_grid(a, l)) || a->nvox != b->nvox || a->nbyper != b->nbyper)) {
        fprintf(stderr, "judge: the files are of different size\n");
        ok = false;
    }
    if (ok && (ok = find_threshold(a, &out->threshold))) {
        out->same_geometry = same_geometry(a, b);
        count_changes(a, b, m, l, out);
        if (where)
            judge_marks(a, b, where, out);
    }
    nifti_image_free(a);
    nifti_image_free(b);
    nifti_image_free(m);
    nifti_image_free(l);
    return ok;
}
