#include "job.h"
#include "say.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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

vv_status cli_job_end(cli_job *job, vv_status status, const vv_err *err)
{
    cli_progress_end(&job->progress);
    if (job->report_status)
        status = cli_fail_err(job->report_status, &job->report_err);
    else if (status)
        cli_fail_err(status, err);
    /* A report that says "clean" must not outlive an output that never appeared. */
    if (status && status != VV_E_REVIEW && job->report_saved)
        unlink(job->args->value[OPT_REPORT]);
    return status;
}

static bool is_stdout(const char *path)
{
    return !strcmp(path, "-");
}

static bool same_node(const char *a, const char *b)
{
    struct stat sa, sb;
    return !stat(a, &sa) && !stat(b, &sb) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static bool same_folder(const char *a, size_t na, const char *b, size_t nb)
{
    char *da = na ? strndup(a, na) : strdup("."), *db = nb ? strndup(b, nb) : strdup(".");
    bool same = da && db && same_node(da, db);
    free(da);
    free(db);
    return same;
}

/* The length of a file's name, less the ending where it names half of a pair. */
static size_t stem(const char *name, bool *half)
{
    static const char *const endings[] = {".hdr", ".img", ".hdr.gz", ".img.gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if ((*half = n > m && !strcasecmp(name + n - m, endings[i])))
            return n - m;
    }
    return n;
}

/* The same file, or the same name in the same folder where there is none yet; a pair's halves count as one. */
static bool same_file(const char *a, const char *b)
{
    const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
    const char *name_a = slash_a ? slash_a + 1 : a, *name_b = slash_b ? slash_b + 1 : b;
    bool half_a, half_b;
    size_t n = stem(name_a, &half_a), m = stem(name_b, &half_b);
    if (same_node(a, b))
        return true;
    return n == m && half_a == half_b && !memcmp(name_a, name_b, n) &&
           same_folder(a, (size_t)(name_a - a), b, (size_t)(name_b - b));
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

vv_status cli_report_check_apart(const cli_args *a, const char *path)
{
    const char *report = a->value[OPT_REPORT];
    if (!report || is_stdout(report) || !path || !same_file(report, path))
        return VV_OK;
    return cli_fail(VV_E_USAGE, "--report names another file of this job; give it a path of its own");
}

vv_status cli_report_check(const cli_args *a)
{
    const char *path = a->value[OPT_REPORT];
    if (!path || is_stdout(path))
        return VV_OK;
    for (int i = 0; i < a->operands; i++) {
        if (cli_report_check_apart(a, a->operand[i]))
            return VV_E_USAGE;
    }
    static const enum cli_option files[] = {OPT_MASK_OUT, OPT_PREVIEW, OPT_FIDUCIALS, OPT_PROTECT, OPT_APPLY_MASK};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (cli_report_check_apart(a, a->value[files[i]]))
            return VV_E_USAGE;
    }
    struct stat st;
    bool exists = !lstat(path, &st);
    if (exists && S_ISDIR(st.st_mode))
        return cli_fail(VV_E_USAGE, "--report names a folder; give the path of a file");
    if (exists && !S_ISREG(st.st_mode) && !(S_ISLNK(st.st_mode) && (stat(path, &st) || S_ISREG(st.st_mode))))
        return cli_fail(VV_E_USAGE, "--report names a pipe or a device; give the path of a file, or - to print it");
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
