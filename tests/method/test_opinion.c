/* The network against the same arithmetic done elsewhere, and the opinion drawn from it. */
#include "network.h"
#include "opinion.h"
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = VV_CUBE_SIDE, N = SIDE * SIDE * SIDE };
static const double identity[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

static vv_device *dev;
static vv_pool *pool;
static float level[N];
static vv_cell cells[VV_CELLS];

static int set_up(void **unused)
{
    (void)unused;
    vv_err err;
    return vv_pool_create(2, &pool, &err) || vv_device_open("cpu", pool, &dev, &err);
}

static int tear_down(void **unused)
{
    (void)unused;
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return 0;
}

/* The cube itself, of voxels of so many mm, with `level` in it. */
static vv_grid grid(double mm)
{
    vv_err err;
    vv_grid g = {.dims = {SIDE, SIDE, SIDE}, .factor = {1, 1, 1}, .spacing = {mm, mm, mm}};
    for (int a = 0; a < 3; a++) {
        g.affine[5 * a] = mm;
        g.affine[4 * a + 3] = -0.5 * (SIDE - 1) * mm;
    }
    assert_int_equal(vv_grid_create(dev, &g, &err), VV_OK);
    assert_int_equal(vv_upload(dev, g.level, 0, level, sizeof level, &err), VV_OK);
    return g;
}

/* What models/localiser/export.py prints, with arithmetic of its own, for the same cube. */
static void test_network_is_the_one_trained(void **unused)
{
    (void)unused;
    static const struct {
        int at[3];
        double atlas[3], log_error, head;
    } known[] = {
        {{0, 0, 0}, {-20.0266985, -12.1557549, -66.8772423}, -2.53413527, -7.31633831},
        {{8, 7, 6}, {3.55476441, -2.65652396, -116.103127}, -1.76393937, -2.35930325},
        {{3, 12, 9}, {-20.306401, -1.82216445, -122.657373}, -1.24709738, -7.56002633},
        {{15, 15, 15}, {-21.4608094, -3.60596754, -93.8674797}, -2.73547711, -8.07983566},
    };
    for (int v = 0; v < N; v++) {
        int x = v % SIDE, y = v / SIDE % SIDE, z = v / SIDE / SIDE;
        level[v] = (float)((7 * x + 13 * y + 29 * z + x * y) % 64);
    }
    vv_err err;
    vv_grid g = grid(VV_CUBE_STEP);
    assert_int_equal(vv_network_run(dev, &g, 0, 63, identity, cells, &err), VV_OK);
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        const int *at = known[k].at;
        const vv_cell *c = &cells[(at[2] * VV_CELL_SIDE + at[1]) * VV_CELL_SIDE + at[0]];
        for (int a = 0; a < 3; a++)
            assert_true(fabs(c->atlas[a] - known[k].atlas[a]) < 1e-6);
        assert_true(fabs(c->log_error - known[k].log_error) < 1e-6 && fabs(c->head - known[k].head) < 1e-6);
    }
    vv_grid_release(dev, &g);
}

static vv_opinion opinion_on(const double pose[12])
{
    vv_err err;
    vv_opinion o;
    vv_grid g = grid(VV_CUBE_STEP);
    vv_buf *code = NULL;
    vv_window window = {.air = 0, .bright = 60, .tissue = 10};
    assert_int_equal(vv_buf_create(dev, N, &code, &err), VV_OK);
    assert_int_equal(vv_fill(dev, code, 0, 0, N, &err), VV_OK);
    assert_int_equal(vv_opinion_form(dev, &g, code, &window, pose, &o, &err), VV_OK);
    vv_buf_destroy(dev, &code);
    vv_grid_release(dev, &g);
    return o;
}

static void test_nothing_in_view_is_no_opinion(void **unused)
{
    (void)unused;
    memset(level, 0, sizeof level);
    vv_opinion o = opinion_on(identity);
    assert_true(o.cells < 12 && o.median_mm > 900 && o.share < 1e-9 && fabs(o.score) < 1e-9);
    assert_memory_equal(o.pose, identity, sizeof identity);
}

static void test_flat_pose_is_no_opinion(void **unused)
{
    (void)unused;
    static const double flat[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    assert_true(opinion_on(flat).median_mm > 900);
}

/* A head of the size of the atlas's, roughly: skull dark, brain and scalp bright, a nose to the front. */
static void draw_head(void)
{
    for (int v = 0; v < N; v++) {
        double x = (v % SIDE - 31.5) * 4, y = (v / SIDE % SIDE - 31.5) * 4, z = (v / SIDE / SIDE - 31.5) * 4;
        double top = x * x / (76.0 * 76) + y * y / (98.0 * 98) + z * z / (90.0 * 90);
        double face = x * x / (55.0 * 55) + (y - 45) * (y - 45) / (52.0 * 52) + (z + 60) * (z + 60) / (70.0 * 70);
        level[v] = top < 0.68 ? 40 : top < 0.8 ? 4 : top < 1 || face < 1 ? 50 : 0;
    }
}

static double moved(const double a[12], const double b[12], double x, double y, double z)
{
    double sum = 0;
    for (int r = 0; r < 3; r++) {
        double d = (a[4 * r] - b[4 * r]) * x + (a[4 * r + 1] - b[4 * r + 1]) * y + (a[4 * r + 2] - b[4 * r + 2]) * z +
                   a[4 * r + 3] - b[4 * r + 3];
        sum += d * d;
    }
    return sqrt(sum);
}

/* The pose that fits the network is one it agrees with, and a pose moved from it is found to be so far off. */
static void test_opinion_measures_how_far_a_pose_is(void **unused)
{
    (void)unused;
    draw_head();
    vv_opinion first = opinion_on(identity);
    assert_true(first.cells > 200 && moved(first.pose, identity, 0, 0, 0) > 0.1);
    double pose[12];
    memcpy(pose, first.pose, sizeof pose);
    vv_opinion here = opinion_on(pose);
    assert_true(here.median_mm < 15);
    pose[3] += 60;
    vv_opinion there = opinion_on(pose);
    assert_true(there.median_mm > 45 && there.median_mm < 75 && there.share < 0.1);
    assert_true(moved(there.pose, here.pose, 0, 0, 0) < 30); /* it sees it elsewhere in the cube, and finds it again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_is_the_one_trained),
        cmocka_unit_test(test_nothing_in_view_is_no_opinion),
        cmocka_unit_test(test_flat_pose_is_no_opinion),
        cmocka_unit_test(test_opinion_measures_how_far_a_pose_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
