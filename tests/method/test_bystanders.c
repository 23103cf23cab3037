/* A head made of the atlas's classes with a slab beside it: the slab goes, the head stays, and nothing goes from a head
 * that is alone. */
#include "bystanders.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include "made_ct.h"
#include <stdlib.h>

enum { NX = 56, NY = 78, NZ = 56, N = NX * NY * NZ };
#define STEP 4.0
static const int32_t dims[3] = {NX, NY, NZ};
static const double step[3] = {STEP, STEP, STEP};
static const double origin[3] = {-112.0, -160.0, -120.0};
static const double identity[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

/* 16 mm thick, behind the head. */
static bool in_slab(const double mm[3])
{
    return mm[1] < -135 && mm[1] > -152 && fabs(mm[0]) < 80;
}

static void make_grid(bool slab, vv_grid *g, float *level)
{
    float *to = level;
    for (int k = 0; k < NZ; k++)
        for (int j = 0; j < NY; j++)
            for (int i = 0; i < NX; i++) {
                const double mm[3] = {origin[0] + STEP * i, origin[1] + STEP * j, origin[2] + STEP * k};
                *to++ = slab && in_slab(mm) ? 100.0f : made_level(mm);
            }
    made_grid(dims, step, origin, level, g);
}

static void clear(bool slab, vv_grid *alone)
{
    vv_err err;
    vv_grid g;
    vv_buf *code = NULL;
    float *level = malloc(N * sizeof *level), *left = malloc(N * sizeof *left);
    assert_true(level && left);
    make_grid(slab, &g, level);
    assert_int_equal(vv_buf_create(dev, N, &code, &err), VV_OK);
    assert_int_equal(vv_fill(dev, code, 0, 0, N, &err), VV_OK);
    assert_int_equal(vv_bystanders_clear(dev, &g, code, &made_window, identity, alone, &err), VV_OK);
    if (slab) {
        assert_non_null(alone->level);
        assert_int_equal(vv_download(dev, left, alone->level, 0, N * sizeof *left, &err), VV_OK);
        int cleared = 0;
        for (int v = 0; v < N; v++) {
            const double mm[3] = {origin[0] + STEP * (v % NX), origin[1] + STEP * (v / NX % NY),
                                  origin[2] + STEP * (v / NX / NY)};
            cleared += in_slab(mm);
            assert_true(left[v] == (in_slab(mm) ? -1000.0f : level[v]));
        }
        assert_true(cleared > 1000);
    }
    vv_buf_destroy(dev, &code);
    vv_grid_release(dev, &g);
    free(level);
    free(left);
}

static void beside_the_head(void **unused)
{
    (void)unused;
    vv_grid alone;
    clear(true, &alone);
    vv_grid_release(dev, &alone);
}

static void head_alone(void **unused)
{
    (void)unused;
    vv_grid alone;
    clear(false, &alone);
    assert_null(alone.level);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(beside_the_head), cmocka_unit_test(head_alone)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
