/* job.h - what the commands that open an engine share: the engine's options, its callbacks, and the report. */
#ifndef CLI_JOB_H
#define CLI_JOB_H
#include "progress.h"

typedef struct cli_job {
    const cli_args *args;
    cli_progress progress;
    vv_status report_status; /* why the report could not be written */
    vv_err report_err;
    bool report_saved; /* a file stands at --report, written by this job */
} cli_job;

/* Opens the engine of --device and --threads; says why where it cannot. *job must outlive the engine. */
vv_status cli_job_open(cli_job *job, const cli_args *a, vv_engine **engine);

/* After a job that ended with `status`: takes the bar away, says what failed, and takes back the report of a job that
 * left no output. Returns the exit code. */
vv_status cli_job_end(cli_job *job, vv_status status, const vv_err *err);

/* Refuses a `path` (NULL is fine) that --report names too. */
vv_status cli_report_check_apart(const cli_args *a, const char *path);
/* Refuses a --report that exists already (without --force), names a file that the job reads or writes, or whose folder
 * cannot be written to. */
vv_status cli_report_check(const cli_args *a);
/* Writes `json` or `report` to where --report says; VV_OK where it says nothing. Fills *err and prints nothing. */
vv_status cli_report_put(const cli_args *a, const vv_report *report, vv_err *err);
/* A vv_report_fn; `user` is a cli_job. */
int cli_on_report(void *user, const vv_report *report);
/* One line of text to standard output, flushed; VV_E_RESOURCE where it cannot be written. */
vv_status cli_print_line(const char *text, vv_err *err);
#endif
