/* What noise, reface and ghosts put in the place of what goes, at a pose that is given: it must match what is kept, and
 * must not depend on anything else. The head is an ellipsoid in the atlas's own frame. */
#include "atlas.h"
#include "refill.h"
#include "removal.h"
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 90, NY = 108, NZ = 100, N = NX * NY * NZ };
#define STEP 2.5
static const double origin[3] = {-111.25, -128.0, -130.0};
static const double identity[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

static vv_device *dev;
static vv_pool *pool;
static vv_atlas atlas;
static uint8_t code[N]; /* of face and ears at the identity */
static vv_buf *pairs, *code_buf;

static uint64_t state;
static double uniform(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 40) / 16777216.0;
}
/* Nearly normal, standard deviation 1: twelve uniform numbers. */
static double normal(void)
{
    double s = -6;
    for (int i = 0; i < 12; i++)
        s += uniform();
    return s;
}

static void mm_of(int v, double mm[3])
{
    const int at[3] = {v % NX, v / NX % NY, v / NX / NY};
    for (int a = 0; a < 3; a++)
        mm[a] = origin[a] + STEP * at[a];
}
static bool in_head(int v)
{
    double mm[3];
    mm_of(v, mm);
    double x = mm[0] / 80, y = (mm[1] - 8) / 105, z = (mm[2] + 10) / 100;
    return x * x + y * y + z * z <= 1;
}

static vv_volume volume(vv_dtype dtype, int frames, void *data)
{
    vv_volume v = {.dims = {NX, NY, NZ},
                   .frames = frames,
                   .dtype = dtype,
                   .slope = 1,
                   .affine = {STEP, 0, 0, origin[0], 0, STEP, 0, origin[1], 0, 0, STEP, origin[2]},
                   .affine_trusted = true,
                   .spacing = {STEP, STEP, STEP},
                   .data = data,
                   .bytes = (size_t)frames * N * vv_dtype_bytes(dtype)};
    return v;
}

static int set_up(void **unused)
{
    (void)unused;
    vv_err err;
    vv_volume v = volume(VV_DT_U8, 1, code);
    static const int32_t dims[3] = {NX, NY, NZ};
    uint32_t counts[2];
    vv_buf *off = NULL;
    uint32_t regions = VV_REGION_FACE | VV_REGION_EARS;
    if (vv_pool_create(1, &pool, &err) || vv_device_open("cpu", pool, &dev, &err) ||
        vv_atlas_upload(dev, &atlas, &err) || vv_buf_create(dev, N, &code_buf, &err) ||
        vv_region_pairs(dev, &atlas, regions, 0, &pairs, &err) ||
        vv_region_codes(dev, pairs, dims, v.affine, identity, 0, VK_REMOVE, code_buf, counts, &err) ||
        vv_region_pairs(dev, &atlas, regions, VK_OFF_HEAD, &off, &err) ||
        vv_region_codes(dev, off, dims, v.affine, identity, 255 & ~VK_AIRY, VK_AIRY, code_buf, counts, &err) ||
        vv_download(dev, code, code_buf, 0, N, &err))
        return 1;
    vv_buf_destroy(dev, &off);
    return 0;
}
static int tear_down(void **unused)
{
    (void)unused;
    vv_buf_destroy(dev, &code_buf);
    vv_buf_destroy(dev, &pairs);
    vv_atlas_release(dev, &atlas);
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return 0;
}

/* Refills every frame of v->data in place, as vv_face_run does. */
static void refill(vv_volume *v, vv_mode mode, bool ct)
{
    vv_err err;
    vv_refill r;
    vv_buf *original = NULL, *work = NULL;
    size_t bytes = N * vv_dtype_bytes(v->dtype);
    assert_int_equal(vv_upload(dev, code_buf, 0, code, N, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, bytes, &original, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, bytes, &work, &err), VV_OK);
    assert_int_equal(vv_refill_create(dev, v, mode, ct, 0, code_buf, pairs, identity, &r, &err), VV_OK);
    for (int f = 0; f < v->frames; f++) {
        char *data = (char *)v->data + (size_t)f * bytes;
        assert_int_equal(vv_upload(dev, original, 0, data, bytes, &err), VV_OK);
        assert_int_equal(vv_upload(dev, work, 0, data, bytes, &err), VV_OK);
        assert_int_equal(vv_refill_frame(&r, f, original, work, code_buf, &err), VV_OK);
        assert_int_equal(vv_download(dev, data, work, 0, bytes, &err), VV_OK);
    }
    vv_refill_release(&r);
    vv_buf_destroy(dev, &original);
    vv_buf_destroy(dev, &work);
}

static double rice(double level, double sd)
{
    double a = level + sd * normal(), b = sd * normal();
    return sqrt(a * a + b * b);
}
/* A magnitude image, as MR makes them. */
static int16_t *magnitude(int frames, double gain)
{
    int16_t *data = malloc((size_t)frames * N * sizeof *data);
    for (int f = 0; f < frames; f++, gain *= 3)
        for (int v = 0; v < N; v++)
            data[f * N + v] = (int16_t)(gain * rice(in_head(v) ? 300 : 0, 12) + 0.5);
    return data;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
typedef struct sample {
    double *x;
    int n;
    double mean, sd;
} sample;
/* The voxels of an int16 frame with (code & bits) == want that lie off the made head. */
static sample take(const int16_t *data, int bits, int want)
{
    sample s = {.x = malloc(N * sizeof *s.x)};
    double sum = 0, squares = 0;
    for (int v = 0; v < N; v++)
        if ((code[v] & bits) == want && !in_head(v)) {
            s.x[s.n++] = data[v];
            sum += data[v], squares += (double)data[v] * data[v];
        }
    s.mean = sum / s.n;
    s.sd = sqrt(squares / s.n - s.mean * s.mean);
    qsort(s.x, (size_t)s.n, sizeof *s.x, by_value);
    return s;
}
/* The largest distance between two distributions (Kolmogorov and Smirnov). */
static double distance(const sample *a, const sample *b)
{
    double most = 0;
    for (int i = 0, j = 0; i < a->n && j < b->n;) {
        double x = a->x[i] < b->x[j] ? a->x[i] : b->x[j];
        while (i < a->n && a->x[i] <= x)
            i++;
        while (j < b->n && b->x[j] <= x)
            j++;
        double d = fabs((double)i / a->n - (double)j / b->n);
        most = d > most ? d : most;
    }
    return most;
}

static void air_matches_kept_air(void **unused)
{
    (void)unused;
    for (int mode = VV_MODE_NOISE; mode <= VV_MODE_REFACE; mode++) {
        int16_t *data = magnitude(1, 1);
        vv_volume v = volume(VV_DT_I16, 1, data);
        sample kept = take(data, VK_REMOVE, 0);
        refill(&v, (vv_mode)mode, false);
        sample put = take(data, VK_REMOVE | VK_AIRY, VK_REMOVE | VK_AIRY);
        assert_true(put.n > 20000 && kept.n > 20000);
        if (mode == VV_MODE_NOISE) { /* reface puts part of a face there */
            assert_true(fabs(put.mean - kept.mean) < 0.03 * kept.mean);
            assert_true(fabs(put.sd - kept.sd) < 0.05 * kept.sd);
            assert_true(distance(&put, &kept) < 0.03);
        } else {
            assert_true(fabs(put.x[put.n / 4] - kept.x[kept.n / 4]) < 0.1 * kept.mean);
        }
        free(kept.x);
        free(put.x);
        free(data);
    }
}

/* Two images that differ in all that goes, and in nothing else, must come out the same. */
static void nothing_of_what_goes_enters(void **unused)
{
    (void)unused;
    for (int mode = VV_MODE_NOISE; mode <= VV_MODE_REFACE; mode++) {
        state = 1;
        int16_t *a = magnitude(2, 1), *b = malloc(2 * N * sizeof *b), *before = malloc(2 * N * sizeof *b);
        memcpy(b, a, 2 * N * sizeof *b);
        memcpy(before, a, 2 * N * sizeof *b);
        int differ = 0;
        for (int v = 0; v < 2 * N; v++)
            if (code[v % N] & VK_REMOVE) {
                b[v] = (int16_t)(1000 * uniform());
                differ += a[v] != b[v];
            }
        assert_true(differ > 100000);
        vv_volume va = volume(VV_DT_I16, 2, a), vb = volume(VV_DT_I16, 2, b);
        refill(&va, (vv_mode)mode, false);
        refill(&vb, (vv_mode)mode, false);
        assert_memory_equal(a, b, 2 * N * sizeof *b);
        for (int v = 0; v < 2 * N; v++)
            if (!(code[v % N] & VK_REMOVE))
                assert_int_equal(a[v], before[v]);
        free(a);
        free(b);
        free(before);
    }
}

/* The second frame is three times as bright, and gets air and tissue three times as bright. */
static void frames_have_their_own_levels(void **unused)
{
    (void)unused;
    for (int mode = VV_MODE_NOISE; mode <= VV_MODE_REFACE; mode++) {
        int16_t *data = magnitude(2, 1);
        vv_volume v = volume(VV_DT_I16, 2, data);
        refill(&v, (vv_mode)mode, false);
        double sum[2][2] = {{0}};
        for (int f = 0; f < 2; f++)
            for (int i = 0; i < N; i++)
                if (code[i] & VK_REMOVE)
                    sum[f][(code[i] & VK_AIRY) != 0] += data[f * N + i];
        for (int airy = 0; airy < 2; airy++)
            assert_true(fabs(sum[1][airy] / sum[0][airy] - 3) < 0.15);
        free(data);
    }
}

/* Stored as HU + 1024, with padding at -2000 HU outside the scanned circle: air is about -1000 HU. */
static void ct_keeps_hounsfield_units(void **unused)
{
    (void)unused;
    for (int mode = VV_MODE_NOISE; mode <= VV_MODE_REFACE; mode++) {
        int16_t *data = malloc(N * sizeof *data);
        for (int v = 0; v < N; v++) {
            double mm[3];
            mm_of(v, mm);
            bool scanned = hypot(mm[0], mm[1]) < 105;
            data[v] = (int16_t)(!scanned ? -976 : (in_head(v) ? 1064 : 24) + floor(10 * normal() + 0.5));
        }
        vv_volume v = volume(VV_DT_I16, 1, data);
        v.inter = -1024;
        refill(&v, (vv_mode)mode, true);
        int near_air = 0, airy = 0;
        for (int i = 0; i < N; i++)
            if ((code[i] & (VK_REMOVE | VK_AIRY)) == (VK_REMOVE | VK_AIRY)) {
                near_air += abs(data[i] - 24) < 60, airy++;
                assert_in_range(data[i] + 100, 64, 1300); /* never the padding */
            }
        assert_true(near_air > (mode == VV_MODE_NOISE ? 0.999 : 0.8) * airy);
        free(data);
    }
}

/* Air of which a third was masked to one constant: what has noise gets hardly any of it mixed in. Air that is coarse-grained
 * keeps its zeros. */
static void masked_air_and_quantised_air(void **unused)
{
    (void)unused;
    for (int quantised = 0; quantised < 2; quantised++) {
        int16_t *data = magnitude(1, 1);
        for (int v = 0; v < N; v++) {
            double mm[3];
            mm_of(v, mm);
            if (quantised && !in_head(v))
                data[v] = uniform() < 0.7 ? 0 : 1;
            else if (!quantised && mm[2] > 60 && !in_head(v))
                data[v] = 0;
        }
        vv_volume v = volume(VV_DT_I16, 1, data);
        refill(&v, VV_MODE_NOISE, false);
        sample put = take(data, VK_REMOVE | VK_AIRY, VK_REMOVE | VK_AIRY);
        int zeros = 0;
        for (int i = 0; i < put.n; i++)
            zeros += put.x[i] == 0;
        double share = (double)zeros / put.n;
        assert_true(quantised ? fabs(share - 0.7) < 0.03 : share < 0.05);
        free(put.x);
        free(data);
    }
}

static void grey_colours_stay_grey(void **unused)
{
    (void)unused;
    for (int mode = VV_MODE_NOISE; mode <= VV_MODE_REFACE; mode++) {
        uint8_t *data = malloc(3 * N);
        for (int v = 0; v < N; v++)
            memset(data + 3 * v, (int)(rice(in_head(v) ? 150 : 0, 4) + 0.5), 3);
        vv_volume v = volume(VV_DT_RGB24, 1, data);
        refill(&v, (vv_mode)mode, false);
        int values = 0;
        for (int i = 0; i < N; i++) {
            assert_int_equal(data[3 * i], data[3 * i + 1]);
            assert_int_equal(data[3 * i], data[3 * i + 2]);
            values |= code[i] & VK_REMOVE ? data[3 * i] : 0;
        }
        assert_true(values > 100); /* tissue too */
        free(data);
    }
}

/* Quantities of floats keep their unit: twice the levels give twice the fill, to the last bits. */
static void floats_scale(void **unused)
{
    (void)unused;
    float *a = malloc(N * sizeof *a), *b = malloc(N * sizeof *b);
    for (int v = 0; v < N; v++) {
        a[v] = (float)rice(in_head(v) ? 0.03 : 0, 0.001);
        b[v] = 4096 * a[v];
    }
    vv_volume va = volume(VV_DT_F32, 1, a), vb = volume(VV_DT_F32, 1, b);
    refill(&va, VV_MODE_REFACE, false);
    refill(&vb, VV_MODE_REFACE, false);
    for (int v = 0; v < N; v++)
        assert_true(b[v] == 4096 * a[v]);
    free(a);
    free(b);
}

/* In `remove` only what is marked as a ghost is drawn; a field of view without air gets the level given. */
static void ghosts_become_air(void **unused)
{
    (void)unused;
    int16_t *data = magnitude(1, 1), *before = malloc(N * sizeof *before);
    int ghosts = 0;
    for (int v = 0; v < N; v++) {
        double mm[3];
        mm_of(v, mm);
        if (mm[1] < -112 && !(code[v] & VK_REMOVE) && !in_head(v))
            code[v] |= VK_REMOVE | VK_AIRY | VK_GHOST, data[v] = 200, ghosts++;
    }
    memcpy(before, data, N * sizeof *before);
    sample kept = take(data, VK_REMOVE, 0);
    vv_volume v = volume(VV_DT_I16, 1, data);
    refill(&v, VV_MODE_REMOVE, false);
    sample put = take(data, VK_GHOST, VK_GHOST);
    assert_true(ghosts > 20000 && put.n == ghosts);
    assert_true(fabs(put.mean - kept.mean) < 0.05 * kept.mean);
    assert_true(fabs(put.sd - kept.sd) < 0.07 * kept.sd);
    for (int i = 0; i < N; i++) {
        if (!(code[i] & VK_GHOST))
            assert_int_equal(data[i], before[i]);
        if (code[i] & VK_GHOST)
            code[i] = 0;
    }
    free(put.x);
    free(kept.x);
    free(before);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(air_matches_kept_air),
        cmocka_unit_test(nothing_of_what_goes_enters),
        cmocka_unit_test(frames_have_their_own_levels),
        cmocka_unit_test(ct_keeps_hounsfield_units),
        cmocka_unit_test(masked_air_and_quantised_air),
        cmocka_unit_test(grey_colours_stay_grey),
        cmocka_unit_test(floats_scale),
        cmocka_unit_test(ghosts_become_air),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
