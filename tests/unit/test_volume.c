/* volume: affines, orientation, 16-byte floats, what is refused. */
#include "test.h"
#include "volume.h"
#include <math.h>
#include <string.h>

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void affines(void **state)
{
    (void)state;
    const double a[12] = {0, -2, 0, 10, 1.5, 0, 0.2, -20, 0, 0.3, 3, 30};
    double inverse[12], identity[12], s[3];
    assert_true(vv_affine_invert(a, inverse));
    vv_affine_compose(a, inverse, identity);
    for (int i = 0; i < 12; i++)
        assert_true(near(identity[i], i % 5 == 0 ? 1 : 0));
    vv_affine_spacing(a, s);
    assert_true(near(s[0], 1.5) && near(s[1], sqrt(4.09)) && near(s[2], sqrt(9.04)));
    assert_true(near(vv_affine_det(a), 9));
    /* compose(a, b) is a after b: a point taken through both. */
    const double shift[12] = {1, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 3};
    vv_affine_compose(a, shift, identity);
    assert_true(near(identity[3], -2 * 2 + 10) && near(identity[7], 1.5 + 0.6 - 20) &&
                near(identity[11], 0.6 + 9 + 30));
}

static void unusable_affines(void **state)
{
    (void)state;
    double out[12];
    double a[12] = {1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0};
    assert_false(vv_affine_invert(a, out));
    a[1] += 1e-7; /* as single precision would leave it */
    assert_false(vv_affine_invert(a, out));
    a[1] = NAN;
    assert_false(vv_affine_invert(a, out));
    memset(a, 0, sizeof a);
    assert_false(vv_affine_invert(a, out));
}

/* Every one of the 48 axis orders, straight and with ten degrees of tilt. */
static void orientations(void **state)
{
    (void)state;
    static const int perms[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const char names[2][4] = {"RAS", "LPI"};
    static const double tilt[9] = {0.98, 0.17, 0, -0.17, 0.97, 0.15, 0.02, -0.15, 0.99};
    for (int p = 0; p < 6; p++) {
        for (int signs = 0; signs < 8; signs++) {
            for (int tilted = 0; tilted < 2; tilted++) {
                vv_volume v = {0};
                char code[4], want[4] = {0};
                for (int c = 0; c < 3; c++) {
                    double sign = signs >> c & 1 ? -1 : 1, step = 1 + 2 * c; /* the longest step must not decide */
                    want[c] = names[signs >> c & 1][perms[p][c]];
                    for (int r = 0; r < 3; r++)
                        v.affine[4 * r + c] = sign * step * (tilted ? tilt[3 * r + perms[p][c]] : r == perms[p][c]);
                }
                vv_volume_orientation(&v, code);
                assert_string_equal(code, want);
            }
        }
    }
}

static vv_volume good(void *data, size_t bytes)
{
    return (vv_volume){.dims = {2, 3, 4},
                       .frames = 2,
                       .dtype = VV_DT_I16,
                       .slope = 1,
                       .affine = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
                       .spacing = {1, 1, 1},
                       .data = data,
                       .bytes = bytes};
}

static void refused(vv_volume v, const char *word)
{
    vv_err err = {0};
    assert_int_equal(vv_volume_check(&v, &err), VV_E_REFUSED);
    if (!strstr(err.message, word))
        fail_msg("'%s' in '%s'", word, err.message);
}

static void checks(void **state)
{
    (void)state;
    int16_t data[48];
    vv_volume g = good(data, sizeof data), v;
    assert_int_equal(vv_volume_check(&g, NULL), VV_OK);
    assert_int_equal(vv_volume_voxels(&g), 24);
#define REFUSED(change, word) (v = g, change, refused(v, word))
    REFUSED(v.dims[1] = 0, "dimension 2");
    REFUSED(v.dims[2] = 32768, "dimension 3");
    REFUSED(v.frames = 0, "frames");
    REFUSED(v.frames = INT64_MAX, "frames");
    REFUSED(v.dtype = VV_DT_NONE, "type");
    REFUSED(v.dtype = (vv_dtype)99, "type");
    REFUSED(v.bytes -= 2, "match");
    REFUSED(v.data = NULL, "match");
    REFUSED(v.slope = 0, "scaling");
    REFUSED(v.slope = INFINITY, "scaling");
    REFUSED(v.inter = NAN, "scaling");
    REFUSED(v.affine[3] = NAN, "NaN");
    REFUSED(v.affine[5] = INFINITY, "NaN");
    REFUSED(v.affine[5] = 0, "singular");
    REFUSED(v.spacing[0] = 0, "spacing");
    REFUSED(v.spacing[2] = -1, "spacing");
    REFUSED(v.spacing[2] = NAN, "spacing");
    REFUSED(v.spacing[1] = 1e-6, "units");
    REFUSED(v.spacing[1] = 1e6, "units");
#undef REFUSED
}

static void types(void **state)
{
    (void)state;
    assert_string_equal(vv_dtype_name(VV_DT_I16), "int16");
    assert_string_equal(vv_dtype_name(VV_DT_RGB24), "rgb24");
    assert_string_equal(vv_dtype_name((vv_dtype)-1), "none");
    assert_int_equal(vv_dtype_bytes(VV_DT_F128), 16);
    assert_int_equal(vv_dtype_bytes(VV_DT_RGB24), 3);
    assert_int_equal(vv_dtype_bytes((vv_dtype)99), 0);
}

/* sign and exponent, the 64 bits below; both formats hold these values exactly. */
static void put_x87(uint8_t *p, uint16_t head, uint64_t mantissa)
{
    memcpy(p, &mantissa, 8);
    memcpy(p + 8, &head, 2);
    memset(p + 10, 0, 6);
}

static void put_ieee(uint8_t *p, uint16_t head, uint64_t top_of_fraction)
{
    uint64_t high = (uint64_t)head << 48 | top_of_fraction >> 16, low = top_of_fraction << 48;
    memcpy(p, &low, 8);
    memcpy(p + 8, &high, 8);
}

static void long_floats(void **state)
{
    (void)state;
    /* head, fraction below the implied one (top 63 bits used), value */
    static const struct {
        uint16_t head;
        uint64_t fraction;
        float value;
    } cases[] = {
        {0x3fff, 0, 1},         {0xc000, (uint64_t)1 << 62, -3}, {0x3ffe, 0, 0.5f}, {0, 0, 0}, {0x7fff, 0, INFINITY},
        {0xffff, 0, -INFINITY}, {0x3fff + 2000, 0, INFINITY}, /* too large for a float */
        {0x3fff - 2000, 0, 0},
    };
    enum { N = sizeof cases / sizeof cases[0] };
    for (int ieee = 0; ieee < 2; ieee++) {
        uint8_t data[2 * 16 * N];
        float out[N];
        memset(data, 0xff, sizeof data);
        for (int i = 0; i < N; i++) {
            uint64_t implied = cases[i].head & 0x7fff ? (uint64_t)1 << 63 : 0;
            uint8_t *at = data + 16 * (N + i); /* the second frame */
            if (ieee)
                put_ieee(at, cases[i].head, cases[i].fraction << 1);
            else
                put_x87(at, cases[i].head, implied | cases[i].fraction);
        }
        vv_volume v = {.dims = {N, 1, 1}, .frames = 2, .dtype = VV_DT_F128, .data = data, .bytes = sizeof data};
        assert_int_equal(vv_volume_frame_as_f32(&v, 1, out, NULL), VV_OK);
        for (int i = 0; i < N; i++)
            assert_true(out[i] == cases[i].value);
        assert_int_equal(vv_volume_frame_as_f32(&v, 0, out, NULL), VV_OK);
        assert_true(isnan(out[0]));
        assert_int_equal(vv_volume_frame_as_f32(&v, 2, out, NULL), VV_E_INTERNAL);
        v.dtype = VV_DT_F64;
        assert_int_equal(vv_volume_frame_as_f32(&v, 0, out, NULL), VV_E_INTERNAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(affines),      cmocka_unit_test(unusable_affines),
        cmocka_unit_test(orientations), cmocka_unit_test(checks),
        cmocka_unit_test(types),        cmocka_unit_test(long_floats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
