/* The public files of many programs: what is read, and what is refused. The first argument is the data set's folder. */
#include "test.h"
#include "format.h"
#include "made.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *data;
static vv_pool *pool;

static const struct {
    const char *name, *format, *code;
    int dims[3], frames;
    vv_dtype type;
} known[] = {
    {"air.hdr.gz", "nifti1", "AIR", {79, 67, 64}, 1, VV_DT_F32},
    {"air.img.gz", "nifti1", "AIR", {79, 67, 64}, 1, VV_DT_F32},
    {"avg152T1_anlz.hdr.gz", "analyze75", "LAS", {91, 109, 91}, 1, VV_DT_U8},
    {"avg152T1_anlz.img.gz", "analyze75", "LAS", {91, 109, 91}, 1, VV_DT_U8},
    {"fmt_5D_e4.nii.gz", "nifti1", "LAS", {64, 64, 34}, 4, VV_DT_I16},
    {"fmt_RGB24_ctperfusion_burnedtext.nii.gz", "nifti1", "LAS", {256, 286, 15}, 1, VV_DT_RGB24},
    {"fmt_bigendian.nii.gz", "nifti1", "LAS", {64, 64, 21}, 1, VV_DT_F32},
    {"fmt_float64.nii.gz", "nifti1", "RAS", {64, 79, 67}, 1, VV_DT_F64},
    {"fmt_int16.nii.gz", "nifti1", "RAS", {64, 79, 67}, 1, VV_DT_I16},
    {"fmt_uint16.nii.gz", "nifti1", "RAS", {64, 79, 67}, 1, VV_DT_U16},
    {"fmt_nifti2_avg152T1_LR.nii.gz", "nifti2", "LAS", {91, 109, 91}, 1, VV_DT_F32},
};

static vv_status read_file(const char *name, vv_read_result *r, vv_err *err)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/heads/formats/%s", data, name);
    return vv_file_read(path, pool, r, err);
}

static void known_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        vv_read_result r;
        vv_err err = {0};
        char code[4];
        if (read_file(known[i].name, &r, &err) != VV_OK)
            fail_msg("%s: %s", known[i].name, err.message);
        vv_volume_orientation(&r.volume, code);
        assert_string_equal(r.format, known[i].format);
        assert_string_equal(code, known[i].code);
        for (int k = 0; k < 3; k++)
            assert_int_equal(r.volume.dims[k], known[i].dims[k]);
        assert_int_equal(r.volume.frames, known[i].frames);
        assert_int_equal(r.volume.dtype, known[i].type);
        vv_file_close(&r);
    }
}

/* orient48_XYZ.nii.gz is stored in the order its name says. */
static void all_orientations(void **state)
{
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/heads/formats", data);
    DIR *d = opendir(path);
    assert_non_null(d);
    int count = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        vv_read_result r;
        char code[4];
        if (strncmp(e->d_name, "orient48_", 9) != 0)
            continue;
        assert_int_equal(read_file(e->d_name, &r, NULL), VV_OK);
        vv_volume_orientation(&r.volume, code);
        assert_memory_equal(code, e->d_name + 9, 3);
        vv_file_close(&r);
        count++;
    }
    closedir(d);
    assert_int_equal(count, 48);
}

static void complex_is_refused(void **state)
{
    (void)state;
    vv_read_result r;
    vv_err err = {0};
    assert_int_equal(read_file("fmt_complex64.nii.gz", &r, &err), VV_E_REFUSED);
    assert_non_null(strstr(err.message, "complex"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_files),
        cmocka_unit_test(all_orientations),
        cmocka_unit_test(complex_is_refused),
    };
    data = argc > 1 ? argv[1] : "";
    char path[1024];
    snprintf(path, sizeof path, "%s/heads/formats", data);
    if (access(path, R_OK) != 0) {
        puts("skipped: the data set is not here");
        return 77;
    }
    if (vv_pool_create(2, &pool, NULL) != VV_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    vv_pool_destroy(&pool);
    return failed;
}
