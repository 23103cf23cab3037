#include "cpu.h"
#include "alloc.h"
#include "backend.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/* A cache line, and the widest vector. */
enum { ALIGNMENT = 64 };

typedef struct cpu_device {
    vv_device base;
    const vv_cpu_level *level;
    vv_pool *pool;
} cpu_device;

typedef struct launch {
    vv_cpu_run run;
    const uint32_t *groups;
    void *const *bufs;
    const void *params;
    int64_t total, per_task;
} launch;

/* The caller's thread may flush denormals or round otherwise (another library set it so); the kernels must not. */
static void run_task(void *arg, int64_t task)
{
    const launch *l = arg;
    int64_t first = task * l->per_task;
    int64_t last = first + l->per_task < l->total ? first + l->per_task : l->total;
#if defined(__x86_64__)
    unsigned before = _mm_getcsr();
    _mm_setcsr(0x1f80); /* the ABI's default: all exceptions masked, round to nearest, denormals kept */
#endif
    l->run(l->groups, first, last, l->bufs, l->params);
#if defined(__x86_64__)
    _mm_setcsr(before);
#endif
}

static vv_status cpu_launch(vv_device *base, vv_kernel_id kernel, const uint32_t groups[3], const uintptr_t *handles,
                            int nbufs, const void *params, size_t params_bytes, vv_err *err)
{
    cpu_device *dev = (cpu_device *)base;
    void *bufs[VV_KERNEL_BUFS_MAX];
    (void)params_bytes, (void)err;
    for (int i = 0; i < nbufs; i++)
        bufs[i] = (void *)handles[i];
    /* Eight tasks per thread even out groups of unequal work and still cost little to hand out. */
    int64_t total = (int64_t)groups[0] * groups[1] * groups[2];
    int64_t tasks = (int64_t)vv_pool_threads(dev->pool) * 8;
    int64_t per_task = (total + tasks - 1) / tasks;
    launch l = {dev->level->run[kernel], groups, bufs, params, total, per_task};
    vv_pool_run(dev->pool, (total + per_task - 1) / per_task, run_task, &l);
    return VV_OK;
}

static vv_status cpu_alloc(vv_device *dev, size_t bytes, uintptr_t *handle, vv_err *err)
{
    (void)dev;
    void *p = NULL;
    if (posix_memalign(&p, ALIGNMENT, bytes) != 0)
        return vv_fail(err, VV_E_RESOURCE, "cpu", "out of memory for %zu bytes", bytes);
    *handle = (uintptr_t)p;
    return VV_OK;
}

static void cpu_release(vv_device *dev, uintptr_t handle)
{
    (void)dev;
    free((void *)handle);
}

static vv_status cpu_upload(vv_device *dev, uintptr_t dst, size_t offset, const void *src, size_t bytes, vv_err *err)
{
    (void)dev, (void)err;
    memcpy((char *)dst + offset, src, bytes);
    return VV_OK;
}

static vv_status cpu_download(vv_device *dev, void *dst, uintptr_t src, size_t offset, size_t bytes, vv_err *err)
{
    (void)dev, (void)err;
    memcpy(dst, (const char *)src + offset, bytes);
    return VV_OK;
}

static vv_status cpu_fill(vv_device *dev, uintptr_t dst, size_t offset, uint8_t value, size_t bytes, vv_err *err)
{
    (void)dev, (void)err;
    memset((char *)dst + offset, value, bytes);
    return VV_OK;
}

static vv_status cpu_copy(vv_device *dev, uintptr_t dst, size_t dst_offset, uintptr_t src, size_t src_offset,
                          size_t bytes, vv_err *err)
{
    (void)dev, (void)err;
    memmove((char *)dst + dst_offset, (const char *)src + src_offset, bytes);
    return VV_OK;
}

static vv_status cpu_sync(vv_device *dev, vv_err *err)
{
    (void)dev, (void)err;
    return VV_OK;
}

static void cpu_close(vv_device *dev)
{
    vv_free(dev);
}

static int cpu_count(vv_err *why)
{
    (void)why;
    return 1;
}

vv_status vv_cpu_open(const vv_cpu_level *level, vv_pool *pool, vv_device **out, vv_err *err)
{
    cpu_device *dev = vv_calloc(1, sizeof *dev);
    if (!dev)
        return vv_fail(err, VV_E_RESOURCE, "cpu", "out of memory");
    int threads = vv_pool_threads(pool);
    dev->base.backend = &vv_backend_cpu;
    dev->base.max_buffer = SIZE_MAX / 4;
    dev->level = level;
    dev->pool = pool;
    snprintf(dev->base.name, sizeof dev->base.name, "cpu");
    snprintf(dev->base.description, sizeof dev->base.description, "%s, %d thread%s", level->name, threads,
             threads == 1 ? "" : "s");
    *out = &dev->base;
    return VV_OK;
}

static vv_status cpu_open(int index, vv_pool *pool, vv_device **out, vv_err *err)
{
    (void)index;
    for (const vv_cpu_level *const *l = vv_cpu_levels; *l; l++)
        if ((*l)->supported())
            return vv_cpu_open(*l, pool, out, err);
    return vv_fail(err, VV_E_RESOURCE, "cpu", "this processor is older than x86-64-v2; use another machine");
}

const vv_backend vv_backend_cpu = {
    .name = "cpu",
    .count = cpu_count,
    .open = cpu_open,
    .close = cpu_close,
    .alloc = cpu_alloc,
    .release = cpu_release,
    .upload = cpu_upload,
    .download = cpu_download,
    .fill = cpu_fill,
    .copy = cpu_copy,
    .sync = cpu_sync,
    .launch = cpu_launch,
};
