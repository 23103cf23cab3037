/* A mask on a grid of its own lands at the right place of another: told by points of space, worked out here with no
 * help from the code under test. */
#include "mask.h"
#include "test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MX = 11, MY = 9, MZ = 7, VX = 23, VY = 13, VZ = 10, M = MX * MY * MZ, V = VX * VY * VZ };

/* Axes turned against each other by 20 degrees, one of them flipped, other spacings. */
static const double mask_affine[12] = {3, 0, 0, -16, 0, 2.82, -0.86, -10, 0, 1.03, 2.35, -14};
static const double turned[12] = {-1.5, 0, 0, 16, 0, 1.88, 0.68, -12, 0, -0.68, 1.88, -6};

static vv_volume grid(const double affine[12], int64_t x, int64_t y, int64_t z)
{
    vv_volume v = {.dims = {x, y, z}, .frames = 1, .dtype = VV_DT_U8, .slope = 1, .affine_trusted = true};
    memcpy(v.affine, affine, sizeof v.affine);
    return v;
}

static void to_mm(const double a[12], double x, double y, double z, double mm[3])
{
    for (int r = 0; r < 3; r++)
        mm[r] = a[4 * r] * x + a[4 * r + 1] * y + a[4 * r + 2] * z + a[4 * r + 3];
}

/* Solves a * (x, y, z) = mm by Cramer's rule. */
static void to_index(const double a[12], const double mm[3], double index[3])
{
    double b[3] = {mm[0] - a[3], mm[1] - a[7], mm[2] - a[11]}, det[4];
    for (int k = 0; k < 4; k++) {
        double m[9];
        for (int i = 0; i < 9; i++)
            m[i] = i % 3 == k - 1 ? b[i / 3] : a[4 * (i / 3) + i % 3];
        det[k] = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
                 m[2] * (m[3] * m[7] - m[4] * m[6]);
    }
    for (int k = 0; k < 3; k++)
        index[k] = det[k + 1] / det[0];
}

/* An odd blob, so that no flip or turn of it looks the same. */
static void blob(uint8_t *mask)
{
    for (int i = 0; i < M; i++) {
        int x = i % MX, y = i / MX % MY, z = i / (MX * MY);
        mask[i] = (x >= 3 && x <= 6 && y >= 2 && y <= 4 && z >= 2) || (x == 7 && y == 3 && z == 4);
    }
}

/* The set voxel of `mask` that holds the point, -1 where it lies outside the mask's grid; *edge: how near a border of
 * that voxel it is, voxels. */
static int set_at(const uint8_t *mask, const double mm[3], double *edge)
{
    double at[3];
    int64_t i[3];
    to_index(mask_affine, mm, at);
    *edge = 1;
    for (int r = 0; r < 3; r++) {
        i[r] = (int64_t)floor(at[r] + 0.5);
        *edge = fmin(*edge, 0.5 - fabs(at[r] - (double)i[r]));
    }
    if (i[0] < 0 || i[0] >= MX || i[1] < 0 || i[1] >= MY || i[2] < 0 || i[2] >= MZ)
        return 0;
    return mask[(i[2] * MY + i[1]) * MX + i[0]];
}

static void nearest_takes_the_voxel_that_holds_the_centre(void **state)
{
    (void)state;
    uint8_t mask[M], out[V];
    int64_t set = 0, count = 0;
    vv_volume m = grid(mask_affine, MX, MY, MZ), v = grid(turned, VX, VY, VZ);
    blob(mask);
    assert_int_equal(vv_mask_bring(&m, mask, &v, VV_MASK_NEAREST, out, &set, NULL), VV_OK);
    for (int i = 0; i < V; i++) {
        double mm[3], edge;
        to_mm(turned, i % VX, i / VX % VY, i / (VX * VY), mm);
        int want = set_at(mask, mm, &edge);
        if (edge > 0.01)
            assert_int_equal(out[i], want);
        count += out[i];
    }
    assert_int_equal(set, count);
    assert_true(count > 50);
}

/* Points sown through every set voxel: each must lie in a voxel that is set. And not much more may be set: nothing
 * farther from a set voxel's middle than both voxels' half diagonals together. */
static void touch_leaves_no_part_out(void **state)
{
    (void)state;
    uint8_t mask[M], out[V];
    int64_t set = 0;
    vv_volume m = grid(mask_affine, MX, MY, MZ), v = grid(turned, VX, VY, VZ);
    blob(mask);
    assert_int_equal(vv_mask_bring(&m, mask, &v, VV_MASK_TOUCH, out, &set, NULL), VV_OK);
    bool near[V] = {false};
    for (int i = 0; i < M; i++) {
        for (int k = 0; mask[i] && k < 343; k++) {
            double mm[3], at[3];
            to_mm(mask_affine, i % MX + (k % 7 - 3) * 0.165, i / MX % MY + (k / 7 % 7 - 3) * 0.165,
                  i / (MX * MY) + (k / 49 - 3) * 0.165, mm);
            to_index(turned, mm, at);
            int64_t x = (int64_t)floor(at[0] + 0.5), y = (int64_t)floor(at[1] + 0.5), z = (int64_t)floor(at[2] + 0.5);
            if (x < 0 || x >= VX || y < 0 || y >= VY || z < 0 || z >= VZ)
                continue;
            assert_int_equal(out[(z * VY + y) * VX + x], 1);
        }
        for (int j = 0; mask[i] && j < V; j++) {
            double a[3], b[3];
            to_mm(mask_affine, i % MX, i / MX % MY, i / (MX * MY), a);
            to_mm(turned, j % VX, j / VX % VY, j / (VX * VY), b);
            near[j] = near[j] || sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                                      (a[2] - b[2]) * (a[2] - b[2])) < 2.5 + 1.6 + 1;
        }
    }
    for (int j = 0; j < V; j++)
        assert_true(!out[j] || near[j]);
    assert_true(set > 50);
}

static void the_same_grid_gives_the_same_mask(void **state)
{
    (void)state;
    uint8_t mask[M], out[M];
    int64_t set;
    vv_volume m = grid(mask_affine, MX, MY, MZ), v = m;
    v.affine[3] += 1e-5; /* as a header in single precision may have it */
    blob(mask);
    for (int rule = VV_MASK_TOUCH; rule <= VV_MASK_NEAREST; rule++) {
        assert_int_equal(vv_mask_bring(&m, mask, &v, (vv_mask_rule)rule, out, &set, NULL), VV_OK);
        assert_memory_equal(mask, out, M);
    }
    v.affine_trusted = false; /* no geometry, equal dimensions: voxel to voxel */
    v.affine[0] = -7;
    assert_int_equal(vv_mask_bring(&m, mask, &v, VV_MASK_TOUCH, out, &set, NULL), VV_OK);
    assert_memory_equal(mask, out, M);
}

static void what_has_nothing_to_do_with_the_image_is_refused(void **state)
{
    (void)state;
    uint8_t mask[M], out[V];
    int64_t set;
    vv_err err = {0};
    vv_volume m = grid(mask_affine, MX, MY, MZ), v = grid(turned, VX, VY, VZ);
    blob(mask);
    for (int rule = VV_MASK_TOUCH; rule <= VV_MASK_NEAREST; rule++) {
        v = grid(turned, VX, VY, VZ);
        v.affine[7] += 500; /* far away */
        assert_int_equal(vv_mask_bring(&m, mask, &v, (vv_mask_rule)rule, out, &set, &err), VV_E_REFUSED);
        v = grid(turned, VX, VY, VZ);
        v.affine_trusted = false; /* other dimensions, and nobody knows where */
        assert_int_equal(vv_mask_bring(&m, mask, &v, (vv_mask_rule)rule, out, &set, &err), VV_E_REFUSED);
        v = grid(turned, VX, VY, VZ);
        for (int r = 0; r < 3; r++) /* axes almost in one plane */
            v.affine[4 * r + 1] = v.affine[4 * r] + 0.01 * v.affine[4 * r + 1];
        assert_int_equal(vv_mask_bring(&m, mask, &v, (vv_mask_rule)rule, out, &set, &err), VV_E_REFUSED);
    }
}

static void what_is_above_zero_is_set(void **state)
{
    (void)state;
    float values[6] = {0, 1, NAN, -1, 0, 0.25f};
    uint8_t bytes[3];
    int64_t set;
    vv_volume m = grid(mask_affine, 3, 1, 1);
    m.dtype = VV_DT_F32, m.frames = 2, m.data = values;
    assert_int_equal(vv_mask_bytes(&m, bytes, &set, NULL), VV_OK);
    assert_int_equal(set, 2); /* any frame counts */
    assert_true(!bytes[0] && bytes[1] && bytes[2]);
    m.slope = -1, m.inter = 0.5;
    assert_int_equal(vv_mask_bytes(&m, bytes, &set, NULL), VV_OK);
    assert_true(bytes[0] == 1 && bytes[1] == 1 && bytes[2] == 1);
    m.dtype = VV_DT_RGB24;
    assert_int_equal(vv_mask_bytes(&m, bytes, &set, NULL), VV_E_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_takes_the_voxel_that_holds_the_centre),
        cmocka_unit_test(touch_leaves_no_part_out),
        cmocka_unit_test(the_same_grid_gives_the_same_mask),
        cmocka_unit_test(what_has_nothing_to_do_with_the_image_is_refused),
        cmocka_unit_test(what_is_above_zero_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
