#include "bench.h"
#include "alloc.h"
#include "backend.h"
#include "case_run.h"
#include <time.h>

/* A 1 mm T1 head. */
static const int64_t shape[3] = {256, 256, 176};
enum { RUNS_MIN = 3, RUNS_MAX = 50 };
static const double enough_ms = 100.0; /* per kernel, after the first, unmeasured launch */

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* What is measured: a launch of a case, or a copy between its two buffers. */
typedef struct work {
    const vv_kernel_case *c; /* NULL: the copy */
    const vv_case_bufs *b;
    size_t bytes;
} work;

static vv_status run_once(vv_device *dev, const work *w, vv_err *err)
{
    if (w->c)
        return vv_case_launch(dev, w->c, w->b, err);
    return vv_copy(dev, w->b->buf[1], 0, w->b->buf[0], 0, w->bytes, err);
}

/* Milliseconds of one run. Launches are queued in batches that take long enough for the wait at the end to vanish. */
static vv_status measure(vv_device *dev, const work *w, double *ms, vv_err *err)
{
    vv_status st = run_once(dev, w, err);
    if (st == VV_OK)
        st = vv_sync(dev, err);
    double spent = 0, best = 1e30;
    int batch = 1;
    for (int run = 0; st == VV_OK && (run < RUNS_MIN || (run < RUNS_MAX && spent < enough_ms)); run++) {
        double start = now_ms();
        for (int i = 0; i < batch && st == VV_OK; i++)
            st = run_once(dev, w, err);
        if (st == VV_OK)
            st = vv_sync(dev, err);
        double took = now_ms() - start;
        spent += took;
        if (took / batch < best)
            best = took / batch;
        if (took < 2.0 && batch < 64)
            batch *= 2;
    }
    *ms = best;
    return st;
}

static vv_status upload_inputs(vv_device *dev, const vv_kernel_case *c, const vv_case_bufs *b, vv_err *err)
{
    vv_status st = VV_OK;
    for (int i = 0; i < c->nbufs && st == VV_OK; i++) {
        void *host = vv_malloc(c->buf[i].count, vv_elem_bytes(c->buf[i].elem));
        if (!host)
            return vv_fail(err, VV_E_RESOURCE, "bench", "out of memory");
        vv_case_fill(c, i, VV_FILL_RANDOM, host);
        st = vv_upload(dev, b->buf[i], 0, host, vv_case_bytes(c, i), err);
        vv_free(host);
    }
    return st;
}

static vv_status bench_case(vv_device *dev, const vv_kernel_case *c, double *ms, vv_err *err)
{
    vv_case_bufs b;
    vv_status st = vv_case_create(dev, c, 0, &b, err);
    work w = {c, &b, 0};
    if (st == VV_OK)
        st = upload_inputs(dev, c, &b, err);
    if (st == VV_OK)
        st = measure(dev, &w, ms, err);
    vv_case_destroy(dev, &b);
    return st;
}

static vv_status bench_copy(vv_device *dev, double *ms, double *bytes, vv_err *err)
{
    vv_case_bufs b = {{NULL}};
    work w = {NULL, &b, (size_t)(shape[0] * shape[1] * shape[2]) * 4};
    vv_status st = vv_buf_create(dev, w.bytes, &b.buf[0], err);
    if (st == VV_OK)
        st = vv_buf_create(dev, w.bytes, &b.buf[1], err);
    if (st == VV_OK)
        st = vv_fill(dev, b.buf[0], 0, 1, w.bytes, err);
    if (st == VV_OK)
        st = measure(dev, &w, ms, err);
    vv_case_destroy(dev, &b);
    *bytes = 2.0 * (double)w.bytes;
    return st;
}

vv_status vv_bench_kernels(vv_device *dev, int (*visit)(void *user, const vv_bench_line *line), void *user, vv_err *err)
{
    double ms, bytes, copy = 0;
    for (int k = -1; k < VV_K_COUNT; k++) {
        vv_kernel_case c;
        vv_bench_line line = {.kernel = "copy"};
        vv_status st;
        if (k < 0) {
            st = bench_copy(dev, &ms, &bytes, err);
        } else if (vv_case_make((vv_kernel_id)k, shape, 0, &c)) {
            st = bench_case(dev, &c, &ms, err);
            bytes = c.bytes;
            line.kernel = vv_kernels[k].name;
        } else {
            continue;
        }
        if (st != VV_OK)
            return st;
        line.ms = ms;
        line.gbs = bytes / ms * 1e-6;
        copy = k < 0 ? line.gbs : copy;
        line.share = line.gbs / copy;
        if (visit(user, &line) != 0)
            return vv_fail(err, VV_E_CANCELLED, "bench", "stopped");
    }
    return VV_OK;
}
