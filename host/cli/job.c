#include "job.h"
#include "say.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Whether a file could be made in the folder of `path`. */
static bool folder_is_usable(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return access(".", W_OK | X_OK) == 0;
    char *dir = strndup(path, (size_t)(slash - path) + 1);
    struct stat st;
    bool usable = dir && !stat(dir, &st) && S_ISDIR(st.st_mode) && access(dir, W_OK | X_OK) == 0;
    free(dir);
    return usable;
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
    bool exists = !lstat(path, &st);
    if (exists && S_ISDIR(st.st_mode))
        return cli_fail(VV_E_USAGE, "--report names a folder; give the path of a file");
    if (exists && !a->force)
        return cli_fail(VV_E_USAGE, "--report names a file that exists; give --force to replace it");
    if (!folder_is_usable(path))
        return cli_fail(VV_E_USAGE, "--report: its folder is missing or cannot be written to; make it first");
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
