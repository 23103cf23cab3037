#include "engine.h"
#include "alloc.h"
#include <stdio.h>
#include <time.h>

const char *vv_version(void)
{
    return VV_VERSION;
}

double vv_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

vv_status vv_engine_step(const vv_engine *e, const char *stage, double fraction, vv_err *err)
{
    if (e->progress && e->progress(e->user, stage, fraction))
        return vv_fail(err, VV_E_CANCELLED, stage, "interrupted; nothing was written, run it again");
    return VV_OK;
}

static void log_device(const vv_engine *e)
{
    if (!e->log)
        return;
    char line[160];
    snprintf(line, sizeof line, "device %s: %s", vv_device_name(e->device), vv_device_description(e->device));
    e->log(e->user, 2, line);
}

vv_status vv_engine_create(const vv_engine_options *opt, vv_engine **out, vv_err *err)
{
    static const vv_engine_options defaults = {.size = sizeof defaults};
    if (!out)
        return vv_fail(err, VV_E_USAGE, "engine", "no place for the engine was given; pass a pointer to one");
    *out = NULL;
    if (!opt)
        opt = &defaults;
    if (opt->size != sizeof *opt)
        return vv_fail(err, VV_E_USAGE, "engine",
                       "engine options of another size; set .size and build with this header");
    if (opt->threads < 0)
        return vv_fail(err, VV_E_USAGE, "engine", "a negative number of threads; give 0 for one per core");
    vv_engine *e = vv_calloc(1, sizeof *e);
    if (!e)
        return vv_fail(err, VV_E_RESOURCE, "engine", "out of memory; free some and try again");
    e->progress = opt->progress;
    e->log = opt->log;
    e->user = opt->user;
    vv_status status = vv_pool_create(opt->threads, &e->pool, err);
    if (!status)
        status = vv_device_open(opt->device ? opt->device : "auto", e->pool, &e->device, err);
    if (status) {
        vv_engine_destroy(&e);
        return status;
    }
    log_device(e);
    *out = e;
    return VV_OK;
}

void vv_engine_destroy(vv_engine **engine)
{
    if (!engine || !*engine)
        return;
    vv_device_close(&(*engine)->device);
    vv_pool_destroy(&(*engine)->pool);
    vv_free(*engine);
    *engine = NULL;
}
