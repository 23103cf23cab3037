/* The public header as an outside program uses it: what is refused, what is cancelled, and that a file and a buffer
 * give the same voxels. The first argument is a phantom of make_head: int16, 2 mm, RAS, a header of 352 bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "voxveil.h"

enum { HEADER = 352, NX = 96, NY = 128, NZ = 124, VOXELS = NX * NY * NZ };

static const char *phantom;
static char out_path[64], dir_path[48];

static vv_engine *open_engine(vv_progress_fn progress, void *user)
{
    vv_engine_options opt = {.size = sizeof opt, .device = "cpu", .progress = progress, .user = user};
    vv_engine *e = NULL;
    vv_err err = {0};
    assert_int_equal(vv_engine_create(&opt, &e, &err), VV_OK);
    assert_non_null(e);
    return e;
}

static int16_t *load(const char *path)
{
    FILE *f = fopen(path, "rb");
    int16_t *voxels = malloc(VOXELS * sizeof *voxels);
    assert_non_null(f);
    assert_non_null(voxels);
    assert_int_equal(fseek(f, HEADER, SEEK_SET), 0);
    assert_int_equal(fread(voxels, sizeof *voxels, VOXELS, f), VOXELS);
    fclose(f);
    return voxels;
}

static vv_image phantom_image(int16_t *voxels)
{
    vv_image image = {
        .size = sizeof image,
        .dims = {NX, NY, NZ},
        .dtype = VV_DT_I16,
        .affine = {2, 0, 0, -96, 0, 2, 0, -128, 0, 0, 2, -136},
        .data = voxels,
    };
    return image;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(dir_path, sizeof dir_path, "test_library.XXXXXX");
    if (!mkdtemp(dir_path))
        return -1;
    snprintf(out_path, sizeof out_path, "%s/o.nii", dir_path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(out_path);
    return rmdir(dir_path); /* fails, and the test with it, where anything was left behind */
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    vv_err err = {0};
    vv_engine *e = NULL;
    vv_engine_options no_size = {0}, negative = {.size = sizeof negative, .threads = -1};
    assert_int_equal(vv_engine_create(&no_size, &e, &err), VV_E_USAGE);
    assert_int_equal(vv_engine_create(&negative, &e, &err), VV_E_USAGE);
    assert_int_equal(vv_engine_create(NULL, NULL, &err), VV_E_USAGE);
    assert_null(e);
    assert_true(strlen(err.message) > 0);

    e = open_engine(NULL, NULL);
    vv_deface_options bad[] = {
        {.size = 1},
        {.size = sizeof *bad, .mode = (vv_mode)7},
        {.size = sizeof *bad, .regions = 1u << 20},
        {.size = sizeof *bad, .mode = VV_MODE_BRAIN, .regions = VV_REGION_FACE},
        {.size = sizeof *bad, .mode = VV_MODE_BRAIN, .apply_path = "a mask"},
        {.size = sizeof *bad, .fill_given = 1, .fill_value = 1e308 * 10},
        {.size = sizeof *bad, .protect_path = "no such mask"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        vv_report *report = NULL;
        assert_int_equal(vv_deface_file(e, phantom, out_path, &bad[i], &report, &err), VV_E_USAGE);
        assert_null(report);
    }
    assert_int_equal(vv_deface_file(NULL, phantom, out_path, NULL, NULL, &err), VV_E_USAGE);
    assert_int_equal(vv_deface_file(e, NULL, out_path, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_image(e, NULL, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_info_file(e, phantom, NULL, &err), VV_E_USAGE);
    vv_engine_destroy(&e);
    assert_null(e);
    vv_engine_destroy(&e);
    vv_engine_destroy(NULL);
    vv_report_destroy(NULL);
    vv_string_destroy(NULL);
    assert_string_equal(vv_report_json(NULL), "");
    assert_string_equal(vv_version(), VV_VERSION);
}

static void a_file_and_a_buffer_give_the_same_voxels(void **state)
{
    (void)state;
    vv_engine *e = open_engine(NULL, NULL);
    vv_report *report = NULL;
    vv_err err = {0};
    assert_int_equal(vv_deface_file(e, phantom, out_path, NULL, &report, &err), VV_OK);
    assert_string_equal(vv_report_verdict(report), "clean");
    vv_report_destroy(&report);
    assert_null(report);

    int16_t *before = load(phantom), *image_voxels = load(phantom), *file_voxels = load(out_path);
    uint8_t *mask = malloc(VOXELS);
    vv_image image = phantom_image(image_voxels);
    image.mask = mask;
    assert_int_equal(vv_deface_image(e, &image, NULL, &report, &err), VV_OK);
    assert_string_equal(vv_report_verdict(report), "clean");
    assert_memory_equal(image_voxels, file_voxels, VOXELS * sizeof *file_voxels);
    size_t removed = 0;
    for (size_t i = 0; i < VOXELS; i++) {
        assert_true(mask[i] == 1 || image_voxels[i] == before[i]);
        removed += mask[i];
    }
    assert_true(removed > 0);
    vv_report_destroy(&report);
    free(mask);
    free(before);
    free(image_voxels);
    free(file_voxels);
    vv_engine_destroy(&e);
}

static void an_unusable_image_is_zeroed(void **state)
{
    (void)state;
    vv_engine *e = open_engine(NULL, NULL);
    vv_err err = {0};
    int16_t *voxels = load(phantom);
    vv_image image = phantom_image(voxels);
    image.affine[0] = 0; /* singular */
    assert_int_equal(vv_deface_image(e, &image, NULL, NULL, &err), VV_E_REFUSED);
    for (size_t i = 0; i < VOXELS; i++)
        assert_int_equal(voxels[i], 0);
    image = phantom_image(voxels);
    image.dims[0] = -1;
    voxels[0] = 5;
    assert_int_equal(vv_deface_image(e, &image, NULL, NULL, &err), VV_E_REFUSED);
    assert_int_equal(voxels[0], 5); /* of unknown size: left alone */
    image = phantom_image(voxels);
    image.dtype = (vv_dtype)99;
    assert_int_equal(vv_deface_image(e, &image, NULL, NULL, &err), VV_E_REFUSED);
    assert_int_equal(voxels[0], 5);
    image = phantom_image(voxels);
    image.size--;
    assert_int_equal(vv_deface_image(e, &image, NULL, NULL, &err), VV_E_USAGE);
    assert_int_equal(voxels[0], 5);
    image = phantom_image(voxels);
    vv_deface_options wrong = {.size = sizeof wrong, .regions = VV_REGION_GHOSTS};
    assert_int_equal(vv_deface_image(e, &image, &wrong, NULL, &err), VV_E_USAGE);
    assert_int_equal(voxels[0], 0); /* of known size: zeroed */
    free(voxels);
    vv_engine_destroy(&e);
}

/* Asks to stop at the n-th call. */
static int stop_at(void *user, const char *stage, double fraction)
{
    (void)stage;
    (void)fraction;
    return --*(int *)user == 0;
}

static void cancelling_anywhere_leaves_nothing(void **state)
{
    (void)state;
    vv_err err = {0};
    int n = 1;
    for (;; n++) {
        int countdown = n;
        vv_engine *e = open_engine(stop_at, &countdown);
        vv_status status = vv_deface_file(e, phantom, out_path, NULL, NULL, &err);
        vv_engine_destroy(&e);
        if (status == VV_OK)
            break;
        assert_int_equal(status, VV_E_CANCELLED);
        assert_int_equal(access(out_path, F_OK), -1);
    }
    assert_true(n > 5); /* every stage can be stopped */
}

static void a_study_cancelled_leaves_nothing(void **state)
{
    (void)state;
    char second[64];
    snprintf(second, sizeof second, "%s/p.nii", dir_path);
    vv_study_item items[2] = {{.size = sizeof *items, .in = phantom, .out = out_path},
                              {.size = sizeof *items, .in = phantom, .out = second}};
    for (int n = 2; n < 18; n += 5) {
        int countdown = n;
        vv_engine *e = open_engine(stop_at, &countdown);
        assert_int_equal(vv_deface_study(e, items, 2, NULL, NULL, NULL), VV_E_CANCELLED);
        vv_engine_destroy(&e);
        assert_int_equal(access(out_path, F_OK), -1);
        assert_int_equal(access(second, F_OK), -1);
    }
}

static int count_and_refuse(void *user, const vv_report *report)
{
    (void)user;
    assert_string_equal(vv_report_verdict(report), "clean");
    assert_int_equal(access(out_path, F_OK), -1); /* nothing is there before its report */
    return 1;
}

static void no_output_without_its_report(void **state)
{
    (void)state;
    vv_engine *e = open_engine(NULL, NULL);
    vv_err err = {0};
    vv_deface_options opt = {.size = sizeof opt, .on_report = count_and_refuse};
    assert_int_equal(vv_deface_file(e, phantom, out_path, &opt, NULL, &err), VV_E_RESOURCE);
    assert_int_equal(access(out_path, F_OK), -1);
    vv_engine_destroy(&e);
}

static void devices_and_info_are_told(void **state)
{
    (void)state;
    char *json = NULL;
    vv_err err = {0};
    assert_int_equal(vv_devices_json(&json, &err), VV_OK);
    assert_non_null(strstr(json, "\"name\":\"cpu\""));
    vv_string_destroy(&json);
    assert_null(json);
    vv_engine *e = open_engine(NULL, NULL);
    vv_report *report = NULL;
    assert_int_equal(vv_info_file(e, phantom, &report, &err), VV_OK);
    assert_string_equal(vv_report_verdict(report), "face");
    assert_non_null(strstr(vv_report_json(report), "\"risk\":\"high\""));
    vv_report_destroy(&report);
    vv_engine_destroy(&e);
}

int main(int argc, char **argv)
{
    phantom = argc > 1 ? argv[1] : "";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wrong_calls_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_and_a_buffer_give_the_same_voxels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unusable_image_is_zeroed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cancelling_anywhere_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_study_cancelled_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_output_without_its_report, set_up, tear_down),
        cmocka_unit_test(devices_and_info_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
