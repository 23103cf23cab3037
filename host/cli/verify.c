#include "commands.h"
#include "job.h"
#include "say.h"
#include <string.h>

static void say_held(const cli_args *a, const vv_report *report)
{
    if (a->quiet)
        return;
    if (!strcmp(vv_report_verdict(report), "no_face"))
        cli_say("no_face: the original shows no face, and nothing was changed");
    else
        cli_say(a->value[OPT_GALLERY] ? "clean: every gate holds for the cleaned files, and the attacks fail"
                                      : "clean: every gate holds for the cleaned file");
}

static vv_status run(const cli_args *a, cli_job *job, vv_engine *engine)
{
    vv_deface_options opt = a->deface;
    opt.protect_path = a->value[OPT_PROTECT];
    opt.apply_path = a->value[OPT_APPLY_MASK];
    opt.force = 0;
    vv_archive archive = {.size = sizeof archive,
                          .originals = a->operand[0],
                          .cleaned = a->operand[1],
                          .gallery = a->value[OPT_GALLERY],
                          .page_path = a->value[OPT_CERTIFICATE],
                          .force = a->force};
    vv_report *report = NULL;
    vv_err err = {0};
    vv_status status = archive.gallery ? vv_verify_archive(engine, &archive, &opt, &report, &err)
                                       : vv_verify_file(engine, a->operand[0], a->operand[1], &opt, &report, &err);
    if (!status || status == VV_E_REVIEW)
        cli_on_report(job, report);
    status = cli_job_end(job, status, &err);
    if (!status)
        say_held(a, report);
    vv_report_destroy(&report);
    return status;
}

int cli_verify(const cli_args *a)
{
    if (a->operands != 2)
        return cli_fail(VV_E_USAGE, "verify takes ORIGINAL and CLEANED; see voxveil verify --help");
    vv_status status = cli_report_check(a);
    if (!status)
        status = cli_report_check_apart(a, a->value[OPT_CERTIFICATE]);
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
