/* test_perturb - the scoreboard's own truth: what was planted in a made-up head is where the perturbed truth says, and
 * results made wrong on purpose are called wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "atlas_geometry.h"
#include "load.h"
#include "perturb.h"
#include "score.h"

enum { NX = 53, NY = 63, NZ = 68, STEP = 4, TISSUE = 400, PLANTED = 4000 };

static void mm_of(const scene *s, int64_t i, double at[3])
{
    int64_t v[3];
    scene_index(s, i, v);
    scene_mm(s, v, at);
}

static double distance(const double a[3], const double b[3])
{
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

/* An ellipsoid of tissue with a ball of brain in it, upright in its field of view, lying as the atlas does. A box at
 * one landmark is brighter than all else, and is the only brain where `as_brain` says so. */
static scene make_head(int mark, bool as_brain)
{
    static const float atlas[MARKS][3] = VV_ATLAS_LANDMARKS;
    scene s = {.dims = {NX, NY, NZ}, .frames = 1, .dtype = VV_DT_I16, .slope = 1};
    s.layers = need((size_t)(scene_layers(&s) * scene_voxels(&s)), sizeof *s.layers);
    s.affine = (nifti_dmat44){{{STEP, 0, 0, -104}, {0, STEP, 0, -110}, {0, 0, STEP, -150}, {0, 0, 0, 1}}};
    s.pose = (nifti_dmat44){{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
    for (int i = 0; i < MARKS; i++) {
        s.known[i] = true;
        for (int k = 0; k < 3; k++) { /* the middle of a voxel, so that the box's is the same */
            double low = s.affine.m[k][3];
            s.at[i][k] = low + STEP * floor(((double)atlas[i][k] - low) / STEP + 0.5);
        }
    }
    for (int64_t i = 0; i < scene_voxels(&s); i++) {
        double at[3];
        mm_of(&s, i, at);
        double x = at[0] / 80, y = (at[1] - 15) / 105, z = (at[2] + 30) / 115;
        bool tissue = x * x + y * y + z * z < 1, brain = distance(at, (const double[3]){0, 0, 5}) < 50;
        bool planted =
            fabs(at[0] - s.at[mark][0]) < 8 && fabs(at[1] - s.at[mark][1]) < 8 && fabs(at[2] - s.at[mark][2]) < 8;
        scene_tissue(&s)[i] = tissue || planted;
        scene_brain(&s)[i] = as_brain ? planted : brain;
        s.layers[i] = planted ? PLANTED : tissue ? TISSUE + (brain ? 200 : 0) : (float)(i * 7919 % 13);
    }
    return s;
}

/* The middle (mm) of a layer, each voxel counted by what it is above `least`. False: nothing is. */
static bool middle_of(const scene *s, const float *layer, float least, double at[3])
{
    double n = 0, p[3];
    at[0] = at[1] = at[2] = 0;
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        double weight = (double)layer[i] - least;
        if (weight <= 0)
            continue;
        mm_of(s, i, p);
        n += weight;
        for (int k = 0; k < 3; k++)
            at[k] += weight * p[k];
    }
    for (int k = 0; k < 3; k++)
        at[k] /= n;
    return n > 0;
}

/* So far from the border of the field of view that the box is whole. */
static bool well_in_view(const scene *s, const double at[3])
{
    double v[3];
    bool in = voxel_of(s->dims, s->affine, at, v);
    for (int k = 0; k < 3; k++)
        in = in && v[k] > 2 && v[k] < (double)s->dims[k] - 3;
    return in;
}

/* Levels and brain are both where the truth says. Returns in how many of the two the mark is in view. */
static int follow(const char *name, int order, int mark)
{
    int which = perturb_find(name), seen = 0;
    for (int as_brain = 0; as_brain < 2; as_brain++) {
        double at[3];
        scene s = make_head(mark, as_brain);
        perturb_result done = perturb_all(&s, &which, 1, 3, "made", order);
        const float *layer = as_brain ? scene_brain(&s) : s.layers;
        assert_true(which >= 0 && done == PERTURB_DONE);
        if (well_in_view(&s, s.at[mark])) {
            assert_true(middle_of(&s, layer, as_brain ? 0 : 2.5f * TISSUE, at));
            if (distance(at, s.at[mark]) > (as_brain ? 0.45 : 2))
                fail_msg("%s, %s: %.1f mm off", name, mark_name(mark), distance(at, s.at[mark]));
            seen++;
        }
        scene_free(&s);
    }
    return seen;
}

static void marks_move_with_the_head(void **state)
{
    static const char *const geometric[] = {"none",      "child",     "rest",   "turn",      "shift", "no_crown",
                                            "no_neck",   "no_chin",   "slab",   "half_face", "iso3",  "thick_ax",
                                            "thick_cor", "thick_sag", "frames", "bias",      "lost",  "wrong"};
    (void)state;
    int seen = 0;
    for (size_t i = 0; i < sizeof geometric / sizeof *geometric; i++)
        for (int mark = 0; mark < MARKS; mark++)
            seen += follow(geometric[i], 0, mark);
    /* A third may be cut away, not more. */
    assert_true(seen > (int)(sizeof geometric / sizeof *geometric) * MARKS * 4 / 3);
}

static void every_order_of_axes(void **state)
{
    (void)state;
    for (int order = 0; order < 48; order++) {
        assert_int_equal(follow("axes", order, MARK_NASION), 2);
        assert_int_equal(follow("axes", order, MARK_EAR_L), 2);
    }
}

/* The levels of the voxels do not change when their order does, and 48 orders are all different. */
static void orders_differ(void **state)
{
    int which = perturb_find("axes");
    double seen[48];
    (void)state;
    for (int order = 0; order < 48; order++) {
        scene s = make_head(MARK_EAR_L, false);
        perturb_all(&s, &which, 1, 1, "made", order);
        seen[order] = 0;
        for (int64_t i = 0; i < scene_voxels(&s); i++)
            seen[order] += s.layers[i] * (double)(i % 10007);
        for (int k = 0; k < order; k++)
            assert_true(seen[k] != seen[order]);
        scene_free(&s);
    }
}

/* Whichever way the voxels run: what is cut off and what stays. */
static void cuts_where_told(void **state)
{
    static const struct {
        const char *name;
        int mark;
        double out[3], in[3]; /* from the mark, mm */
    } cuts[] = {
        {"no_crown", MARK_NASION, {0, -60, 66}, {0, -60, 54}},
        {"no_neck", MARK_CHIN, {0, -60, -6}, {0, -60, 6}},
        {"no_chin", MARK_MOUTH, {0, -60, -6}, {0, -60, 6}},
    };
    (void)state;
    for (int order = 0; order < 48; order += 5)
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            double out[3], in[3], v[3];
            int which = perturb_find(cuts[i].name);
            scene s = make_head(MARK_NASION, false);
            random_stream r = {1};
            perturb_axes(&s, &r, order);
            for (int k = 0; k < 3; k++) {
                out[k] = s.at[cuts[i].mark][k] + cuts[i].out[k];
                in[k] = s.at[cuts[i].mark][k] + cuts[i].in[k];
            }
            assert_true(voxel_of(s.dims, s.affine, out, v) && voxel_of(s.dims, s.affine, in, v));
            assert_int_equal(perturb_all(&s, &which, 1, 1, "made", 0), PERTURB_DONE);
            assert_true(!voxel_of(s.dims, s.affine, out, v) && voxel_of(s.dims, s.affine, in, v));
            scene_free(&s);
        }
}

/* The nose stands behind the head, and only there. */
static void nose_wraps(void **state)
{
    int which = perturb_find("wrap");
    double at[3];
    (void)state;
    for (int order = 0; order < 48; order += 5) {
        scene s = make_head(MARK_NOSE, false);
        random_stream r = {1};
        perturb_axes(&s, &r, order);
        perturb_all(&s, &which, 1, 5, "made", 0);
        assert_true(s.known[MARK_NOSE] && well_in_view(&s, s.at[MARK_NOSE]));
        assert_true(s.at[MARK_NOSE][1] < -90);
        assert_true(middle_of(&s, s.layers, 2.0f * TISSUE, at));
        assert_true(distance(at, s.at[MARK_NOSE]) < 2);
        scene_free(&s);
    }
}

/* A head rest is behind the head, and nowhere on it. */
static void rest_is_behind(void **state)
{
    int which = perturb_find("rest");
    (void)state;
    for (int order = 0; order < 48; order += 5) {
        int64_t seen = 0;
        scene s = make_head(MARK_NOSE, false);
        random_stream r = {1};
        perturb_axes(&s, &r, order);
        perturb_all(&s, &which, 1, 5, "made", 0);
        for (int64_t i = 0; i < scene_voxels(&s); i++) {
            double at[3];
            mm_of(&s, i, at);
            if (scene_tissue(&s)[i] == 0 && s.layers[i] > 100) {
                seen++;
                assert_true(at[1] < -10);
            }
        }
        assert_true((double)seen * STEP * STEP * STEP > 200e3);
        scene_free(&s);
    }
}

static void same_seed_same_head(void **state)
{
    int which[2] = {perturb_find("turn"), perturb_find("noise")};
    scene a = make_head(0, false), b = make_head(0, false), c = make_head(0, false);
    size_t bytes = (size_t)scene_voxels(&a) * sizeof(float);
    (void)state;
    perturb_all(&a, which, 2, 9, "made", 0);
    perturb_all(&b, which, 2, 9, "made", 0);
    perturb_all(&c, which, 2, 10, "made", 0);
    assert_memory_equal(a.layers, b.layers, bytes);
    assert_true(memcmp(a.layers, c.layers, bytes));
    scene_free(&a);
    scene_free(&b);
    scene_free(&c);
}

/* Noise, bias and contrast: the share of what they promise is there. */
static void levels_are_as_told(void **state)
{
    int noise = perturb_find("noise"), invert = perturb_find("invert"), negative = perturb_find("negative");
    (void)state;
    scene s = make_head(0, false), clean = scene_copy(&s);
    perturb_all(&s, &noise, 1, 1, "made", 0);
    double sum = 0, n = 0;
    for (int64_t i = 0; i < scene_voxels(&s); i++)
        if (scene_brain(&s)[i] > 0) {
            sum += pow(s.layers[i] - clean.layers[i], 2);
            n++;
        }
    double snr = (TISSUE + 200) / sqrt(sum / n);
    assert_true(snr > 4.7 && snr < 5.3);
    scene_free(&s);
    s = scene_copy(&clean);
    perturb_all(&s, &invert, 1, 1, "made", 0);
    int64_t middle = ((38 * NY) + 28) * NX + 26, rim = ((38 * NY) + 53) * NX + 26, air = 5;
    assert_true(clean.layers[middle] > clean.layers[rim] && s.layers[middle] < s.layers[rim]);
    assert_true(s.layers[air] == clean.layers[air] && s.layers[middle] > 100);
    scene_free(&s);
    s = scene_copy(&clean);
    perturb_all(&s, &negative, 1, 1, "made", 0);
    assert_true(s.layers[air] > s.layers[rim] && s.layers[rim] > s.layers[middle]);
    scene_free(&s);
    scene_free(&clean);
}

typedef struct result {
    scene s;
    int16_t *before, *after;
    uint8_t *mask;
} result;

static void erase(void *user, int64_t i)
{
    result *r = user;
    r->mask[i] = 1;
    r->after[i] = 3;
}

/* All landmarks gone, nothing else touched. */
static result good_result(void)
{
    result r = {.s = make_head(MARK_NASION, false)};
    r.before = scene_store(&r.s);
    r.after = scene_store(&r.s);
    r.mask = need((size_t)scene_voxels(&r.s), 1);
    for (int k = 0; k < MARKS; k++)
        ball_visit(r.s.dims, r.s.affine, r.s.at[k], 15, erase, &r);
    return r;
}

static score judge_result(result *r, const char *verdict)
{
    score out = {0};
    snprintf(out.verdict, sizeof out.verdict, "%s", verdict);
    score_judge(&r->s, r->before, r->after, r->mask, &out);
    free(r->before);
    free(r->after);
    free(r->mask);
    scene_free(&r->s);
    return out;
}

static void judge_sees_what_is_wrong(void **state)
{
    (void)state;
    result r = good_result();
    score s = judge_result(&r, "clean");
    assert_int_equal(s.judged, JUDGED_RIGHT);
    assert_int_equal(s.mark[MARK_NASION], MARK_GONE);
    assert_int_equal(s.mark[MARK_EAR_L], MARK_GONE);

    r = good_result(); /* half the nasion is in the mask, but stands as it was */
    for (int64_t i = 0; i < scene_voxels(&r.s); i++) {
        double at[3];
        mm_of(&r.s, i, at);
        if (distance(at, r.s.at[MARK_NASION]) < 12 && at[0] > r.s.at[MARK_NASION][0])
            r.after[i] = r.before[i];
    }
    s = judge_result(&r, "clean");
    assert_int_equal(s.judged, JUDGED_WRONG);
    assert_string_equal(s.why, "nasion left");

    r = good_result(); /* one voxel of it is not in the mask */
    double v[3];
    voxel_of(r.s.dims, r.s.affine, r.s.at[MARK_NASION], v);
    int64_t at =
        scene_voxel(&r.s, (const int64_t[3]){(int64_t)(v[0] + 0.5), (int64_t)(v[1] + 0.5), (int64_t)(v[2] + 0.5)});
    r.after[at] = r.before[at];
    r.mask[at] = 0;
    s = judge_result(&r, "clean");
    assert_string_equal(s.why, "nasion left");

    r = good_result(); /* an ear stands */
    memcpy(r.after, r.before, (size_t)(NX * NY * NZ) * sizeof *r.after);
    memset(r.mask, 0, (size_t)(NX * NY * NZ));
    for (int k = 0; k < MARKS; k++)
        if (k != MARK_EAR_R)
            ball_visit(r.s.dims, r.s.affine, r.s.at[k], 15, erase, &r);
    s = judge_result(&r, "clean");
    assert_string_equal(s.why, "ear_r left");

    r = good_result(); /* brain */
    at = ((38 * NY) + 28) * NX + 26;
    r.after[at] = 3;
    r.mask[at] = 1;
    s = judge_result(&r, "clean");
    assert_true(s.judged == JUDGED_WRONG && s.brain == 1 && s.outside == 0);

    r = good_result(); /* outside the mask */
    r.after[5]++;
    s = judge_result(&r, "clean");
    assert_true(s.judged == JUDGED_WRONG && s.outside == 1);

    r = good_result(); /* a face in view, and yet "no_face" */
    memcpy(r.after, r.before, (size_t)(NX * NY * NZ) * sizeof *r.after);
    s = judge_result(&r, "no_face");
    assert_int_equal(s.judged, JUDGED_WRONG);

    r = good_result(); /* none in view: right, but only while nothing changed */
    memset(r.s.known, 0, sizeof r.s.known);
    memcpy(r.after, r.before, (size_t)(NX * NY * NZ) * sizeof *r.after);
    s = judge_result(&r, "no_face");
    assert_int_equal(s.judged, JUDGED_RIGHT);
    r = good_result();
    memset(r.s.known, 0, sizeof r.s.known);
    s = judge_result(&r, "no_face");
    assert_int_equal(s.judged, JUDGED_WRONG);
}

/* Only the first of three frames is cleaned. */
static void judge_sees_every_frame(void **state)
{
    (void)state;
    int frames = perturb_find("frames");
    for (int cleaned = 1; cleaned <= 3; cleaned += 2) {
        result r = good_result();
        int64_t n = scene_voxels(&r.s);
        assert_int_equal(perturb_all(&r.s, &frames, 1, 1, "made", 0), PERTURB_DONE);
        free(r.before);
        free(r.after);
        r.before = scene_store(&r.s);
        r.after = scene_store(&r.s);
        for (int64_t i = 0; i < cleaned * n; i++)
            if (r.mask[i % n])
                r.after[i] = 3;
        score s = judge_result(&r, "clean");
        assert_int_equal(s.judged, cleaned == 3 ? JUDGED_RIGHT : JUDGED_WRONG);
        assert_int_equal(s.mark[MARK_NASION], cleaned == 3 ? MARK_GONE : MARK_LEFT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_move_with_the_head),
        cmocka_unit_test(every_order_of_axes),
        cmocka_unit_test(orders_differ),
        cmocka_unit_test(nose_wraps),
        cmocka_unit_test(cuts_where_told),
        cmocka_unit_test(rest_is_behind),
        cmocka_unit_test(same_seed_same_head),
        cmocka_unit_test(levels_are_as_told),
        cmocka_unit_test(judge_sees_what_is_wrong),
        cmocka_unit_test(judge_sees_every_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
