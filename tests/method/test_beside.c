/* Tissue beside the head: balls of known size about the atlas's head. */
#include "beside.h"
#include "params.h"
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { NX = 110, NY = 110, NZ = 100, N = NX * NY * NZ };
#define STEP 4.0 /* mm */
#define RADIUS 45.0
static const double volume = 4.0 / 3.0 * 3.14159265 * RADIUS * RADIUS * RADIUS;

static vv_device *dev;
static vv_pool *pool;
static uint8_t code[N];

static int set_up(void **unused)
{
    (void)unused;
    vv_err err;
    memset(code, 0, sizeof code);
    return vv_pool_create(2, &pool, &err) || vv_device_open("cpu", pool, &dev, &err);
}

static int tear_down(void **unused)
{
    (void)unused;
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return 0;
}

/* The grid's middle lies at the atlas's. */
static vv_grid grid(void)
{
    vv_grid g = {.dims = {NX, NY, NZ}, .factor = {1, 1, 1}, .spacing = {STEP, STEP, STEP}};
    for (int a = 0; a < 3; a++) {
        g.affine[5 * a] = STEP;
        g.affine[4 * a + 3] = -0.5 * (g.dims[a] - 1) * STEP;
    }
    return g;
}

static void draw_ball(double x, double y, double z, uint8_t what)
{
    vv_grid g = grid();
    for (int v = 0; v < N; v++) {
        double dx = g.affine[3] + STEP * (v % NX) - x, dy = g.affine[7] + STEP * (v / NX % NY) - y;
        double dz = g.affine[11] + STEP * (v / NX / NY) - z;
        if (dx * dx + dy * dy + dz * dz < RADIUS * RADIUS)
            code[v] |= what;
    }
}

/* moved: subject mm by which the head lies further along x than the atlas. */
static double beside(double moved)
{
    vv_err err;
    double out = -1;
    const double to_atlas[12] = {1, 0, 0, -moved, 0, 1, 0, 0, 0, 0, 1, 0};
    vv_grid g = grid();
    vv_buf *buf = NULL;
    assert_int_equal(vv_buf_create(dev, N, &buf, &err), VV_OK);
    assert_int_equal(vv_upload(dev, buf, 0, code, N, &err), VV_OK);
    assert_int_equal(vv_beside_find(dev, &g, to_atlas, buf, &out, &err), VV_OK);
    vv_buf_destroy(dev, &buf);
    return out;
}

static void test_head_itself_and_shoulders_do_not_count(void **unused)
{
    (void)unused;
    memset(code, 0, sizeof code);
    draw_ball(0, 0, 0, VK_TISSUE);      /* the brain */
    draw_ball(0, 60, -60, VK_TISSUE);   /* the face */
    draw_ball(160, 0, -150, VK_TISSUE); /* a shoulder */
    draw_ball(160, 0, 0, VK_OUTSIDE);   /* air */
    assert_true(fabs(beside(0)) < 1e-9);
}

static void test_what_lies_beside_is_measured(void **unused)
{
    (void)unused;
    memset(code, 0, sizeof code);
    draw_ball(160, 0, 0, VK_TISSUE);
    assert_true(fabs(beside(0) - volume) < 0.05 * volume);
    draw_ball(0, -170, 20, VK_TISSUE);
    assert_true(fabs(beside(0) - 2 * volume) < 0.1 * volume);
}

static void test_it_goes_with_the_pose(void **unused)
{
    (void)unused;
    memset(code, 0, sizeof code);
    draw_ball(160, 0, 0, VK_TISSUE);
    assert_true(fabs(beside(160)) < 1e-9);
    assert_true(fabs(beside(-40) - volume) < 0.05 * volume);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head_itself_and_shoulders_do_not_count),
        cmocka_unit_test(test_what_lies_beside_is_measured),
        cmocka_unit_test(test_it_goes_with_the_pose),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
