/* A cleaned file against its original: the gates once more, from the two files alone. */
#include "alloc.h"
#include "deface.h"
#include "format.h"
#include "report.h"
#include "side.h"
#include "verify_file.h"
#include <string.h>

/* What the job holds; zero, and released with end. */
typedef struct verify_job {
    vv_engine *engine;
    vv_deface_options opt; /* checked: how the original was cleaned */
    double started;
    vv_read_result original, cleaned;
    bool has_original, has_cleaned;
    uint8_t *protect, *apply;
    vv_face_result face;
    vv_report_times times;
} verify_job;

static void end(verify_job *j)
{
    if (j->has_original)
        vv_file_close(&j->original);
    if (j->has_cleaned)
        vv_file_close(&j->cleaned);
    vv_free(j->protect);
    vv_free(j->apply);
}

static vv_status read_both(verify_job *j, const char *original, const char *cleaned, vv_err *err)
{
    vv_status status = vv_engine_step(j->engine, "read", 0, err);
    if (!status)
        status = vv_side_named(vv_file_read(original, j->engine->pool, &j->original, err), "original", err);
    j->has_original = !status;
    if (!status)
        status = vv_side_named(vv_file_read(cleaned, j->engine->pool, &j->cleaned, err), "cleaned", err);
    j->has_cleaned = j->has_original && !status;
    if (status)
        return status;
    j->times.read = vv_now_ms() - j->started;
    const vv_volume *a = &j->original.volume, *b = &j->cleaned.volume;
    if (memcmp(a->dims, b->dims, sizeof a->dims) || a->frames != b->frames || a->dtype != b->dtype)
        return vv_fail(err, VV_E_REFUSED, "cleaned",
                       "its dimensions or its type are not those of the original; give the two files of one image");
    return vv_engine_step(j->engine, "read", 1, err);
}

static vv_status read_masks(verify_job *j, vv_err *err)
{
    const vv_volume *v = &j->original.volume;
    vv_status status = VV_OK;
    if (j->opt.protect_path)
        status = vv_deface_mask_read(j->engine, j->opt.protect_path, "protect", v, VV_MASK_TOUCH, &j->protect, err);
    if (!status && j->opt.apply_path)
        status = vv_deface_mask_read(j->engine, j->opt.apply_path, "apply-mask", v, VV_MASK_NEAREST, &j->apply, err);
    return status;
}

/* Numbers of geometry and scaling that differ. */
static int geometry_differs(const vv_volume *a, const vv_volume *b)
{
    int n = (a->slope != b->slope) + (a->inter != b->inter) + (a->affine_trusted != b->affine_trusted) +
            (a->space != b->space);
    for (int k = 0; k < 12; k++)
        n += a->affine[k] != b->affine[k];
    return n;
}

static vv_status judge_files(verify_job *j, vv_err *err)
{
    const vv_read_result *c = &j->cleaned;
    vv_status status = vv_deface_gate(&j->face, "geometry_identical", geometry_differs(&j->original.volume, &c->volume),
                                      0, "geometry or scaling are not those of the original", err);
    bool text = c->has_text && !j->opt.keep_text, extensions = c->has_extensions && !j->opt.keep_extensions;
    if (!status && !j->opt.keep_text && !j->opt.keep_extensions)
        status = vv_deface_gate(&j->face, "header_text", text + extensions, 0, "text is left in the header", err);
    return status;
}

static vv_status judge(verify_job *j, vv_face_pictures *pictures, vv_err *err)
{
    vv_face_options method = vv_deface_method(&j->opt);
    method.protect = j->protect;
    method.apply = j->apply;
    method.given = j->cleaned.volume.data;
    vv_status status = vv_deface_volume(j->engine, &j->original.volume, &method, &j->face, NULL, pictures, err);
    return status ? status : judge_files(j, err);
}

static vv_status make_report(verify_job *j, vv_report **report, vv_err *err)
{
    j->times.total = vv_now_ms() - j->started;
    vv_report_facts facts = {
        .device = j->engine->device,
        .verdict = vv_verdict_name(j->face.verdict),
        .reason = j->face.reason,
        .format = j->original.format,
        .dims = j->original.all_dims,
        .ndim = j->original.ndim,
        .volume = &j->original.volume,
        .input_sha256 = j->original.sha256,
        .written = j->cleaned.format,
        .output_sha256 = j->cleaned.sha256,
        .face = &j->face,
        .found = j->face.verdict != VV_VERDICT_NO_FACE,
        .regions = j->opt.regions,
        .masks = {j->protect != NULL, j->apply != NULL},
        .times = &j->times,
    };
    return vv_report_create(&facts, report, err);
}

static vv_status check_options(const vv_deface_options *opt, vv_deface_options *out, vv_err *err)
{
    vv_status status = vv_deface_options_check(opt, out, err);
    if (!status &&
        (out->mask_path || out->preview_path || out->fiducials_path || out->quarantine_dir || out->on_report))
        return vv_fail(err, VV_E_USAGE, "engine", "verifying writes no files; leave the paths and on_report NULL");
    return status;
}

vv_status vv_verify_pair(vv_engine *engine, const char *original, const char *cleaned, const vv_deface_options *opt,
                         vv_face_result *face, vv_face_pictures *pictures, vv_report **report, vv_err *err)
{
    verify_job j = {.engine = engine, .started = vv_now_ms()};
    vv_status status = check_options(opt, &j.opt, err);
    if (!status)
        status = read_both(&j, original, cleaned, err);
    if (!status)
        status = read_masks(&j, err);
    if (!status)
        status = judge(&j, pictures, err);
    if (!status && report)
        status = make_report(&j, report, err);
    *face = j.face;
    end(&j);
    return status;
}

vv_status vv_verify_file(vv_engine *engine, const char *original, const char *cleaned, const vv_deface_options *opt,
                         vv_report **report, vv_err *err)
{
    vv_face_result face;
    if (report)
        *report = NULL;
    if (!engine || !original || !cleaned)
        return vv_fail(err, VV_E_USAGE, "engine", "the engine, the original or the cleaned file is missing");
    vv_status status = vv_verify_pair(engine, original, cleaned, opt, &face, NULL, report, err);
    if (!status && face.verdict == VV_VERDICT_REVIEW)
        status = vv_fail(err, VV_E_REVIEW, "verify", "not proven: %s", face.reason[0] ? face.reason : "a gate failed");
    return status;
}
