/* A head made of the atlas's own classes, its slices 4 mm apart below and 7 mm above, in a grid that knows only the 4:
 * the pose must be right below, and the crown drawn out. */
#include "pressed.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "made_ct.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 108, NY = 128, NZ = 33, KNEE = 15, N = NX * NY * NZ };
#define STEP 2.0
#define SLICE 4.0
#define THICK 7.0
static const int32_t dims[3] = {NX, NY, NZ};
static const double origin[3] = {-107.0, -120.0, -84.0};
/* The grid, its slices beyond the knee `thick` mm apart in truth; `turned`: stored from the crown down. */
static void make_head(double thick, bool turned, vv_grid *g)
{
    float *level = malloc(N * sizeof *level), *to = level;
    assert_non_null(level);
    for (int k = 0; k < NZ; k++)
        for (int j = 0; j < NY; j++)
            for (int i = 0; i < NX; i++) {
                int slice = turned ? NZ - 1 - k : k;
                double above = slice > KNEE ? slice - KNEE : 0;
                const double mm[3] = {origin[0] + STEP * i, origin[1] + STEP * j,
                                      origin[2] + SLICE * (slice - above) + thick * above};
                *to++ = made_level(mm);
            }
    const double step[3] = {STEP, STEP, turned ? -SLICE : SLICE};
    const double at[3] = {origin[0], origin[1], turned ? origin[2] + (NZ - 1) * SLICE : origin[2]};
    made_grid(dims, step, at, level, g);
    free(level);
}

/* Searches the made head; *before, *after: how far off the pose is without and with the second look. */
static void look(double thick, bool turned, double *before, double *after, vv_grid *drawn)
{
    vv_err err;
    vv_grid g;
    vv_buf *code = NULL;
    vv_found found;
    make_head(thick, turned, &g);
    assert_int_equal(vv_buf_create(dev, N, &code, &err), VV_OK);
    assert_int_equal(vv_fill(dev, code, 0, 0, N, &err), VV_OK);
    assert_int_equal(vv_search(dev, &g, code, &made_window, true, &atlas, &found, &err), VV_OK);
    *before = made_off_by(&found);
    assert_int_equal(vv_pressed_try(dev, &g, code, &made_window, true, &atlas, &found, drawn, &err), VV_OK);
    *after = made_off_by(&found);
    vv_buf_destroy(dev, &code);
    vv_grid_release(dev, &g);
}

static void pressed_crown(void **unused)
{
    (void)unused;
    for (int turned = 0; turned < 2; turned++) {
        double before, after;
        vv_grid drawn;
        look(THICK, turned, &before, &after, &drawn);
        print_message("off by %.1f mm, then by %.1f mm\n", before, after);
        assert_true(before > 15);
        assert_true(after < 6);
        assert_non_null(drawn.level);
        double top = (drawn.dims[2] - 1) * SLICE, truth = KNEE * SLICE + (NZ - 1 - KNEE) * THICK;
        assert_true(fabs(top - truth) < 15);
        double low = drawn.affine[11] + (turned ? drawn.affine[10] * (drawn.dims[2] - 1) : 0);
        assert_true(fabs(low - origin[2]) < 1e-9);
        vv_grid_release(dev, &drawn);
    }
}

static void even_slices(void **unused)
{
    (void)unused;
    double before, after;
    vv_grid drawn;
    look(SLICE, false, &before, &after, &drawn);
    print_message("off by %.1f mm, then by %.1f mm\n", before, after);
    assert_null(drawn.level);
    assert_true(after == before && after < 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pressed_crown),
        cmocka_unit_test(even_slices),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
