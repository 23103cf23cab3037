/* A head made of the atlas's own classes, its slices 4 mm apart below and 7 mm above, in a grid that knows only the 4:
 * the pose must be right below, and the crown drawn out. */
#include "cpu_atlas.h"
#include "pressed.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 108, NY = 128, NZ = 33, KNEE = 15, N = NX * NY * NZ };
#define STEP 2.0
#define SLICE 4.0
#define THICK 7.0
static const double origin[3] = {-107.0, -120.0, -84.0};
/* Hounsfield units of a class, as a CT has them: dark on T1 and below the skin is bone, all else much alike. */
static float level_of(const double mm[3])
{
    int c = vv_atlas_class_at(mm);
    if (c < 2)
        return -1000.0f;
    return c >= VV_CLASS_DEEP && (c - VV_CLASS_DEEP) % 5 < 2 ? 700.0f : 30.0f;
}

/* The grid, its slices beyond the knee `thick` mm apart in truth; `turned`: stored from the crown down. */
static void make_head(double thick, bool turned, vv_grid *g)
{
    vv_err err;
    float *level = malloc(N * sizeof *level), *to = level;
    assert_non_null(level);
    *g = (vv_grid){.dims = {NX, NY, NZ},
                   .factor = {1, 1, 1},
                   .affine = {STEP, 0, 0, origin[0], 0, STEP, 0, origin[1], 0, 0, turned ? -SLICE : SLICE,
                              turned ? origin[2] + (NZ - 1) * SLICE : origin[2]},
                   .spacing = {STEP, STEP, SLICE}};
    for (int k = 0; k < NZ; k++)
        for (int j = 0; j < NY; j++)
            for (int i = 0; i < NX; i++) {
                int slice = turned ? NZ - 1 - k : k;
                double above = slice > KNEE ? slice - KNEE : 0;
                const double mm[3] = {origin[0] + STEP * i, origin[1] + STEP * j,
                                      origin[2] + SLICE * (slice - above) + thick * above};
                *to++ = level_of(mm);
            }
    assert_int_equal(vv_grid_create(dev, g, &err), VV_OK);
    assert_int_equal(vv_upload(dev, g->level, 0, level, N * sizeof *level, &err), VV_OK);
    free(level);
}

/* The most that a mark of the face or an ear at the height of the eyes or above is off, mm. */
static double off_by(const vv_found *f)
{
    static const int marks[] = {VV_LM_NASION, VV_LM_NOSE, VV_LM_EYE_L, VV_LM_EYE_R, VV_LM_EAR_L, VV_LM_EAR_R};
    double most = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const float *m = vv_atlas_landmarks[marks[i]];
        double d2 = 0;
        for (int r = 0; r < 3; r++) {
            const double *t = f->to_atlas + 4 * r;
            double d = t[0] * m[0] + t[1] * m[1] + t[2] * m[2] + t[3] - m[r];
            d2 += d * d;
        }
        most = d2 > most ? d2 : most;
    }
    return sqrt(most);
}

/* Searches the made head; *before, *after: how far off the pose is without and with the second look. */
static void look(double thick, bool turned, double *before, double *after, vv_grid *drawn)
{
    vv_err err;
    vv_grid g;
    vv_buf *code = NULL;
    vv_found found;
    const vv_window window = {.air = -1000, .bright = 300, .tissue = -350, .ct = true};
    make_head(thick, turned, &g);
    assert_int_equal(vv_buf_create(dev, N, &code, &err), VV_OK);
    assert_int_equal(vv_fill(dev, code, 0, 0, N, &err), VV_OK);
    assert_int_equal(vv_search(dev, &g, code, &window, true, &atlas, &found, &err), VV_OK);
    *before = off_by(&found);
    assert_int_equal(vv_pressed_try(dev, &g, code, &window, true, &atlas, &found, drawn, &err), VV_OK);
    *after = off_by(&found);
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
