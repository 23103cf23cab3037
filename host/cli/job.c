#include "job.h"
#include "say.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int on_progress(void *user, const char *stage, double fraction)
{
    cli_job *job = user;
    return cli_progress_step(&job->progress, stage, fraction);
}

vv_status cli_job_open(cli_job *job, const cli_args *a, vv_engine **engine)
{
    *job = (cli_job){.args = a, .progress = cli_progress_begin(a)};
    vv_engine_options opt = {
        .size = sizeof opt,
        .device = a->value[OPT_DEVICE],
        .threads = a->threads,
        .progress = on_progress,
        .user = job,
    };
    vv_err err = {0};
    vv_status status = vv_engine_create(&opt, engine, &err);
    return status ? cli_fail_err(status, &err) : VV_OK;
}

static bool is_stdout(const char *path)
{
    return !strcmp(path, "-");
}

static bool same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    if (!strcmp(a, b))
        return true;
    return !stat(a, &sa) && !stat(b, &sb) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

vv_status cli_report_check(const cli_args *a)
{
    const char *path = a->value[OPT_REPORT];
    if (!path || is_stdout(path))
        return VV_OK;
    const char *taken[] = {a->operand[0], a->operand[1], a->value[OPT_MASK_OUT], a->value[OPT_PREVIEW]};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (taken[i] && same_file(path, taken[i]))
            return cli_fail(VV_E_USAGE, "--report names another file of this job; give it a path of its own");
    }
    struct stat st;
    if (!a->force && !lstat(path, &st))
        return cli_fail(VV_E_USAGE, "--report names a file that exists; give --force to replace it");
    return VV_OK;
}

vv_status cli_print_line(const char *text, vv_err *err)
{
    if (printf("%s\n", text) >= 0 && !fflush(stdout))
        return VV_OK;
    *err = (vv_err){VV_E_RESOURCE, "output", "standard output cannot be written; check where it goes and try again"};
    return VV_E_RESOURCE;
}

vv_status cli_report_put(const cli_args *a, const vv_report *report, vv_err *err)
{
    const char *path = a->value[OPT_REPORT];
    if (!path)
        return VV_OK;
    if (is_stdout(path))
        return cli_print_line(vv_report_json(report), err);
    return vv_report_save(report, path, a->force, err);
}

int cli_on_report(void *user, const vv_report *report)
{
    cli_job *job = user;
    job->report_status = cli_report_put(job->args, report, &job->report_err);
    const char *path = job->args->value[OPT_REPORT];
    job->report_saved = !job->report_status && path && !is_stdout(path);
    return job->report_status != VV_OK;
}
