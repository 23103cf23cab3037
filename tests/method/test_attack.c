/* test_attack - the attacks' arithmetic against answers worked out elsewhere, and the attacks on made surfaces. */
#include "alloc.h"
#include "attack.h"
#include "attack_blur.h"
#include "attack_match.h"
#include "attack_numbers.h"
#include "attack_rebuild.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static double draw(uint64_t *state) /* -1..1 */
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-52 - 1;
}

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%g is not %g", got, want);
}

/* Limits as tables of Wilson's interval have them. */
static void wilson(void **state)
{
    double lo, hi;
    (void)state;
    vv_wilson(10, 100, &lo, &hi);
    near(lo, 0.05523, 1e-5), near(hi, 0.17437, 1e-5);
    vv_wilson(0, 20, &lo, &hi);
    near(lo, 0, 0), near(hi, 0.16113, 1e-5);
    vv_wilson(20, 20, &lo, &hi);
    near(lo, 0.83887, 1e-5), near(hi, 1, 0);
}

/* Ten throws of a coin: at most 8 heads in 98.9 %, at most 7 in 94.5 %. */
static void chance(void **state)
{
    (void)state;
    near(vv_chance_limit(0.5, 10), 0.8, 1e-12);
    near(vv_chance_limit(1.0 / 119, 119), 3.0 / 119, 1e-12);
    near(vv_chance_limit(1, 5), 1, 0);
    near(vv_chance_limit(0, 5), 0, 0);
}

static void roc(void **state)
{
    double right[] = {3, 1, 5}, wrong[] = {2, 1}, same[] = {1, 1}, again[] = {1};
    (void)state;
    near(vv_auc(right, 3, wrong, 2), 4.5 / 6, 1e-12); /* 1 is below 2 and equal to 1 */
    near(vv_auc(same, 2, again, 1), 0.5, 1e-12);
}

/* Rows find themselves second, first, first; ties count half; groups leave out who is not of them. */
static void rates(void **state)
{
    const double score[] = {1, 2, 0, 0, 5, 1, 0, 0, 3};
    const int own[] = {0, 1, 2}, group[] = {0, 0, 1};
    const double flat[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    vv_rate r;
    (void)state;
    assert_true(vv_rate_make(score, 3, 3, own, NULL, NULL, &r));
    assert_int_equal(r.n, 3);
    near(r.rank1, 2.0 / 3, 1e-12), near(r.rank5, 1, 0), near(r.chance, 1.0 / 3, 1e-12);
    assert_true(vv_rate_make(score, 3, 3, own, group, group, &r));
    assert_int_equal(r.n, 2);
    near(r.rank1, 0.5, 1e-12), near(r.chance, 0.5, 1e-12);
    assert_true(vv_rate_make(flat, 3, 3, own, NULL, NULL, &r));
    near(r.rank1, 0, 0), near(r.auc, 0.5, 1e-12);
}

static void inverse(void **state)
{
    double a[] = {4, 2, 2, 3}, bad[] = {1, 2, 2, 1};
    (void)state;
    assert_true(vv_invert_spd(a, 2));
    near(a[0], 0.375, 1e-12), near(a[1], -0.25, 1e-12), near(a[2], -0.25, 1e-12), near(a[3], 0.5, 1e-12);
    assert_false(vv_invert_spd(bad, 2));
}

enum { SIDE = 32 };
static const int64_t cube[3] = {SIDE, SIDE, SIDE};

static double off(const float *a, const float *b)
{
    double sum = 0;
    for (int i = 0; i < SIDE * SIDE * SIDE; ++i)
        sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return sqrt(sum);
}

/* A point becomes a Gaussian of the width asked for, in mm along each axis; a smooth ball comes back by both ways. */
static void deblur(void **state)
{
    static float point[SIDE * SIDE * SIDE], ball[SIDE * SIDE * SIDE], blurred[SIDE * SIDE * SIDE],
        back[SIDE * SIDE * SIDE];
    const double mm[3] = {1, 2, 1.5};
    (void)state;
    point[(16 * SIDE + 16) * SIDE + 16] = 1;
    assert_true(vv_blur(point, cube, mm, 2));
    double sum = 0, wide[3] = {0};
    for (int i = 0; i < SIDE * SIDE * SIDE; ++i) {
        const int v[3] = {i % SIDE - 16, i / SIDE % SIDE - 16, i / SIDE / SIDE - 16};
        sum += (double)point[i];
        for (int k = 0; k < 3; ++k)
            wide[k] += (double)point[i] * v[k] * v[k] * mm[k] * mm[k];
        ball[i] = (float)(100 * exp(-(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) / 18.0));
    }
    near(sum, 1, 1e-5);
    for (int k = 0; k < 3; ++k)
        near(sqrt(wide[k]), 2, 0.02);
    memcpy(blurred, ball, sizeof ball);
    assert_true(vv_blur(blurred, cube, (const double[3]){1, 1, 1}, 2));
    double before = off(blurred, ball);
    for (int how = 0; how < 2; ++how) {
        memcpy(back, blurred, sizeof back);
        assert_true(vv_blur_undo(back, cube, (const double[3]){1, 1, 1}, 2,
                                 how ? VV_UNBLUR_RICHARDSON : VV_UNBLUR_WIENER, 1e-4, 30));
        assert_true(off(back, ball) < 0.2 * before);
    }
}

/* --- made surfaces: an egg with bumps of its own on the face and on the skull --- */

typedef struct made {
    double bump[24][4]; /* x, z of the atlas, height, width; mm */
} made;

static made make_person(uint64_t number)
{
    made m;
    uint64_t state = number * 977 + 5;
    for (int i = 0; i < 24; ++i) {
        m.bump[i][0] = 70 * draw(&state);
        m.bump[i][1] = i < 12 ? -60 + 45 * draw(&state) : 45 + 35 * draw(&state);
        m.bump[i][2] = 6 * draw(&state);
        m.bump[i][3] = 11 + 3 * draw(&state);
    }
    return m;
}

static double surface(const made *m, double x, double z)
{
    double y = 1 - x * x / (85 * 85) - (z + 20) * (z + 20) / (125 * 125);
    y = y > 0 ? 110 * sqrt(y) : -1;
    for (int i = 0; i < 24 && y > 0; ++i) {
        double d = ((x - m->bump[i][0]) * (x - m->bump[i][0]) + (z - m->bump[i][1]) * (z - m->bump[i][1]));
        y += m->bump[i][2] * exp(-0.5 * d / (m->bump[i][3] * m->bump[i][3]));
    }
    return y;
}

/* Seen with the pose off by a shift (mm) along x, y, z and with noise. The views from the sides show nothing. */
static void see(const made *m, const double shift[3], double noise, uint64_t *state, vv_maps *out)
{
    for (int i = 0; i < VV_MAP_VIEWS * VV_MAP_PIXELS; ++i)
        out->depth[i / VV_MAP_PIXELS][i % VV_MAP_PIXELS] = VV_MAP_NONE;
    for (int i = 0; i < VV_MAP_PIXELS; ++i) {
        double at[3];
        vv_maps_place(VV_MAP_FRONT, i % VV_MAP_WIDTH, i / VV_MAP_WIDTH, 0, at);
        double y = surface(m, at[0] - shift[0], at[2] - shift[2]);
        if (y > 0)
            out->depth[VV_MAP_FRONT][i] = (float)(VV_MAP_START - y - shift[1] + noise * draw(state));
    }
}

/* An ellipsoid of tissue in the frame of the atlas, seen from three sides: to a voxel (2 mm) where its surface faces
 * the viewer. */
static void looked_at(void **state)
{
    enum { NX = 100, NY = 120, NZ = 104 };
    static const double radius[3] = {75, 100, 90}, pose[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    static vv_maps maps;
    uint8_t *data = vv_malloc(NX * NY * NZ, 1);
    vv_volume v = {.dims = {NX, NY, NZ},
                   .frames = 1,
                   .dtype = VV_DT_U8,
                   .slope = 1,
                   .affine = {2, 0, 0, -99, 0, 2, 0, -119, 0, 0, 2, -103},
                   .affine_trusted = true,
                   .spacing = {2, 2, 2},
                   .data = data,
                   .bytes = NX * NY * NZ};
    vv_pool *pool = NULL;
    vv_device *dev = NULL;
    vv_err err;
    (void)state;
    for (int i = 0; i < NX * NY * NZ; ++i) {
        const double mm[3] = {2.0 * (i % NX) - 99, 2.0 * (i / NX % NY) - 119, 2.0 * (i / NX / NY) - 103};
        double r = 0;
        for (int k = 0; k < 3; ++k)
            r += mm[k] * mm[k] / (radius[k] * radius[k]);
        double inside = 90 * (1 - sqrt(r)) / 2 + 0.5; /* of a voxel, about */
        data[i] = (uint8_t)(200 * (inside < 0 ? 0 : inside > 1 ? 1 : inside));
    }
    assert_int_equal(vv_pool_create(1, &pool, &err), VV_OK);
    assert_int_equal(vv_device_open("cpu", pool, &dev, &err), VV_OK);
    assert_int_equal(vv_maps_make(dev, &v, pose, &maps, &err), VV_OK);
    assert_int_equal(vv_maps_make(dev, &v, (const double[16]){0}, &maps, &err), VV_E_USAGE);
    const int along[VV_MAP_VIEWS] = {1, 0, 0};
    for (int view = 0; view < VV_MAP_VIEWS; ++view)
        for (int i = 0; i < VV_MAP_PIXELS; ++i) {
            double at[3], r = 0;
            vv_maps_place(view, i % VV_MAP_WIDTH, i / VV_MAP_WIDTH, VV_MAP_START, at);
            for (int k = 0; k < 3; ++k)
                r += k == along[view] ? 0 : at[k] * at[k] / (radius[k] * radius[k]);
            if (r < 0.5)
                near((double)maps.depth[view][i], VV_MAP_START - radius[along[view]] * sqrt(1 - r), 2);
            if (r > 1.1)
                near((double)maps.depth[view][i], (double)VV_MAP_NONE, 0);
        }
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    vv_free(data);
}

/* Takes away all that lies in the face area; what a person has inside shows. */
static void hide(const vv_maps_frame *frame, int person, vv_maps *m)
{
    for (int v = 0; v < VV_MAP_VIEWS; ++v)
        for (int i = 0; i < VV_MAP_PIXELS; ++i)
            if (frame->reach[v][i] > 0)
                m->depth[v][i] = frame->reach[v][i] + (float)((i * 7919 + person * 104729) % 97) / 16;
}

typedef enum cleaned_how { HIDDEN, AS_IT_WAS } cleaned_how;

static void attack(int people, cleaned_how how, vv_attack_result *r)
{
    static vv_maps maps;
    static vv_maps_frame frame;
    vv_gallery *g = NULL;
    vv_err err;
    uint64_t state = 3;
    vv_maps_frame_make(&frame);
    assert_int_equal(vv_gallery_create(&g, &err), VV_OK);
    for (int i = 0; i < people; ++i) {
        made m = make_person((uint64_t)i);
        see(&m, (const double[3]){0, 0, 0}, 0.3, &state, &maps);
        assert_int_equal(vv_gallery_add(g, VV_SCAN_KNOWN, i, 0, &maps, &err), VV_OK);
        hide(&frame, i, &maps);
        assert_int_equal(vv_gallery_add(g, VV_SCAN_LINKED, i, 0, &maps, &err), VV_OK);
        see(&m, (const double[3]){1.5 * draw(&state), 2 * draw(&state), 1.5 * draw(&state)}, 0.3, &state, &maps);
        assert_int_equal(vv_gallery_add(g, VV_SCAN_ORIGINAL, i, 0, &maps, &err), VV_OK);
        if (how == HIDDEN)
            hide(&frame, i, &maps);
        assert_int_equal(vv_gallery_add(g, VV_SCAN_CLEANED, i, 0, &maps, &err), VV_OK);
    }
    assert_int_equal(vv_gallery_add(g, VV_SCAN_KNOWN, 0, 0, &maps, &err), VV_E_USAGE);
    assert_int_equal(vv_gallery_add(g, VV_SCAN_UNBLURRED, 0, 1, &maps, &err), VV_E_USAGE);
    assert_int_equal(vv_attack_run(g, r, &err), VV_OK);
    vv_gallery_destroy(&g);
    assert_null(g);
}

static double rank1(const vv_attack_result *r, vv_attack_kind kind, vv_attack_area area, bool cleaned)
{
    const vv_attack_figure *f = vv_attack_find(r, kind, area, cleaned);
    assert_non_null(f);
    return f->all.rank1;
}

/* Faces that are gone are not found, skulls that stay are. */
static void faces_gone(void **state)
{
    vv_attack_result r;
    (void)state;
    attack(30, HIDDEN, &r);
    near(rank1(&r, VV_ATTACK_MATCH, VV_AREA_FACE, false), 1, 0);
    near(rank1(&r, VV_ATTACK_MATCH, VV_AREA_REST, false), 1, 0);
    assert_true(rank1(&r, VV_ATTACK_MATCH, VV_AREA_FACE, true) <= 1.0 / 30 + 1e-12);
    assert_true(rank1(&r, VV_ATTACK_FILL, VV_AREA_FACE, true) <= 1.0 / 30 + 1e-12);
    near(rank1(&r, VV_ATTACK_MATCH, VV_AREA_REST, true), 1, 0);
    near(rank1(&r, VV_ATTACK_LINK, VV_AREA_HEAD, true), 1, 0);
    assert_true(rank1(&r, VV_ATTACK_LINK, VV_AREA_FACE, true) <= 1.0 / 30 + 1e-12);
    assert_true(r.rebuild.explained <= r.rebuild.permuted + VV_REBUILD_OVER);
    assert_false(r.weak);
    assert_true(r.held);
}

static void faces_left(void **state)
{
    vv_attack_result r;
    (void)state;
    attack(30, AS_IT_WAS, &r);
    near(rank1(&r, VV_ATTACK_MATCH, VV_AREA_FACE, true), 1, 0);
    assert_false(r.held);
    assert_non_null(strstr(r.reason, "match"));
}

static void too_few(void **state)
{
    vv_attack_result r;
    (void)state;
    attack(8, HIDDEN, &r);
    assert_true(r.weak);
    assert_false(r.held);
}

static void nobody(void **state)
{
    vv_gallery *g = NULL;
    vv_attack_result r;
    vv_err err;
    (void)state;
    assert_int_equal(vv_gallery_create(&g, &err), VV_OK);
    assert_int_equal(vv_attack_run(g, &r, &err), VV_E_USAGE);
    vv_gallery_destroy(&g);
}

/* What is left tells a known part of the face: half of its variance in three directions, or none of it. */
static void rebuilt(void **state)
{
    enum { N = 60 };
    float *left = vv_malloc(N * VV_CELLS, sizeof *left), *face = vv_malloc(N * VV_CELLS, sizeof *face);
    double *score = vv_malloc(N * N, sizeof *score);
    int group[N] = {0}, fold[N], own[N];
    vv_rate rate;
    (void)state;
    for (int told = 0; told < 2; ++told) {
        uint64_t s = 11;
        vv_rebuild_figure r;
        for (int i = 0; i < N; ++i) {
            double a[3], b[3];
            for (int k = 0; k < 3; ++k)
                a[k] = draw(&s), b[k] = draw(&s);
            for (int c = 0; c < VV_CELLS; ++c) {
                int at = i * VV_CELLS + c, k = c % 3;
                left[at] = (float)(100 + 3 * a[k] + 0.05 * draw(&s));
                face[at] = (float)(80 + 3 * b[k] + (told ? 3 * a[k] : 0));
            }
        }
        assert_true(vv_rebuild(left, face, group, N, told, &r, fold, score));
        assert_int_equal(r.n, N);
        for (int i = 0; i < N; ++i)
            own[i] = i;
        assert_true(vv_rate_make(score, N, N, own, fold, fold, &rate));
        assert_int_equal(rate.n, N);
        near(rate.chance, 1.0 / (N / VV_REBUILD_FOLDS), 1e-12);
        near(rate.auc, told ? 0.8 : 0.5, 0.12);
        near(r.explained, told ? 0.5 : 0, 0.12);
        assert_true(told ? r.explained > r.permuted + 0.2 : r.explained <= r.permuted + VV_REBUILD_OVER);
        assert_true(told ? r.error_mm < 0.9 * r.average_mm : r.error_mm > 0.95 * r.average_mm);
    }
    vv_free(left), vv_free(face), vv_free(score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson),  cmocka_unit_test(chance), cmocka_unit_test(roc),        cmocka_unit_test(rates),
        cmocka_unit_test(inverse), cmocka_unit_test(deblur), cmocka_unit_test(faces_gone), cmocka_unit_test(faces_left),
        cmocka_unit_test(too_few), cmocka_unit_test(nobody), cmocka_unit_test(rebuilt),    cmocka_unit_test(looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
