/* search.c - coarse to fine: every orientation and place at 12 mm, the best of them refined at 12 and 8 mm, the winner
 * at 4 mm. Everything random or time-dependent is absent; the batches are scored on the device. */
#include "search.h"
#include "alloc.h"
#include "flatten.h"
#include "skin.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COARSE_KEPT 16   /* candidates refined at 12 mm */
#define MIDDLE_KEPT 4    /* of these at 8 mm, as different as can be */
#define NODS 3           /* starts of the last fit: the chin lower, as found, higher */
#define NOD_SAME 3.0     /* mm: fits that lie nearer than this are one */
#define TILTS 2          /* starts more for CT: the gantry tilted either way */
#define TILT 0.25        /* of y along z, 14 degrees */
#define ELSEWHERE_KEPT 5 /* of a carried pose: other places refined beside it */
#define FINE_KEPT 2      /* of these at 4 mm */
#define RIVAL_FAR 40.0   /* mm: a pose that moves a mark by less is the same, come from another start */
#define IN_VIEW 10.0     /* mm a landmark may lie outside the field of view and still matter */
#define NOD 0.2          /* quaternion part, 23 degrees */
#define AS_GOOD 0.002    /* a fit that is worse by less might as well be the right one */
/* Levels are clipped at this many times the distance from air to the middle of the tissue: fat by a surface coil is ten
 * times as bright as brain, and would be all that counts. */
#define BRIGHT_CLIP 1.6
/* Of CT these Hounsfield units count: fat is -100, brain 35, and bone from 300 on. */
#define CT_DARK -250.0
#define CT_BRIGHT 350.0
#define PER_START 3 /* best places kept of each orientation */
#define SIZES 2     /* heads tried in the scan: an adult's, and one as of a child in the third year */
#define CHILD 0.25  /* part by which the atlas is larger than that one */
#define BATCH 2048
/* How much better an orientation other than the header's must explain the image, at each stage. */
static const double hint[3] = {0.02, 0.01, 0.01};

/* First steps of each parameter at 12 mm: quaternion part (0.1 is 11 degrees), scale, shear, mm. */
static const double first_step[VV_P_COUNT] = {.10, .10, .10, .06, .06, .06, .05, .05, .05, 12, 12, 12};
static const int affine_order[VV_P_COUNT] = {0, 1, 2, 9, 10, 11, 3, 4, 5, 6, 7, 8};
#define RIGID 6
#define NO_SHEAR 9

typedef struct searcher {
    vv_scorer scorer;
    vv_points level[4]; /* 12 mm, 8 mm; 8 mm and 4 mm with the slow brightness taken out */
    const vv_grid *grid;
    double centre[3];
    bool trusted;
} searcher;

static double with_hint(const searcher *s, const vv_pose *p, int stage)
{
    return p->score - (s->trusted && p->start != 0 ? hint[stage] : 0);
}

static int by_value(const void *a, const void *b)
{
    double x = ((const vv_pose *)a)->score, y = ((const vv_pose *)b)->score;
    return (x < y) - (x > y);
}

/* Best first; equal scores keep their order, so that every machine sorts alike. */
static void sort_poses(vv_pose *p, int n)
{
    for (int i = 1; i < n; ++i) {
        vv_pose key = p[i];
        int j = i;
        for (; j > 0 && by_value(&p[j - 1], &key) > 0; --j)
            p[j] = p[j - 1];
        p[j] = key;
    }
}

static void best_first(const searcher *s, vv_pose *p, int n, int stage)
{
    for (int i = 0; i < n; ++i)
        p[i].score = with_hint(s, &p[i], stage);
    sort_poses(p, n);
}

/* Moves each of `n` poses uphill, all in step: every parameter is tried one step up and down, a parabola through the
 * three values gives the common move. `scale` shortens the first steps; `nfree` parameters of affine_order are free. */
typedef struct climb {
    vv_pose at;
    double step[VV_P_COUNT];
} climb;

static void probe(const climb *c, int nfree, vv_pose *out)
{
    for (int k = 0; k < nfree; ++k)
        for (int side = 0; side < 2; ++side) {
            vv_pose *q = &out[2 * k + side];
            *q = c->at;
            q->p[affine_order[k]] += side ? -c->step[affine_order[k]] : c->step[affine_order[k]];
        }
}

static void aim(const climb *c, int nfree, const vv_pose *tried, vv_pose moved[2])
{
    moved[0] = moved[1] = c->at;
    for (int k = 0; k < nfree; ++k) {
        int a = affine_order[k];
        double up = tried[2 * k].score, down = tried[2 * k + 1].score, bend = 2 * c->at.score - up - down, t;
        if (bend > 1e-12) {
            t = 0.5 * (up - down) / bend;
            t = t > 1 ? 1 : t < -1 ? -1 : t;
        } else if (up > c->at.score || down > c->at.score)
            t = up > down ? 1 : -1;
        else
            t = 0;
        moved[0].p[a] += t * c->step[a];
        moved[1].p[a] += 0.5 * t * c->step[a];
    }
}

static void settle(climb *c, int nfree, const vv_pose *tried, const vv_pose moved[2])
{
    const vv_pose *best = &c->at;
    double shrink = 0.5;
    for (int k = 0; k < 2 * nfree; ++k)
        if (tried[k].score > best->score)
            best = &tried[k], shrink = 0.8;
    for (int k = 0; k < 2; ++k)
        if (moved[k].score > best->score)
            best = &moved[k], shrink = 0.8;
    c->at = *best;
    for (int a = 0; a < VV_P_COUNT; ++a)
        c->step[a] *= shrink;
}

static vv_status refine(searcher *s, const vv_points *points, vv_buf *classes, vv_pose *poses, int n, double scale,
                        int nfree, int rounds, vv_err *err)
{
    int each = 2 * nfree;
    climb *climbs = vv_malloc((size_t)n, sizeof *climbs);
    vv_pose *tried = vv_malloc((size_t)n * (size_t)(each + 2), sizeof *tried);
    vv_status st = climbs && tried ? vv_score(&s->scorer, points, classes, s->centre, poses, n, err)
                                   : vv_fail(err, VV_E_RESOURCE, "search", "out of memory; free some and try again");
    for (int i = 0; !st && i < n; ++i) {
        climbs[i].at = poses[i];
        for (int a = 0; a < VV_P_COUNT; ++a)
            climbs[i].step[a] = scale * first_step[a];
    }
    for (int r = 0; !st && r < rounds; ++r) {
        vv_pose *moved = tried + (size_t)n * (size_t)each;
        for (int i = 0; i < n; ++i)
            probe(&climbs[i], nfree, tried + i * each);
        st = vv_score(&s->scorer, points, classes, s->centre, tried, n * each, err);
        for (int i = 0; !st && i < n; ++i)
            aim(&climbs[i], nfree, tried + i * each, moved + 2 * i);
        if (!st)
            st = vv_score(&s->scorer, points, classes, s->centre, moved, 2 * n, err);
        for (int i = 0; !st && i < n; ++i)
            settle(&climbs[i], nfree, tried + i * each, moved + 2 * i);
    }
    for (int i = 0; !st && i < n; ++i)
        poses[i] = climbs[i].at;
    vv_free(climbs);
    vv_free(tried);
    return st;
}

/* Every orientation at every place in each size, 12 mm. Leaves the best COARSE_KEPT in `kept`. */
static vv_status scan(searcher *s, const vv_atlas *atlas, vv_pose *kept, vv_err *err)
{
    /* where in the atlas (mm) the subject's centre of mass may lie: the whole head's is near (0, 10, -35) */
    static const double xs[] = {-30, 0, 30}, ys[] = {-30, -5, 20, 45}, zs[] = {-75, -50, -25, 0, 25, 50};
    enum { PLACES = 3 * 4 * 6 * SIZES };
    vv_pose *all = vv_calloc(VV_STARTS * PLACES, sizeof *all);
    if (!all)
        return vv_fail(err, VV_E_RESOURCE, "search", "out of memory; free some and try again");
    for (int k = 0; k < VV_STARTS; ++k)
        for (int i = 0; i < PLACES; ++i) {
            vv_pose *p = &all[k * PLACES + i];
            p->start = k;
            p->p[VV_P_SHIFT] = xs[i % 3];
            p->p[VV_P_SHIFT + 1] = ys[i / 3 % 4];
            p->p[VV_P_SHIFT + 2] = zs[i / 12 % 6];
            for (int a = 0; a < 3; ++a)
                p->p[VV_P_SCALE + a] = i / 72 * CHILD;
        }
    vv_status st = vv_score(&s->scorer, &s->level[0], atlas->plain, s->centre, all, VV_STARTS * PLACES, err);
    if (!st) {
        vv_pose best[VV_STARTS * PER_START];
        for (int k = 0; k < VV_STARTS; ++k) {
            sort_poses(all + k * PLACES, PLACES);
            memcpy(best + k * PER_START, all + k * PLACES, PER_START * sizeof *best);
        }
        best_first(s, best, VV_STARTS * PER_START, 0);
        memcpy(kept, best, COARSE_KEPT * sizeof *kept);
    }
    vv_free(all);
    return st;
}

static void apply(const double a[12], const double x[3], double out[3])
{
    for (int r = 0; r < 3; ++r)
        out[r] = a[4 * r] * x[0] + a[4 * r + 1] * x[1] + a[4 * r + 2] * x[2] + a[4 * r + 3];
}

static bool in_view(const vv_grid *g, const double to_voxel[12], const double mm[3])
{
    double v[3];
    apply(to_voxel, mm, v);
    for (int a = 0; a < 3; ++a) {
        double margin = IN_VIEW / g->spacing[a];
        if (!(v[a] >= -margin && v[a] <= g->dims[a] - 1 + margin))
            return false;
    }
    return true;
}

/* Ends of the brain, atlas mm: they must not move either. */
enum { BRAIN_ENDS = 6, MARKS = VV_LM_COUNT + BRAIN_ENDS };
static const float brain_end[BRAIN_ENDS][3] = {{0, 84, 8},  {0, -88, 0}, {64, 0, 5},
                                               {-64, 0, 5}, {0, 0, 78},  {0, -40, -52}};

/* The most that a landmark or an end of the brain in the field of view of g moves between two poses (subject mm to
 * atlas mm), mm in the subject. */
static double marks_move(const vv_grid *g, const double a[12], const double b[12])
{
    double ia[12], ib[12], to_voxel[12], most = 0;
    if (!vv_affine_invert(a, ia) || !vv_affine_invert(b, ib) || !vv_affine_invert(g->affine, to_voxel))
        return HUGE_VAL;
    for (int k = 0; k < MARKS; ++k) {
        const float *from = k < VV_LM_COUNT ? vv_atlas_landmarks[k] : brain_end[k - VV_LM_COUNT];
        double mark[3] = {from[0], from[1], from[2]}, pa[3], pb[3], d2 = 0;
        apply(ia, mark, pa);
        apply(ib, mark, pb);
        for (int i = 0; i < 3; ++i)
            d2 += (pa[i] - pb[i]) * (pa[i] - pb[i]);
        if (d2 > most && (in_view(g, to_voxel, pa) || in_view(g, to_voxel, pb)))
            most = d2;
    }
    return sqrt(most);
}

/* As marks_move, between two poses. */
static double moved(const searcher *s, const vv_pose *a, const vv_pose *b)
{
    double ma[12], mb[12];
    vv_pose_matrix(a, s->centre, ma);
    vv_pose_matrix(b, s->centre, mb);
    return marks_move(s->grid, ma, mb);
}

/* The last fit of a pose, at 8 and 4 mm, the skull counting most, from `nods` nods of the head: a thick neck can hold a
 * head in the wrong one. *other, *disagreement: as in vv_found. */
static vv_status finish(searcher *s, const vv_atlas *atlas, int nods, vv_pose *pose, vv_pose *other,
                        double *disagreement, vv_err *err)
{
    vv_pose nod[NODS + TILTS];
    for (int i = 0; i < nods; ++i) {
        nod[i] = *pose;
        nod[i].p[VV_P_ROT] += (i - nods / 2) * NOD;
    }
    for (int i = 0; s->scorer.tilted && i < TILTS; ++i) {
        nod[nods] = *pose;
        nod[nods++].p[VV_P_SHEAR + 2] += i ? TILT : -TILT;
    }
    vv_status st = refine(s, &s->level[2], atlas->classes, nod, nods, 0.6, NO_SHEAR, 10, err);
    if (!st)
        st = refine(s, &s->level[2], atlas->classes, nod, nods, 0.5, VV_P_COUNT, 8, err);
    sort_poses(nod, nods);
    int fine = 1;
    for (int k = 1; fine < FINE_KEPT && k < nods; ++k)
        if (moved(s, &nod[0], &nod[k]) > NOD_SAME)
            nod[fine++] = nod[k];
    if (!st)
        st = refine(s, &s->level[3], atlas->classes, nod, fine, 0.3, VV_P_COUNT, 7, err);
    if (!st && nods > 1) /* once more with long steps: a parameter may have shrunk its step on a ridge */
        st = refine(s, &s->level[3], atlas->classes, nod, fine, 0.25, VV_P_COUNT, 5, err);
    if (st)
        return st;
    sort_poses(nod, fine);
    *pose = *other = nod[0];
    *disagreement = 0;
    for (int i = 1; i < fine; ++i) {
        double move = moved(s, &nod[0], &nod[i]);
        if (nod[i].score > nod[0].score - AS_GOOD && move > *disagreement)
            *disagreement = move, *other = nod[i];
    }
    return VV_OK;
}

static bool far_apart(const searcher *s, const vv_pose *a, const vv_pose *b)
{
    return moved(s, a, b) > RIVAL_FAR;
}

/* The best of n sorted poses first, then the best that lie otherwise than all before, then the rest in their order. */
static void differing_first(const searcher *s, vv_pose *p, int n)
{
    int chosen = 1;
    for (int i = 1; i < n; ++i) {
        bool differs = true;
        for (int k = 0; differs && k < chosen; ++k)
            differs = far_apart(s, &p[i], &p[k]);
        if (!differs)
            continue;
        vv_pose key = p[i];
        memmove(p + chosen + 1, p + chosen, (size_t)(i - chosen) * sizeof *p);
        p[chosen++] = key;
    }
}

/* How well a pose explains the subject as a whole: the score at 8 mm of the levels as they are, which know the shape of
 * the head, and the one at 4 mm without the slow brightness, which knows what is inside; every class counts alike.
 * (Weights leave the neck out, wherever a pose puts it, and two poses can only be compared over the same voxels.) */
static vv_status score_whole(searcher *s, const vv_atlas *atlas, const vv_pose *pose, double *score, vv_err *err)
{
    vv_pose coarse = *pose, fine = *pose;
    vv_status st = refine(s, &s->level[1], atlas->plain, &coarse, 1, 0.25, NO_SHEAR, 3, err);
    if (!st)
        st = vv_score(&s->scorer, &s->level[3], atlas->plain, s->centre, &fine, 1, err);
    *score = with_hint(s, &coarse, 2) + with_hint(s, &fine, 2);
    return st;
}

/* The first of the candidates that, brought to the last resolution, still lies otherwise than the winner. *there: false
 * where there is none. */
static vv_status find_rival(searcher *s, const vv_atlas *atlas, const vv_pose *winner, const vv_pose *kept, int n,
                            vv_pose *rival, bool *there, vv_err *err)
{
    double ignored;
    vv_pose same;
    vv_status st = VV_OK;
    *there = false;
    for (int k = 0; !st && !*there && k < n; ++k) {
        if (!far_apart(s, winner, &kept[k]))
            continue;
        *rival = kept[k];
        st = finish(s, atlas, 1, rival, &same, &ignored, err);
        *there = far_apart(s, winner, rival);
    }
    return st;
}

/* The rival explains more: it is brought as far as the winner was, if that helps it, and they change places. */
static vv_status challenge(searcher *s, const vv_atlas *atlas, vv_pose *rival, vv_pose *other, vv_found *out,
                           vv_err *err)
{
    vv_pose pose = *rival, its_other;
    double score, disagreement;
    vv_status st = finish(s, atlas, NODS, &pose, &its_other, &disagreement, err);
    if (!st)
        st = score_whole(s, atlas, &pose, &score, err);
    if (st)
        return st;
    if (score < out->rival)
        pose = its_other = *rival, score = out->rival, disagreement = 0;
    *rival = out->pose;
    out->rival = out->best;
    out->pose = pose;
    out->best = score;
    out->disagreement = disagreement;
    *other = its_other;
    return VV_OK;
}

/* The winner, and the best head that lies another way; they change places where the other explains more. */
static vv_status decide(searcher *s, const vv_atlas *atlas, vv_pose *kept, int n, vv_found *out, vv_err *err)
{
    vv_pose rival, other;
    bool there = false;
    vv_status st = refine(s, &s->level[2], atlas->plain, kept, n, 0.5, NO_SHEAR, 6, err);
    if (st)
        return st;
    best_first(s, kept, n, 2);
    out->pose = kept[0];
    st = finish(s, atlas, NODS, &out->pose, &other, &out->disagreement, err);
    if (!st)
        st = score_whole(s, atlas, &out->pose, &out->best, err);
    if (!st)
        st = find_rival(s, atlas, &out->pose, kept, n, &rival, &there, err);
    if (!st)
        vv_pose_matrix(&other, s->centre, out->other_to_atlas);
    if (st || !there)
        return st;
    st = score_whole(s, atlas, &rival, &out->rival, err);
    if (!st && out->rival > out->best)
        st = challenge(s, atlas, &rival, &other, out, err);
    if (!st && !far_apart(s, &out->pose, &rival))
        out->rival = 0;
    vv_pose_matrix(&rival, s->centre, out->rival_to_atlas);
    vv_pose_matrix(&other, s->centre, out->other_to_atlas);
    return st;
}

static vv_status climb_down(searcher *s, const vv_atlas *atlas, vv_found *out, vv_err *err)
{
    vv_pose kept[COARSE_KEPT];
    vv_status st = scan(s, atlas, kept, err);
    if (!st)
        st = refine(s, &s->level[0], atlas->plain, kept, COARSE_KEPT, 1.0, NO_SHEAR, 6, err);
    if (st)
        return st;
    best_first(s, kept, COARSE_KEPT, 1);
    differing_first(s, kept, COARSE_KEPT);
    st = refine(s, &s->level[1], atlas->plain, kept, MIDDLE_KEPT, 0.5, NO_SHEAR, 6, err);
    if (!st)
        st = decide(s, atlas, kept, MIDDLE_KEPT, out, err);
    if (st)
        return st;
    vv_pose_matrix(&out->pose, s->centre, out->to_atlas);
    return vv_score_detail(&s->scorer, &s->level[3], atlas->classes, s->centre, &out->pose, &out->fit, err);
}

/* Centre of mass of the tissue, subject mm, from the 8 mm grid; the middle of the grid where there is none. */
static vv_status centre_of(vv_device *dev, const vv_grid *g, double tissue, double centre[3], vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    float *level = vv_malloc(n, sizeof *level);
    vv_status s = level ? vv_download(dev, level, g->level, 0, n * sizeof *level, err)
                        : vv_fail(err, VV_E_RESOURCE, "search", "out of memory; free some and try again");
    if (s) {
        vv_free(level);
        return s;
    }
    double sum[3] = {0}, count = 0;
    size_t v = 0;
    for (int z = 0; z < g->dims[2]; ++z)
        for (int y = 0; y < g->dims[1]; ++y)
            for (int x = 0; x < g->dims[0]; ++x, ++v)
                if (level[v] > tissue)
                    sum[0] += x, sum[1] += y, sum[2] += z, count += 1;
    for (int a = 0; a < 3; ++a)
        sum[a] = count > 0 ? sum[a] / count : 0.5 * (g->dims[a] - 1);
    for (int r = 0; r < 3; ++r)
        centre[r] = g->affine[4 * r] * sum[0] + g->affine[4 * r + 1] * sum[1] + g->affine[4 * r + 2] * sum[2] +
                    g->affine[4 * r + 3];
    vv_free(level);
    return VV_OK;
}

vv_status vv_level_bounds(vv_device *dev, const vv_grid *g, bool ct, vv_buf *code, double bounds[2], vv_err *err)
{
    static const double q[2] = {0.02, 0.98}, half = 0.5;
    double middle = 0;
    vv_status s = vv_quantiles(dev, g, code, 0, 0, q, 2, bounds, NULL, err);
    if (s)
        return s;
    if (ct) {
        bounds[0] = CT_DARK, bounds[1] = CT_BRIGHT;
        return VV_OK;
    }
    s = vv_tissue_find(dev, g, vv_tissue_threshold(bounds[0], bounds[1], false), code, err);
    if (!s)
        s = vv_quantiles(dev, g, code, VK_TISSUE, VK_TISSUE, &half, 1, &middle, NULL, err);
    if (!s)
        s = vv_fill(dev, code, 0, 0, (size_t)vv_grid_voxels(g), err);
    double clip = bounds[0] + BRIGHT_CLIP * (middle - bounds[0]);
    if (clip > bounds[0] && clip < bounds[1])
        bounds[1] = clip;
    return s;
}

static vv_status make_level(vv_device *dev, const vv_grid *g, const vv_window *w, vv_buf *code, double target,
                            bool flat, vv_points *out, double *centre, vv_err *err)
{
    double bounds[2];
    vv_grid coarse;
    vv_grid_shape(g->dims, g->affine, target, VV_POINTS_MOST, vv_points_dims, &coarse);
    vv_status s = vv_grid_create(dev, &coarse, err);
    if (!s)
        s = vv_grid_from_grid(dev, g, &coarse, err);
    if (!s && flat)
        s = vv_flatten(dev, &coarse, w->air, w->tissue, err);
    if (!s)
        s = vv_level_bounds(dev, &coarse, w->ct && !flat, code, bounds, err);
    if (!s)
        s = vv_points_make(dev, &coarse, bounds[0], bounds[1], out, err);
    if (!s && centre)
        s = centre_of(dev, &coarse, w->tissue, centre, err);
    vv_grid_release(dev, &coarse);
    return s;
}

/* 12 mm, 8 mm; 8 mm and 4 mm without the slow brightness. */
static vv_status open_search(searcher *s, vv_device *dev, vv_buf *code, const vv_window *window, vv_err *err)
{
    static const struct {
        double mm;
        bool flat;
    } level[4] = {{12, false}, {8, false}, {8, true}, {4, true}};
    vv_status st = vv_scorer_create(dev, BATCH, &s->scorer, err);
    s->scorer.tilted = window->ct;
    for (int i = 0; !st && i < 4; ++i)
        st = make_level(dev, s->grid, window, code, level[i].mm, level[i].flat && !window->ct, &s->level[i],
                        i == 1 ? s->centre : NULL, err);
    return st;
}

static void close_search(searcher *s, vv_device *dev)
{
    for (int i = 0; i < 4; ++i)
        vv_points_release(dev, &s->level[i]);
    s->scorer.dev = dev;
    vv_scorer_release(&s->scorer);
}

vv_status vv_search(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                    const vv_atlas *atlas, vv_found *out, vv_err *err)
{
    searcher s = {.grid = g, .trusted = trusted};
    *out = (vv_found){0};
    vv_status st = open_search(&s, dev, code, window, err);
    if (!st)
        st = climb_down(&s, atlas, out, err);
    memcpy(out->centre, s.centre, sizeof s.centre);
    close_search(&s, dev);
    return st;
}

/* Parameters near a matrix: its rotation, the diagonal of what is left, and its place; shears are left to the fit.
 * False for a mirror. */
static bool pose_of(const double to_atlas[12], const double centre[3], vv_pose *out)
{
    double turn[12] = {0}, start[9], best = -HUGE_VAL, rest[9];
    if (!vv_affine_rotation(to_atlas, turn))
        return false;
    *out = (vv_pose){0};
    for (int k = 0; k < VV_STARTS; ++k) {
        double trace = 0;
        vv_pose_start(k, start);
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                trace += turn[4 * i + j] * start[3 * i + j];
        if (trace > best)
            best = trace, out->start = k;
    }
    vv_pose_start(out->start, start);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            rest[3 * i + j] = 0;
            for (int k = 0; k < 3; ++k)
                rest[3 * i + j] += turn[4 * i + k] * start[3 * j + k];
        }
    double w = 1 + rest[0] + rest[4] + rest[8];
    out->p[0] = (rest[7] - rest[5]) / w;
    out->p[1] = (rest[2] - rest[6]) / w;
    out->p[2] = (rest[3] - rest[1]) / w;
    for (int i = 0; i < 3; ++i) {
        double along = 0;
        for (int k = 0; k < 3; ++k)
            along += to_atlas[4 * i + k] * turn[4 * i + k];
        out->p[VV_P_SCALE + i] = along - 1;
        out->p[VV_P_SHIFT + i] = to_atlas[4 * i] * centre[0] + to_atlas[4 * i + 1] * centre[1] +
                                 to_atlas[4 * i + 2] * centre[2] + to_atlas[4 * i + 3];
    }
    return true;
}

vv_status vv_search_from(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                         const vv_atlas *atlas, const double to_atlas[12], const vv_found *before, vv_found *out,
                         vv_err *err)
{
    searcher s = {.grid = g, .trusted = trusted};
    vv_pose other;
    *out = *before;
    vv_status st = open_search(&s, dev, code, window, err);
    if (!st && pose_of(to_atlas, s.centre, &out->pose)) {
        st = finish(&s, atlas, 1, &out->pose, &other, &out->disagreement, err);
        if (!st)
            st = score_whole(&s, atlas, &out->pose, &out->best, err);
        if (!st)
            st = vv_score_detail(&s.scorer, &s.level[3], atlas->classes, s.centre, &out->pose, &out->fit, err);
        vv_pose_matrix(&out->pose, s.centre, out->to_atlas);
        vv_pose_matrix(&other, s.centre, out->other_to_atlas);
        bool rival = marks_move(g, out->to_atlas, before->to_atlas) > RIVAL_FAR;
        out->rival = rival ? before->best : before->rival;
        memcpy(out->rival_to_atlas, rival ? before->to_atlas : before->rival_to_atlas, sizeof out->rival_to_atlas);
    }
    close_search(&s, dev);
    return st;
}

vv_status vv_search_fit(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, const vv_atlas *atlas,
                        const vv_found *found, vv_fit *out, vv_err *err)
{
    vv_scorer scorer = {0};
    vv_points points = {0};
    vv_status st = vv_scorer_create(dev, 1, &scorer, err);
    if (!st)
        st = make_level(dev, g, window, code, 4.0, !window->ct, &points, NULL, err);
    if (!st)
        st = vv_score_detail(&scorer, &points, atlas->classes, found->centre, &found->pose, out, err);
    vv_points_release(dev, &points);
    scorer.dev = dev;
    vv_scorer_release(&scorer);
    return st;
}

vv_status vv_search_again(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool flat,
                          const vv_atlas *atlas, const vv_found *found, double *gain, double *move, vv_err *err)
{
    searcher s = {.grid = g, .centre = {found->centre[0], found->centre[1], found->centre[2]}};
    vv_points points = {0};
    vv_pose pose = found->pose;
    double at[12];
    vv_status st = vv_scorer_create(dev, 2 * VV_P_COUNT + 2, &s.scorer, err);
    if (!st)
        st = make_level(dev, g, window, code, 8.0, flat, &points, NULL, err);
    if (!st)
        st = vv_score(&s.scorer, &points, atlas->classes, s.centre, &pose, 1, err);
    *gain = -pose.score;
    if (!st)
        st = refine(&s, &points, atlas->classes, &pose, 1, 0.7, NO_SHEAR, 8, err);
    *gain += pose.score;
    vv_pose_matrix(&pose, s.centre, at);
    *move = marks_move(g, found->to_atlas, at);
    vv_points_release(dev, &points);
    s.scorer.dev = dev;
    vv_scorer_release(&s.scorer);
    return st;
}

/* The same matrix about another centre. */
static vv_pose about(vv_pose pose, const double from[3], const double to[3])
{
    double a[12], b[12];
    vv_pose_matrix(&pose, from, a);
    vv_pose_matrix(&pose, to, b);
    for (int i = 0; i < 3; ++i)
        pose.p[VV_P_SHIFT + i] += a[4 * i + 3] - b[4 * i + 3];
    return pose;
}

/* The best score of a head anywhere, and by how much a head elsewhere than `pose` (about `from`) is better than one
 * there, all refined alike. The search is about the series' own middle: by a wrong header that can lie anywhere. */
static vv_status look_elsewhere(searcher *s, const vv_atlas *atlas, const vv_pose *pose, const double from[3],
                                double *anywhere, double *better, vv_err *err)
{
    vv_pose kept[COARSE_KEPT], tried[ELSEWHERE_KEPT + 1];
    double here[12], other[12], best = 0;
    int n = 1;
    vv_status st = scan(s, atlas, kept, err);
    tried[0] = about(*pose, from, s->centre);
    vv_pose_matrix(&tried[0], s->centre, here);
    for (int i = 0; !st && i < COARSE_KEPT && n <= ELSEWHERE_KEPT; ++i) {
        vv_pose_matrix(&kept[i], s->centre, other);
        if (marks_move(s->grid, here, other) > RIVAL_FAR)
            tried[n++] = kept[i];
    }
    if (!st)
        st = vv_score(&s->scorer, &s->level[0], atlas->plain, s->centre, tried, 1, err);
    double there = tried[0].score;
    if (!st)
        st = refine(s, &s->level[0], atlas->plain, tried, n, 1.0, RIGID, 6, err);
    *anywhere = there;
    for (int i = 0; !st && i < n; ++i) { /* the first may have wandered off, too */
        vv_pose_matrix(&tried[i], s->centre, other);
        double score = tried[i].score;
        bool far = marks_move(s->grid, here, other) > RIVAL_FAR;
        *anywhere = score > *anywhere ? score : *anywhere;
        there = !far && score > there ? score : there;
        best = far && score > best ? score : best;
    }
    *better = best - there;
    return st;
}

vv_status vv_search_carry(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                          const vv_atlas *atlas, const vv_found *from, vv_carry *out, vv_err *err)
{
    searcher s = {.grid = g, .centre = {from->centre[0], from->centre[1], from->centre[2]}};
    double middle[3] = {0};
    vv_pose pose = from->pose;
    *out = (vv_carry){.found = *from};
    vv_status st = vv_scorer_create(dev, BATCH, &s.scorer, err);
    if (!st)
        st = make_level(dev, g, window, code, 16.0, false, &s.level[0], middle, err);
    if (!st)
        st = make_level(dev, g, window, code, 8.0, !window->ct, &s.level[2], NULL, err);
    if (!st)
        st = vv_score(&s.scorer, &s.level[2], atlas->classes, s.centre, &pose, 1, err);
    out->gain = -pose.score;
    if (!st)
        st = refine(&s, &s.level[2], atlas->classes, &pose, 1, 0.7, RIGID, 10, err);
    out->here = pose.score;
    out->gain += pose.score;
    out->found.pose = pose;
    vv_pose_matrix(&pose, s.centre, out->found.to_atlas);
    out->move = marks_move(g, from->to_atlas, out->found.to_atlas);
    memcpy(s.centre, middle, sizeof middle);
    if (!st)
        st = look_elsewhere(&s, atlas, &pose, from->centre, &out->anywhere, &out->elsewhere, err);
    for (int i = 0; i < 4; ++i)
        vv_points_release(dev, &s.level[i]);
    vv_scorer_release(&s.scorer);
    return st;
}
