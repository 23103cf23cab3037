/* What the engine does with each answer of the method. The method here is a made one that answers as told, linked in
 * place of the real one, so that failures can be had at will. The first argument is a phantom of make_head. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "face.h"

static const char *phantom;
static char dir[48];
static vv_engine *engine;

/* The next answer. */
static struct {
    vv_status status;
    vv_verdict verdict;
    bool gate_passes;
    int call, review_at; /* the call to be answered with review; 0: none */
    bool carried;        /* the last call had a pose carried to it */
} answer;

vv_status vv_face_run(vv_device *dev, vv_volume *v, const vv_face_options *opt, vv_face_progress progress, void *user,
                      vv_face_result *result, uint8_t *mask, vv_face_pictures *pictures, vv_err *err)
{
    (void)dev, (void)progress, (void)user, (void)pictures;
    answer.carried = opt->carried != NULL;
    bool review = ++answer.call == answer.review_at;
    *result = (vv_face_result){.verdict = answer.verdict, .score = 0.5, .ngates = 1};
    result->gates[0] = (vv_gate){"made_gate", 2, 1, answer.gate_passes};
    if (review)
        result->verdict = VV_VERDICT_REVIEW;
    if (result->verdict == VV_VERDICT_REVIEW)
        snprintf(result->reason, sizeof result->reason, "made reason");
    if (answer.verdict != VV_VERDICT_NO_FACE)
        memset(v->data, 0, 2);
    if (mask && answer.verdict != VV_VERDICT_NO_FACE)
        mask[0] = 1;
    return answer.status ? vv_fail(err, answer.status, "made", "made failure") : VV_OK;
}

const char *vv_part_name(int part)
{
    static const char *const names[VV_PARTS] = {"a", "b", "c", "d", "e", "f", "g"};
    return names[part];
}

vv_status vv_face_place_create(vv_face_place **out, vv_err *err)
{
    (void)err;
    *out = malloc(1);
    return *out ? VV_OK : VV_E_RESOURCE;
}

void vv_face_place_destroy(vv_face_place **place)
{
    free(*place);
    *place = NULL;
}

vv_status vv_face_find(vv_device *dev, const vv_volume *v, vv_face_result *result, vv_err *err)
{
    (void)dev, (void)v;
    *result = (vv_face_result){.verdict = answer.verdict, .score = 0.5};
    return answer.status ? vv_fail(err, answer.status, "made", "made failure") : VV_OK;
}

static const char *in_dir(const char *name)
{
    static char path[4][96];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", dir, name);
    return path[next];
}

static bool exists(const char *name)
{
    return access(in_dir(name), F_OK) == 0;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "test_review.XXXXXX");
    vv_engine_options opt = {.size = sizeof opt, .device = "cpu"};
    return mkdtemp(dir) && vv_engine_create(&opt, &engine, NULL) == VV_OK ? 0 : -1;
}

/* Fails, and the test with it, where a test left more behind than it says. */
static int tear_down(void **state)
{
    (void)state;
    vv_engine_destroy(&engine);
    return rmdir(dir);
}

static vv_deface_options all_sides(void)
{
    static char mask[96], preview[96];
    snprintf(mask, sizeof mask, "%s/m.nii", dir);
    snprintf(preview, sizeof preview, "%s/p.png", dir);
    return (vv_deface_options){.size = sizeof(vv_deface_options), .mask_path = mask, .preview_path = preview};
}

static void remove_sides(void)
{
    assert_int_equal(unlink(in_dir("m.nii")), 0);
    assert_int_equal(unlink(in_dir("p.png")), 0);
}

static void a_proven_result_appears(void **state)
{
    (void)state;
    answer.status = VV_OK, answer.verdict = VV_VERDICT_CLEAN, answer.gate_passes = true;
    vv_deface_options opt = all_sides();
    vv_report *report = NULL;
    assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, &report, NULL), VV_OK);
    assert_string_equal(vv_report_verdict(report), "clean");
    assert_null(strstr(vv_report_json(report), "\"reason\""));
    vv_report_destroy(&report);
    assert_int_equal(unlink(in_dir("o.nii")), 0);
    remove_sides();
}

/* Both ways to "not proven": the method says so, or it says "clean" over a gate that failed. */
static void what_is_not_proven_goes_to_quarantine(void **state)
{
    (void)state;
    const vv_verdict verdicts[] = {VV_VERDICT_REVIEW, VV_VERDICT_CLEAN, VV_VERDICT_NO_FACE};
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        answer.status = VV_OK, answer.verdict = verdicts[i], answer.gate_passes = false;
        vv_deface_options opt = all_sides();
        vv_report *report = NULL;
        vv_err err = {0};
        assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, &report, &err), VV_E_REVIEW);
        assert_string_equal(vv_report_verdict(report), "review");
        assert_non_null(strstr(err.message, i == 0 ? "made reason" : "made_gate"));
        assert_non_null(strstr(vv_report_json(report), "\"reason\""));
        vv_report_destroy(&report);
        assert_false(exists("o.nii"));
        assert_true(exists("voxveil-quarantine/o.nii"));
        assert_true(exists("voxveil-quarantine/o.nii.report.json"));
        struct stat st;
        assert_int_equal(stat(in_dir("voxveil-quarantine"), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0700);
        assert_int_equal(stat(in_dir("voxveil-quarantine/o.nii.report.json"), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(unlink(in_dir("voxveil-quarantine/o.nii")), 0);
        assert_int_equal(unlink(in_dir("voxveil-quarantine/o.nii.report.json")), 0);
        assert_int_equal(rmdir(in_dir("voxveil-quarantine")), 0);
        remove_sides();
    }
}

static void quarantine_goes_where_it_is_told(void **state)
{
    (void)state;
    answer.status = VV_OK, answer.verdict = VV_VERDICT_REVIEW, answer.gate_passes = true;
    vv_deface_options opt = {.size = sizeof opt, .quarantine_dir = in_dir("q")};
    assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, NULL, NULL), VV_E_REVIEW);
    assert_int_equal(unlink(in_dir("q/o.nii")), 0);
    assert_int_equal(unlink(in_dir("q/o.nii.report.json")), 0);
    assert_int_equal(rmdir(in_dir("q")), 0);
    opt.quarantine_dir = in_dir("r//"); /* a slash behind a folder that is not there yet */
    assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, NULL, NULL), VV_E_REVIEW);
    assert_int_equal(unlink(in_dir("r/o.nii")), 0);
    assert_int_equal(unlink(in_dir("r/o.nii.report.json")), 0);
    assert_int_equal(rmdir(in_dir("r")), 0);

    /* What cannot be quarantined into is refused before the work, whatever would have come of it. */
    answer.verdict = VV_VERDICT_CLEAN;
    const char *bad[] = {in_dir("missing/q"), phantom};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        vv_err err = {0};
        opt.quarantine_dir = bad[i];
        assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, NULL, &err), VV_E_USAGE);
        assert_string_equal(err.where, "quarantine");
    }
}

static void a_failed_method_leaves_nothing(void **state)
{
    (void)state;
    const vv_status statuses[] = {VV_E_RESOURCE, VV_E_INTERNAL, VV_E_CANCELLED};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        answer.status = statuses[i], answer.verdict = VV_VERDICT_CLEAN, answer.gate_passes = true;
        vv_deface_options opt = all_sides();
        vv_report *report = NULL;
        assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, &report, NULL), statuses[i]);
        assert_null(report);
    }
}

static int refuse(void *user, const vv_report *report)
{
    (void)user, (void)report;
    return 1;
}

static void side_files_go_with_their_output(void **state)
{
    (void)state;
    answer.status = VV_OK, answer.verdict = VV_VERDICT_CLEAN, answer.gate_passes = true;
    vv_deface_options opt = all_sides();
    opt.on_report = refuse;
    assert_int_equal(vv_deface_file(engine, phantom, in_dir("o.nii"), &opt, NULL, NULL), VV_E_RESOURCE);
}

static void an_unproven_image_is_zeroed(void **state)
{
    (void)state;
    uint16_t voxels[8];
    vv_image image = {
        .size = sizeof image,
        .dims = {2, 2, 2},
        .dtype = VV_DT_U16,
        .affine = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
        .data = voxels,
    };
    const struct {
        vv_status status;
        vv_verdict verdict;
        bool gate;
        vv_status expected;
        uint16_t last;
    } cases[] = {
        {VV_OK, VV_VERDICT_CLEAN, true, VV_OK, 7},
        {VV_OK, VV_VERDICT_NO_FACE, true, VV_OK, 7},
        {VV_OK, VV_VERDICT_CLEAN, false, VV_E_REVIEW, 0},
        {VV_OK, VV_VERDICT_REVIEW, true, VV_E_REVIEW, 0},
        {VV_E_RESOURCE, VV_VERDICT_CLEAN, true, VV_E_RESOURCE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(voxels, 0, sizeof voxels);
        voxels[7] = 7;
        answer.status = cases[i].status, answer.verdict = cases[i].verdict, answer.gate_passes = cases[i].gate;
        assert_int_equal(vv_deface_image(engine, &image, NULL, NULL, NULL), cases[i].expected);
        assert_int_equal(voxels[7], cases[i].last);
    }
    vv_deface_options opt = {.size = sizeof opt, .mask_path = "m.nii"};
    voxels[7] = 7;
    assert_int_equal(vv_deface_image(engine, &image, &opt, NULL, NULL), VV_E_USAGE);
    assert_int_equal(voxels[7], 0);
}

static void risk_follows_what_was_found(void **state)
{
    (void)state;
    const struct {
        vv_verdict verdict;
        const char *name, *risk;
    } cases[] = {
        {VV_VERDICT_CLEAN, "face", "\"risk\":\"high\""},
        {VV_VERDICT_REVIEW, "review", "\"risk\":\"high\""},
        {VV_VERDICT_NO_FACE, "no_face", "\"risk\":\"low\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer.status = VV_OK, answer.verdict = cases[i].verdict;
        vv_report *report = NULL;
        assert_int_equal(vv_info_file(engine, phantom, &report, NULL), VV_OK);
        assert_string_equal(vv_report_verdict(report), cases[i].name);
        assert_non_null(strstr(vv_report_json(report), cases[i].risk));
        vv_report_destroy(&report);
    }
}

/* Two series of one visit; `first` and `second` say where each is afterwards. */
static void study(int review_at, vv_status want, const char *first, const char *second)
{
    char out[2][96];
    snprintf(out[0], sizeof out[0], "%s/a.nii", dir);
    snprintf(out[1], sizeof out[1], "%s/b.nii", dir);
    vv_study_item items[2] = {{.size = sizeof *items, .in = phantom, .out = out[0]},
                              {.size = sizeof *items, .in = phantom, .out = out[1]}};
    vv_deface_options opt = {.size = sizeof opt, .quarantine_dir = in_dir("q")};
    vv_report *report = NULL;
    vv_err err = {0};
    answer.verdict = VV_VERDICT_CLEAN, answer.gate_passes = true;
    answer.call = 0, answer.review_at = review_at;
    assert_int_equal(vv_deface_study(engine, items, 2, &opt, &report, &err), want);
    answer.review_at = 0;
    if (want == VV_OK || want == VV_E_REVIEW) {
        assert_true(answer.carried);
        assert_string_equal(vv_report_verdict(report), want ? "review" : "clean");
        assert_non_null(strstr(vv_report_json(report), "voxveil.study/1"));
        assert_int_equal(unlink(in_dir(first)), 0);
        assert_int_equal(unlink(in_dir(second)), 0);
    } else {
        assert_null(report);
    }
    const char *const left[] = {"q/a.nii.report.json", "q/b.nii.report.json"};
    for (int i = 0; i < 2; i++)
        unlink(in_dir(left[i]));
    rmdir(in_dir("q"));
    vv_report_destroy(&report);
}

static void a_study_is_as_sure_as_the_series_it_is_found_on(void **state)
{
    (void)state;
    answer.status = VV_OK;
    study(0, VV_OK, "a.nii", "b.nii");
    study(2, VV_E_REVIEW, "a.nii", "q/b.nii");   /* one that was carried to: it alone */
    study(1, VV_E_REVIEW, "q/a.nii", "q/b.nii"); /* the one that the pose comes from: all */
    answer.status = VV_E_RESOURCE;
    study(0, VV_E_RESOURCE, NULL, NULL);
    answer.status = VV_OK;
}

static void wrong_studies_are_refused(void **state)
{
    (void)state;
    vv_study_item item = {.size = sizeof item, .in = phantom, .out = in_dir("a.nii")}, bad = item;
    vv_study_item twice[2] = {item, item};
    vv_deface_options opt = {.size = sizeof opt, .mask_path = in_dir("m.nii")};
    bad.size = 1;
    assert_int_equal(vv_deface_study(NULL, &item, 1, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_study(engine, NULL, 1, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_study(engine, &item, 0, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_study(engine, &bad, 1, NULL, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_study(engine, &item, 1, &opt, NULL, NULL), VV_E_USAGE);
    assert_int_equal(vv_deface_study(engine, twice, 2, NULL, NULL, NULL), VV_E_USAGE);
    assert_false(exists("a.nii"));
}

int main(int argc, char **argv)
{
    phantom = argc > 1 ? argv[1] : "";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_proven_result_appears, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_proven_goes_to_quarantine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quarantine_goes_where_it_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_method_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(side_files_go_with_their_output, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unproven_image_is_zeroed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(risk_follows_what_was_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_study_is_as_sure_as_the_series_it_is_found_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_studies_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
