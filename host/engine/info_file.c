/* What a file is and what identity it carries. */
#include "engine.h"
#include "face.h"
#include "dicom_read.h"
#include "info_dicom.h"
#include "report.h"

/* high: somebody could be recognised, or that cannot be excluded; medium: words that may name somebody; low: neither.
 */
static const char *risk_of(const vv_read_result *file, const vv_face_result *face)
{
    if (face->verdict != VV_VERDICT_NO_FACE)
        return "high";
    return file->has_text || file->has_extensions ? "medium" : "low";
}

static const char *verdict_of(const vv_face_result *face)
{
    return face->verdict == VV_VERDICT_CLEAN ? "face" : face->verdict == VV_VERDICT_NO_FACE ? "no_face" : "review";
}

static vv_status inspect(vv_engine *e, const vv_read_result *file, double started, vv_report **report, vv_err *err)
{
    vv_report_times times = {.read = vv_now_ms() - started};
    vv_face_result face = {0};
    vv_status status = vv_engine_step(e, "find", 0, err);
    if (!status)
        status = vv_face_find(e->device, &file->volume, &face, err);
    face.ms.find = vv_now_ms() - started - times.read;
    if (!status)
        status = vv_engine_step(e, "find", 1, err);
    if (status)
        return status;
    times.total = vv_now_ms() - started;
    vv_report_facts facts = {
        .device = e->device,
        .verdict = verdict_of(&face),
        .reason = face.reason,
        .format = file->format,
        .dims = file->all_dims,
        .ndim = file->ndim,
        .volume = &file->volume,
        .input_sha256 = file->sha256,
        .face = &face,
        .found = face.verdict == VV_VERDICT_CLEAN,
        .times = &times,
        .identity = {true, file->has_text, file->has_extensions, risk_of(file, &face)},
    };
    return vv_report_create(&facts, report, err);
}

vv_status vv_info_file(vv_engine *engine, const char *in, vv_report **report, vv_err *err)
{
    if (!engine || !in || !report)
        return vv_fail(err, VV_E_USAGE, "engine", "the engine, the input or the place for the report is missing");
    *report = NULL;
    double started = vv_now_ms();
    vv_read_result file = {0};
    vv_status status = vv_engine_step(engine, "read", 0, err);
    if (status)
        return status;
    if (vv_dicom_is(in))
        return vv_info_dicom(engine, in, report, err);
    status = vv_file_read(in, engine->pool, &file, err);
    if (status)
        return status;
    status = inspect(engine, &file, started, report, err);
    vv_file_close(&file);
    return status;
}
