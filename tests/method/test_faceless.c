/* A head made of the atlas's classes, its face and neck cut away or not: the fit must do without the face where there
 * is none, and only there. */
#include "faceless.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "made_ct.h"
#include <stdlib.h>

enum { NX = 72, NY = 90, NZ = 64, N = NX * NY * NZ };
#define STEP 3.0
static const int32_t dims[3] = {NX, NY, NZ};
static const double step[3] = {STEP, STEP, STEP};
static const double origin[3] = {-108.0, -128.0, -108.0};

/* What a tool took out: all below a plane that falls from above the nose towards the neck, and the front. */
static bool cut_away(const double mm[3])
{
    return mm[2] < -60 + 0.2 * mm[1] || (mm[1] > 60 && mm[2] < -15);
}

static void make_grid(bool cut, vv_grid *g)
{
    float *level = malloc(N * sizeof *level), *to = level;
    assert_non_null(level);
    for (int k = 0; k < NZ; k++)
        for (int j = 0; j < NY; j++)
            for (int i = 0; i < NX; i++) {
                const double mm[3] = {origin[0] + STEP * i, origin[1] + STEP * j, origin[2] + STEP * k};
                *to++ = cut && cut_away(mm) ? -1000.0f : made_level(mm);
            }
    made_grid(dims, step, origin, level, g);
    free(level);
}

static void look(bool cut)
{
    vv_err err;
    vv_grid g;
    vv_buf *code = NULL;
    vv_found found;
    vv_atlas own = atlas;
    make_grid(cut, &g);
    assert_int_equal(vv_buf_create(dev, N, &code, &err), VV_OK);
    assert_int_equal(vv_fill(dev, code, 0, 0, N, &err), VV_OK);
    assert_int_equal(vv_search(dev, &g, code, &made_window, true, &own, &found, &err), VV_OK);
    double before = made_off_by(&found), fit = found.fit.all;
    assert_int_equal(vv_faceless_try(dev, &g, code, &made_window, true, &own, &found, &err), VV_OK);
    double after = made_off_by(&found);
    print_message("off by %.1f mm at %.3f, then by %.1f mm at %.3f\n", before, fit, after, found.fit.all);
    assert_true((own.classes == atlas.faceless && own.faceless == atlas.classes) == cut);
    assert_true(after < 5);
    if (cut)
        assert_true(found.fit.all > fit + 0.02);
    else
        assert_true(after == before && found.fit.all == fit);
    vv_buf_destroy(dev, &code);
    vv_grid_release(dev, &g);
}

static void face_cut_away(void **unused)
{
    (void)unused;
    look(true);
}
static void face_there(void **unused)
{
    (void)unused;
    look(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(face_cut_away), cmocka_unit_test(face_there)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
