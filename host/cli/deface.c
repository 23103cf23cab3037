#include "commands.h"
#include "job.h"
#include "say.h"
#include "study.h"
#include <string.h>

static void say_done(const cli_args *a, const vv_report *report)
{
    if (a->quiet)
        return;
    if (a->value[OPT_KEY])
        cli_say("note: deface has no use for --key");
    if (!strcmp(vv_report_verdict(report), "no_face"))
        cli_say("no_face: there was no face to remove; the image is passed on unchanged");
    else
        cli_say("clean: removed and verified; the output is in place");
}

static vv_status run(const cli_args *a, cli_job *job, vv_engine *engine)
{
    vv_deface_options opt = a->deface;
    opt.mask_path = a->value[OPT_MASK_OUT];
    opt.preview_path = a->value[OPT_PREVIEW];
    opt.quarantine_dir = a->value[OPT_QUARANTINE];
    opt.protect_path = a->value[OPT_PROTECT];
    opt.apply_path = a->value[OPT_APPLY_MASK];
    opt.fiducials_path = a->value[OPT_FIDUCIALS];
    opt.on_report = cli_on_report;
    vv_report *report = NULL;
    vv_err err = {0};
    vv_status status = vv_deface_file(engine, a->operand[0], a->operand[1], &opt, &report, &err);
    status = cli_job_end(job, status, &err);
    if (!status)
        say_done(a, report);
    vv_report_destroy(&report);
    return status;
}

int cli_deface(const cli_args *a)
{
    if (a->value[OPT_STUDY])
        return cli_study(a);
    if (a->operands != 2)
        return cli_fail(VV_E_USAGE, "deface takes IN and OUT; see voxveil deface --help");
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
