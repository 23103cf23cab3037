/* One file, end to end: read, take the face out, prove it, and only then let the output appear. */
#include "alloc.h"
#include "deface.h"
#include "format.h"
#include "path.h"
#include "report.h"
#include "sheet.h"
#include "side.h"
#include <unistd.h>

typedef struct job {
    vv_engine *engine;
    const char *in, *out;
    vv_deface_options opt;
    vv_read_result file;
    bool is_read;
    uint8_t *mask;              /* NULL: not wanted */
    vv_face_pictures *pictures; /* NULL: not wanted */
    vv_face_result face;
    vv_pending *pending;
    bool mask_saved, preview_saved; /* by this job, to be taken back when it fails */
    vv_report_times times;
    double started;
    vv_report *report;
} job;

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "engine", "out of memory; free some and try again");
}

static vv_status check_paths(const job *j, vv_err *err)
{
    bool force = j->opt.force != 0;
    vv_status status = vv_file_check_out(j->in, j->out, force, err);
    if (!status)
        status = vv_side_check(j->opt.mask_path, "mask-out", j->in, j->out, force, err);
    if (!status)
        status = vv_side_check(j->opt.preview_path, "preview", j->in, j->out, force, err);
    if (!status && j->opt.mask_path && j->opt.preview_path)
        status = vv_file_check_apart(j->opt.preview_path, j->opt.mask_path, "preview", err);
    if (!status)
        status = vv_side_check_quarantine(j->opt.quarantine_dir, err);
    return status;
}

static vv_status read_input(job *j, vv_err *err)
{
    double start = vv_now_ms();
    vv_status status = vv_engine_step(j->engine, "read", 0, err);
    if (!status)
        status = vv_file_read(j->in, j->engine->pool, &j->file, err);
    if (status)
        return status;
    j->is_read = true;
    j->times.read = vv_now_ms() - start;
    return vv_engine_step(j->engine, "read", 1, err);
}

static vv_status find_and_remove(job *j, vv_err *err)
{
    if (j->opt.mask_path && !(j->mask = vv_calloc((size_t)vv_volume_voxels(&j->file.volume), 1)))
        return out_of_memory(err);
    if (j->opt.preview_path && !(j->pictures = vv_calloc(1, sizeof *j->pictures)))
        return out_of_memory(err);
    return vv_deface_volume(j->engine, &j->file.volume, &j->opt, &j->face, j->mask, j->pictures, err);
}

static vv_status write_preview(job *j, vv_err *err)
{
    uint8_t *sheet = vv_malloc(VV_SHEET_WIDTH, VV_SHEET_HEIGHT);
    if (!sheet)
        return out_of_memory(err);
    vv_sheet_compose(j->pictures, sheet);
    vv_status status =
        vv_png_write(j->opt.preview_path, sheet, VV_SHEET_WIDTH, VV_SHEET_HEIGHT, 1, j->opt.force != 0, err);
    vv_free(sheet);
    return status;
}

static vv_status write_side_files(job *j, vv_err *err)
{
    vv_status status = VV_OK;
    if (j->mask) {
        status =
            vv_file_write_mask(j->opt.mask_path, &j->file.volume, j->mask, j->opt.force != 0, j->engine->pool, err);
        status = vv_side_named(status, "mask-out", err);
        j->mask_saved = status == VV_OK;
    }
    if (!status && j->pictures) {
        status = vv_side_named(write_preview(j, err), "preview", err);
        j->preview_saved = status == VV_OK;
    }
    return status;
}

/* Into temporary files; the gate on header text looks at what was written. */
static vv_status write_pending(job *j, vv_err *err)
{
    double start = vv_now_ms();
    vv_write_options opt = {
        .keep_text = j->opt.keep_text != 0,
        .keep_extensions = j->opt.keep_extensions != 0,
        .force = j->opt.force != 0,
    };
    vv_status status = vv_engine_step(j->engine, "write", 0, err);
    if (!status)
        status = vv_file_write(j->out, &j->file, &opt, j->engine->pool, &j->pending, err);
    if (!status && !opt.keep_text && !opt.keep_extensions)
        status = vv_deface_gate(&j->face, "header_text", vv_pending_text_left(j->pending), 0,
                                "text is left in the header", err);
    if (!status)
        status = write_side_files(j, err);
    j->times.write = vv_now_ms() - start;
    return status ? status : vv_engine_step(j->engine, "write", 1, err);
}

static vv_status make_report(job *j, vv_err *err)
{
    j->times.total = vv_now_ms() - j->started;
    vv_report_facts facts = {
        .device = j->engine->device,
        .verdict = vv_verdict_name(j->face.verdict),
        .reason = j->face.reason,
        .format = j->file.format,
        .dims = j->file.all_dims,
        .ndim = j->file.ndim,
        .volume = &j->file.volume,
        .input_sha256 = j->file.sha256,
        .output_sha256 = vv_pending_sha256(j->pending),
        .output_bytes = vv_pending_bytes(j->pending),
        .face = &j->face,
        .found = j->face.verdict != VV_VERDICT_NO_FACE,
        .regions = j->opt.regions,
        .times = &j->times,
    };
    vv_status status = vv_report_create(&facts, &j->report, err);
    if (!status && j->opt.on_report && j->opt.on_report(j->engine->user, j->report))
        status = vv_fail(err, VV_E_RESOURCE, "report", "the report was not taken; nothing was written, try again");
    return status;
}

static vv_status save_quarantined_report(const job *j, const char *dir, vv_err *err)
{
    char *beside = vv_path_join(dir, vv_path_base(j->out));
    char *path = beside ? vv_path_resuffix(beside, 0, ".report.json") : NULL;
    vv_status status = path ? vv_report_quarantine(j->report, path, dir, err) : out_of_memory(err);
    vv_free(path);
    vv_free(beside);
    return status;
}

static vv_status quarantine(job *j, vv_err *err)
{
    char *beside = vv_path_dir(j->out);
    char *standard = beside ? vv_path_join(beside, "voxveil-quarantine") : NULL;
    vv_free(beside);
    if (!standard)
        return out_of_memory(err);
    const char *dir = j->opt.quarantine_dir ? j->opt.quarantine_dir : standard;
    vv_status status = vv_file_quarantine(&j->pending, dir, err);
    if (!status)
        status = save_quarantined_report(j, dir, err);
    status = vv_side_named(status, "quarantine", err);
    vv_free(standard);
    if (status)
        return status;
    return vv_fail(err, VV_E_REVIEW, "verify", "not proven: %s; the result is in quarantine, a person has to look",
                   j->face.reason[0] ? j->face.reason : "a gate failed");
}

static vv_status run(job *j, vv_err *err)
{
    vv_status status = check_paths(j, err);
    if (!status)
        status = read_input(j, err);
    if (!status)
        status = find_and_remove(j, err);
    if (!status)
        status = write_pending(j, err);
    if (!status)
        status = make_report(j, err);
    if (status)
        return status;
    return j->face.verdict == VV_VERDICT_REVIEW ? quarantine(j, err)
                                                : vv_file_commit(&j->pending, j->opt.force != 0, err);
}

static void clean_up(job *j, vv_status status)
{
    vv_file_discard(&j->pending);
    if (status && status != VV_E_REVIEW) {
        if (j->mask_saved)
            unlink(j->opt.mask_path);
        if (j->preview_saved)
            unlink(j->opt.preview_path);
    }
    if (j->is_read)
        vv_file_close(&j->file);
    vv_free(j->mask);
    vv_free(j->pictures);
}

vv_status vv_deface_file(vv_engine *engine, const char *in, const char *out, const vv_deface_options *opt,
                         vv_report **report, vv_err *err)
{
    if (report)
        *report = NULL;
    if (!engine || !in || !out)
        return vv_fail(err, VV_E_USAGE, "engine", "the engine, the input or the output is missing");
    job j = {.engine = engine, .in = in, .out = out, .started = vv_now_ms()};
    vv_status status = vv_deface_options_check(opt, &j.opt, err);
    if (!status)
        status = run(&j, err);
    clean_up(&j, status);
    if (report)
        *report = j.report;
    else
        vv_report_destroy(&j.report);
    return status;
}
