/* One file, end to end: read, take the face out, prove it, and only then let the output appear. */
#include "file_job.h"

static vv_status run(vv_file_job *j, vv_err *err)
{
    vv_status status = vv_file_job_check(j, err);
    if (!status)
        status = vv_file_job_read(j, err);
    if (!status)
        status = vv_file_job_method(j, err);
    if (!status)
        status = vv_file_job_deface(j, err);
    if (!status)
        status = vv_file_job_write(j, err);
    if (!status)
        status = vv_file_job_report(j, err);
    if (!status && j->opt.on_report && j->opt.on_report(j->engine->user, j->report))
        status = vv_fail(err, VV_E_RESOURCE, "report", "the report was not taken; nothing was written, try again");
    return status ? status : vv_file_job_release(j, err);
}

vv_status vv_deface_file(vv_engine *engine, const char *in, const char *out, const vv_deface_options *opt,
                         vv_report **report, vv_err *err)
{
    if (report)
        *report = NULL;
    if (!engine || !in || !out)
        return vv_fail(err, VV_E_USAGE, "engine", "the engine, the input or the output is missing");
    vv_file_job j = {.engine = engine, .in = in, .out = out, .started = vv_now_ms()};
    vv_status status = vv_deface_options_check(opt, &j.opt, err);
    if (!status)
        status = run(&j, err);
    vv_file_job_end(&j, status);
    if (report)
        *report = j.report;
    else
        vv_report_destroy(&j.report);
    return status;
}
