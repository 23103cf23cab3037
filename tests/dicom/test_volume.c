/* From files in a folder to the voxels of a volume, against the values that the files were made from. */
#include "test.h"
#include "alloc.h"
#include "dicom_read.h"
#include "dicom_series.h"
#include "made_dicom.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 4, ROWS = 3, PIXELS = COLUMNS * ROWS };

static char folder[] = "/tmp/voxveil-volume-XXXXXX";
static int files;

static void path_of(int i, char out[256])
{
    snprintf(out, 256, "%s/%d", folder, i);
}

static void save(made_dicom *m)
{
    char path[256];
    path_of(files++, path);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(m->bytes, 1, m->n, f), m->n);
    fclose(f);
    made_free_dicom(m);
}

static int clear(void **state)
{
    (void)state;
    for (int i = 0; i < files; i++) {
        char path[256];
        path_of(i, path);
        unlink(path);
    }
    files = 0;
    return 0;
}

static uint16_t value(int slice, int i)
{
    return (uint16_t)(100 * slice + i);
}

/* An axial slice at z whose values are value(slice, ...). */
static void slice(int number, double z, const char *slope, const char *burned_in)
{
    made_dicom m;
    char text[32];
    uint16_t words[PIXELS];
    for (int i = 0; i < PIXELS; i++)
        words[i] = value(number, i);
    snprintf(text, sizeof text, "2.25.9.%d", number + 1);
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080018, "UI", text);
    made_text(&m, 0x00080060, "CS", "PT");
    made_text(&m, 0x0020000e, "UI", "2.25.9");
    made_place(&m, 0, 0, z, 1, 1);
    made_module(&m, &(made_pixels){.columns = COLUMNS, .rows = ROWS, .allocated = 16});
    if (burned_in)
        made_text(&m, 0x00280301, "CS", burned_in);
    made_text(&m, 0x00281052, "DS", "-5");
    made_text(&m, 0x00281053, "DS", slope);
    made_pixel_words(&m, words, PIXELS);
    save(&m);
}

static vv_volume read_volume(vv_dicom_series **s)
{
    vv_volume v;
    vv_err err = {0};
    char sha256[65];
    assert_int_equal(vv_dicom_series_open(folder, s, &err), VV_OK);
    assert_int_equal((*s)->stacks.n, 1);
    assert_int_equal(vv_dicom_series_read(*s, 0, &v, sha256, &err), VV_OK);
    assert_int_equal(strlen(sha256), 64);
    return v;
}

static void test_order(void **state)
{
    (void)state;
    slice(0, 4, "2", NULL);
    slice(1, 0, "2", NULL);
    slice(2, 2, "2", NULL);
    vv_dicom_series *s;
    vv_volume v = read_volume(&s);
    static const int order[] = {1, 2, 0};
    assert_int_equal(v.dtype, VV_DT_U16);
    assert_true(v.slope == 2 && v.inter == -5);
    for (int i = 0; i < 3 * PIXELS; i++)
        assert_int_equal(((uint16_t *)v.data)[i], value(order[i / PIXELS], i % PIXELS));
    vv_free(v.data);
    vv_dicom_series_close(&s);
}

static void test_scaled(void **state)
{
    (void)state;
    slice(0, 0, "0.5", NULL);
    slice(1, 2, "0.25", NULL);
    vv_dicom_series *s;
    vv_volume v = read_volume(&s);
    assert_int_equal(v.dtype, VV_DT_F32);
    assert_true(v.slope == 1 && v.inter == 0);
    for (int i = 0; i < 2 * PIXELS; i++) {
        int k = i / PIXELS;
        assert_true(((float *)v.data)[i] == value(k, i % PIXELS) * (k ? 0.25f : 0.5f) - 5);
    }
    vv_free(v.data);
    vv_dicom_series_close(&s);
}

static void test_nearest(void **state)
{
    (void)state;
    slice(0, 0, "1", NULL);
    slice(1, 2, "1", NULL);
    slice(2, 8, "1", NULL);
    vv_dicom_series *s;
    vv_volume v = read_volume(&s);
    static const int shown[] = {0, 1, 1, 2, 2};
    assert_int_equal(v.dims[2], 5);
    for (int i = 0; i < 5 * PIXELS; i++)
        assert_int_equal(((uint16_t *)v.data)[i], value(shown[i / PIXELS], i % PIXELS));
    vv_free(v.data);
    vv_dicom_series_close(&s);
}

static void test_mosaic(void **state)
{
    (void)state;
    made_dicom m;
    uint16_t words[4 * PIXELS];
    for (int y = 0; y < 2 * ROWS; y++) {
        for (int x = 0; x < 2 * COLUMNS; x++)
            words[y * 2 * COLUMNS + x] = value(2 * (y / ROWS) + x / COLUMNS, y % ROWS * COLUMNS + x % COLUMNS);
    }
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC");
    made_text(&m, 0x00180088, "DS", "3");
    made_place(&m, 0, 0, 0, 1, 1);
    made_module(&m, &(made_pixels){.columns = 2 * COLUMNS, .rows = 2 * ROWS, .allocated = 16});
    made_csa(&m, 3, 0, 0, 1);
    made_pixel_words(&m, words, 4 * PIXELS);
    save(&m);
    vv_dicom_series *s;
    vv_volume v = read_volume(&s);
    assert_int_equal(v.dims[0], COLUMNS);
    assert_int_equal(v.dims[2], 3);
    for (int i = 0; i < 3 * PIXELS; i++)
        assert_int_equal(((uint16_t *)v.data)[i], value(i / PIXELS, i % PIXELS));
    vv_free(v.data);
    vv_dicom_series_close(&s);
}

static void is_refused(const char *word)
{
    vv_read_result r = {0};
    vv_err err = {0};
    assert_int_equal(vv_dicom_read(folder, &r, &err), VV_E_REFUSED);
    vv_file_close(&r);
    if (!strstr(err.message, word))
        fail_msg("\"%s\" is not in: %s", word, err.message);
}

/* What becomes one NIfTI file, and what must not. */
static void test_as_one_file(void **state)
{
    (void)state;
    vv_read_result r = {0};
    vv_err err = {0};
    slice(0, 0, "2", "NO");
    slice(1, 2, "2", "NO");
    assert_int_equal(vv_dicom_read(folder, &r, &err), VV_OK);
    assert_string_equal(r.format, "dicom");
    assert_string_equal(r.written, "nifti1");
    assert_int_equal(r.volume.dims[2], 2);
    vv_file_close(&r);
    slice(2, 9, "2", NULL);
    is_refused("evenly");
    clear(NULL);
    slice(0, 0, "2", NULL);
    slice(1, 2, "2", "YES");
    is_refused("Burned In");
    clear(NULL);
    slice(0, 0, "1e300", NULL);
    slice(1, 2, "1e300", NULL);
    is_refused("slope");
    made_dicom m;
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = COLUMNS, .rows = ROWS, .allocated = 16});
    made_pixel_words(&m, (uint16_t[]){0}, 1);
    save(&m);
    is_refused("cannot be read");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_order, clear),       cmocka_unit_test_teardown(test_scaled, clear),
        cmocka_unit_test_teardown(test_nearest, clear),     cmocka_unit_test_teardown(test_mosaic, clear),
        cmocka_unit_test_teardown(test_as_one_file, clear),
    };
    if (!mkdtemp(folder))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(folder) != 0 || failed;
}
