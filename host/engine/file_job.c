#include "file_job.h"
#include "alloc.h"
#include "fiducials_file.h"
#include "path.h"
#include "sheet.h"
#include "side.h"
#include <string.h>
#include <unistd.h>

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "engine", "out of memory; free some and try again");
}

/* The user's masks are only read, but must not be written over. */
static vv_status check_masks(const vv_file_job *j, vv_err *err)
{
    const char *const masks[] = {j->opt.protect_path, j->opt.apply_path};
    static const char *const names[] = {"protect", "apply-mask"};
    const char *const written[] = {j->out, j->opt.mask_path, j->opt.preview_path, j->opt.fiducials_path};
    vv_status status = VV_OK;
    for (int m = 0; m < 2; m++) {
        for (size_t i = 0; masks[m] && i < sizeof written / sizeof *written && !status; i++) {
            if (written[i])
                status = vv_file_check_apart(masks[m], written[i], names[m], err);
        }
    }
    return status;
}

/* No two side files at one path. */
static vv_status check_sides(const vv_file_job *j, vv_err *err)
{
    const char *const paths[] = {j->opt.mask_path, j->opt.preview_path, j->opt.fiducials_path};
    static const char *const names[] = {"mask-out", "preview", "fiducials"};
    vv_status status = VV_OK;
    for (int i = 0; i < 3 && !status; i++) {
        status = vv_side_check(paths[i], names[i], j->in, j->out, j->opt.force != 0, err);
        for (int k = 0; k < i && paths[i] && !status; k++) {
            if (paths[k])
                status = vv_file_check_apart(paths[i], paths[k], names[i], err);
        }
    }
    return status;
}

vv_status vv_file_job_check(const vv_file_job *j, vv_err *err)
{
    vv_status status = vv_file_check_out(j->in, j->out, j->opt.force != 0, err);
    if (!status)
        status = check_sides(j, err);
    if (!status)
        status = check_masks(j, err);
    return status ? status : vv_side_check_quarantine(j->opt.quarantine_dir, err);
}

vv_status vv_file_job_read(vv_file_job *j, vv_err *err)
{
    double start = vv_now_ms();
    vv_status status = vv_engine_step(j->engine, "read", 0, err);
    if (!status)
        status = vv_file_read(j->in, j->engine->pool, &j->file, err);
    if (status)
        return status;
    j->is_read = true;
    memcpy(j->sha256, j->file.sha256, sizeof j->sha256);
    j->times.read = vv_now_ms() - start;
    return vv_engine_step(j->engine, "read", 1, err);
}

void vv_file_job_unread(vv_file_job *j)
{
    if (j->is_read)
        vv_file_close(&j->file);
    j->is_read = false;
    vv_free(j->protect);
    vv_free(j->apply);
    vv_free(j->mask);
    vv_free(j->pictures);
    j->protect = j->apply = j->mask = NULL;
    j->pictures = NULL;
}

vv_status vv_file_job_method(vv_file_job *j, vv_err *err)
{
    const vv_volume *v = &j->file.volume;
    vv_status status = VV_OK;
    if (j->opt.protect_path && !j->protect)
        status = vv_deface_mask_read(j->engine, j->opt.protect_path, "protect", v, VV_MASK_TOUCH, &j->protect, err);
    if (!status && j->opt.apply_path && !j->apply)
        status = vv_deface_mask_read(j->engine, j->opt.apply_path, "apply-mask", v, VV_MASK_NEAREST, &j->apply, err);
    j->method = vv_deface_method(&j->opt);
    j->method.protect = j->protect;
    j->method.apply = j->apply;
    return status;
}

vv_status vv_file_job_deface(vv_file_job *j, vv_err *err)
{
    if (j->opt.mask_path && !j->mask && !(j->mask = vv_calloc((size_t)vv_volume_voxels(&j->file.volume), 1)))
        return out_of_memory(err);
    if (j->opt.preview_path && !j->pictures && !(j->pictures = vv_calloc(1, sizeof *j->pictures)))
        return out_of_memory(err);
    return vv_deface_volume(j->engine, &j->file.volume, &j->method, &j->face, j->mask, j->pictures, err);
}

static vv_status write_preview(vv_file_job *j, vv_err *err)
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

static vv_status write_side_files(vv_file_job *j, vv_err *err)
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
    if (!status && j->opt.fiducials_path && j->face.verdict != VV_VERDICT_REVIEW) {
        status = vv_fiducials_write(j->opt.fiducials_path, &j->file.volume, j->face.fiducials, j->opt.force != 0, err);
        j->fiducials_saved = status == VV_OK;
    }
    return status;
}

vv_status vv_file_job_write(vv_file_job *j, vv_err *err)
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

vv_status vv_file_job_report(vv_file_job *j, vv_err *err)
{
    j->times.total = vv_now_ms() - j->started;
    vv_report_facts facts = {
        .device = j->engine->device,
        .verdict = vv_verdict_name(j->face.verdict),
        .reason = j->face.reason,
        .format = j->file.format,
        .written = j->file.written,
        .dims = j->file.all_dims,
        .ndim = j->file.ndim,
        .volume = &j->file.volume,
        .input_sha256 = j->file.sha256,
        .output_sha256 = vv_pending_sha256(j->pending),
        .output_bytes = vv_pending_bytes(j->pending),
        .face = &j->face,
        .found = j->face.verdict != VV_VERDICT_NO_FACE,
        .in_study = j->in_study,
        .regions = j->opt.regions,
        .masks = {j->protect != NULL, j->apply != NULL},
        .times = &j->times,
    };
    return vv_report_create(&facts, &j->report, err);
}

static vv_status save_quarantined_report(const vv_file_job *j, const char *dir, vv_err *err)
{
    char *beside = vv_path_join(dir, vv_path_base(j->out));
    char *path = beside ? vv_path_resuffix(beside, 0, ".report.json") : NULL;
    vv_status status = path ? vv_report_quarantine(j->report, path, dir, err) : out_of_memory(err);
    vv_free(path);
    vv_free(beside);
    return status;
}

static vv_status quarantine(vv_file_job *j, vv_err *err)
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

vv_status vv_file_job_release(vv_file_job *j, vv_err *err)
{
    return j->face.verdict == VV_VERDICT_REVIEW ? quarantine(j, err)
                                                : vv_file_commit(&j->pending, j->opt.force != 0, err);
}

void vv_file_job_end(vv_file_job *j, vv_status status)
{
    vv_file_discard(&j->pending);
    if (status && status != VV_E_REVIEW) {
        if (j->mask_saved)
            unlink(j->opt.mask_path);
        if (j->preview_saved)
            unlink(j->opt.preview_path);
        if (j->fiducials_saved)
            unlink(j->opt.fiducials_path);
    }
    vv_file_job_unread(j);
}
