/* The kernels' speed as CSV. */
#include "bench.h"
#include "engine.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct csv {
    FILE *to;
    const vv_engine *engine;
} csv;

/* v with three decimals and a point, whatever the locale of the program. v >= 0. */
static void put_number(FILE *to, double v)
{
    long long thousandths = (long long)(v * 1000 + 0.5);
    fprintf(to, ",%lld.%03lld", thousandths / 1000, thousandths % 1000);
}

static int put_line(void *user, const vv_bench_line *line)
{
    csv *c = user;
    fprintf(c->to, "\n%s,%s", vv_device_name(c->engine->device), line->kernel);
    put_number(c->to, line->ms);
    put_number(c->to, line->gbs);
    put_number(c->to, line->share);
    return vv_engine_step(c->engine, "bench", 0, NULL) != VV_OK;
}

vv_status vv_bench_kernels_csv(vv_engine *engine, char **out, vv_err *err)
{
    if (!engine || !out)
        return vv_fail(err, VV_E_USAGE, "bench", "the engine or the place for the text is missing");
    *out = NULL;
    char *text = NULL;
    size_t bytes = 0;
    csv c = {open_memstream(&text, &bytes), engine};
    if (!c.to)
        return vv_fail(err, VV_E_RESOURCE, "bench", "out of memory; free some and try again");
    fputs("device,kernel,ms,gb_per_s,of_copy", c.to);
    vv_status status = vv_bench_kernels(engine->device, put_line, &c, err);
    if (fclose(c.to) && !status)
        status = vv_fail(err, VV_E_RESOURCE, "bench", "out of memory; free some and try again");
    if (status)
        free(text);
    else
        *out = text;
    return status;
}
