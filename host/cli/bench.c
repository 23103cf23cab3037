#include "commands.h"
#include "job.h"
#include "say.h"
#include <string.h>

int cli_bench(const cli_args *a)
{
    if (a->operands != 1 || strcmp(a->operand[0], "kernels") != 0)
        return cli_fail(VV_E_USAGE, "bench takes one operand; this version measures: kernels");
    cli_job job;
    vv_engine *engine = NULL;
    vv_status status = cli_job_open(&job, a, &engine);
    if (status)
        return status;
    char *csv = NULL;
    vv_err err = {0};
    status = vv_bench_kernels_csv(engine, &csv, &err);
    cli_progress_end(&job.progress);
    if (!status)
        status = cli_print_line(csv, &err);
    vv_string_destroy(&csv);
    vv_engine_destroy(&engine);
    return status ? cli_fail_err(status, &err) : VV_OK;
}
