#include "commands.h"
#include "job.h"
#include "say.h"

static vv_status run(const cli_args *a, cli_job *job, vv_engine *engine)
{
    vv_report *report = NULL;
    vv_err err = {0};
    vv_status status = vv_info_file(engine, a->operand[0], &report, &err);
    cli_progress_end(&job->progress);
    if (!status)
        status = a->value[OPT_REPORT] ? cli_report_put(a, report, &err) : cli_print_line(vv_report_json(report), &err);
    vv_report_destroy(&report);
    return status ? cli_fail_err(status, &err) : VV_OK;
}

int cli_info(const cli_args *a)
{
    if (a->operands != 1)
        return cli_fail(VV_E_USAGE, "info takes one file or folder; see voxveil info --help");
    vv_status status = cli_report_check(a);
    if (status)
        return status;
    cli_job job;
    vv_engine *engine = NULL;
    status = cli_job_open(&job, a, &engine);
    if (!status)
        status = run(a, &job, engine);
    vv_engine_destroy(&engine);
    return status;
}
