#include "alloc.h"
#include "backend.h"
#include "selftest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const vv_kernel_info vv_kernels[VV_K_COUNT] = {
#define KERNEL(name, nbuf) [VV_K_##name] = {#name, "vk_" #name, nbuf, sizeof(vk_##name##_p)},
#include "kernels.def"
#undef KERNEL
};
#define KERNEL(name, nbuf) _Static_assert((nbuf) >= 1 && (nbuf) <= VV_KERNEL_BUFS_MAX, #name);
#include "kernels.def"
#undef KERNEL

#ifdef VV_HAVE_CUDA
#define CUDA_BACKEND &vv_backend_cuda
#else
#define CUDA_BACKEND NULL
#endif
#ifdef VV_HAVE_OPENCL
#define OPENCL_BACKEND &vv_backend_opencl
#else
#define OPENCL_BACKEND NULL
#endif

typedef struct entry {
    const char *name;
    const vv_backend *backend; /* NULL: left out of this build */
} entry;

/* In the order in which `auto` looks. */
static const entry entries[] = {{"cuda", CUDA_BACKEND}, {"opencl", OPENCL_BACKEND}, {"cpu", &vv_backend_cpu}};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

static int count_devices(const entry *e, vv_err *why)
{
    if (e->backend)
        return e->backend->count(why);
    (void)vv_fail(why, VV_E_RESOURCE, "device", "this build has no %s backend; use --device cpu", e->name);
    return 0;
}

static vv_status open_one(const entry *e, int index, vv_pool *pool, vv_device **out, vv_err *err)
{
    vv_err why = {.status = VV_E_RESOURCE};
    int n = count_devices(e, &why);
    if (n > index)
        return e->backend->open(index, pool, out, err);
    if (n > 0)
        return vv_fail(err, VV_E_RESOURCE, "device", "there is no %s:%d; the last one here is %s:%d", e->name, index,
                       e->name, n - 1);
    if (err)
        *err = why;
    return why.status;
}

/* "cuda", "cuda:3": which backend and which of its devices; false where the text is neither. */
static bool parse(const char *spec, const entry **chosen, int *index)
{
    for (const entry *e = entries; e < entries + ENTRIES; e++) {
        size_t n = strlen(e->name);
        if (strncmp(spec, e->name, n) != 0)
            continue;
        *chosen = e;
        *index = 0;
        if (spec[n] == '\0')
            return true;
        if (spec[n] != ':' || e->backend == &vv_backend_cpu || spec[n + 1] < '0' || spec[n + 1] > '9')
            return false;
        char *end;
        long v = strtol(spec + n + 1, &end, 10);
        *index = (int)v;
        return *end == '\0' && v < 1000;
    }
    return false;
}

vv_status vv_device_open_untested(const char *spec, vv_pool *pool, vv_device **out, vv_err *err)
{
    const entry *chosen;
    int index;
    *out = NULL;
    if (!parse(spec, &chosen, &index))
        return vv_fail(err, VV_E_USAGE, "device", "unknown device; use auto, cpu, opencl[:N] or cuda[:N]");
    return open_one(chosen, index, pool, out, err);
}

/* Nothing of a device that fails its self-test remains. */
static vv_status test_or_close(vv_device **dev, vv_err *err)
{
    vv_status st = vv_selftest_run(*dev, err);
    if (st != VV_OK)
        vv_device_close(dev);
    else if ((*dev)->backend->settled)
        (*dev)->backend->settled(*dev);
    return st;
}

static vv_status open_tested(const char *spec, vv_pool *pool, vv_device **out, vv_err *err)
{
    vv_status st = vv_device_open_untested(spec, pool, out, err);
    return st == VV_OK ? test_or_close(out, err) : st;
}

/* The first accelerator that opens and passes; one that is refused is passed over, for a slower right answer. */
static vv_status open_auto(vv_pool *pool, vv_device **out, vv_err *err)
{
    for (const entry *e = entries; e->backend != &vv_backend_cpu; e++) {
        bool ask = e->backend && (!e->backend->worth_asking || e->backend->worth_asking());
        int n = ask ? count_devices(e, NULL) : 0;
        for (int i = 0; i < n; i++) {
            if (e->backend->accelerator(i) && e->backend->open(i, pool, out, NULL) == VV_OK &&
                test_or_close(out, NULL) == VV_OK)
                return VV_OK;
        }
    }
    return open_tested("cpu", pool, out, err);
}

vv_status vv_device_open(const char *spec, vv_pool *pool, vv_device **out, vv_err *err)
{
    *out = NULL;
    if (!pool)
        return vv_fail(err, VV_E_INTERNAL, "device", "no thread pool given");
    if (!spec || strcmp(spec, "auto") == 0)
        return open_auto(pool, out, err);
    return open_tested(spec, pool, out, err);
}

void vv_device_close(vv_device **dev)
{
    if (*dev)
        (*dev)->backend->close(*dev);
    *dev = NULL;
}

const char *vv_device_name(const vv_device *dev)
{
    return dev->name;
}

const char *vv_device_description(const vv_device *dev)
{
    return dev->description;
}

uint64_t vv_device_peak_bytes(const vv_device *dev)
{
    return dev->peak;
}

/* One device in the list: opened, tested, closed again. */
static void list_one(const entry *e, int index, vv_pool *pool, vv_device_visit visit, void *user)
{
    vv_device_info info = {.available = true, .self_test = VV_SELF_TEST_SKIPPED};
    vv_err why = {0};
    vv_device *dev;
    snprintf(info.name, sizeof info.name, e->backend == &vv_backend_cpu ? "%s" : "%s:%d", e->name, index);
    if (e->backend->open(index, pool, &dev, &why) != VV_OK) {
        info.available = false;
        snprintf(info.description, sizeof info.description, "cannot be opened");
    } else {
        snprintf(info.description, sizeof info.description, "%s", dev->description);
        info.self_test = test_or_close(&dev, &why) == VV_OK ? VV_SELF_TEST_PASS : VV_SELF_TEST_FAIL;
        vv_device_close(&dev);
    }
    snprintf(info.reason, sizeof info.reason, "%s", why.message);
    visit(user, &info);
}

vv_status vv_device_list(vv_pool *pool, vv_device_visit visit, void *user, vv_err *err)
{
    if (!pool || !visit)
        return vv_fail(err, VV_E_INTERNAL, "device", "no thread pool or no callback given");
    for (const entry *e = entries + ENTRIES - 1; e >= entries; e--) {
        vv_err why = {0};
        int n = count_devices(e, &why);
        for (int i = 0; i < n; i++)
            list_one(e, i, pool, visit, user);
        if (n == 0) {
            vv_device_info info = {.self_test = VV_SELF_TEST_SKIPPED, .description = "no device"};
            snprintf(info.name, sizeof info.name, "%s", e->name);
            snprintf(info.reason, sizeof info.reason, "%s", why.message);
            visit(user, &info);
        }
    }
    return VV_OK;
}

vv_status vv_buf_create(vv_device *dev, size_t bytes, vv_buf **out, vv_err *err)
{
    *out = NULL;
    if (bytes == 0)
        return vv_fail(err, VV_E_INTERNAL, "device", "a buffer of no bytes was asked for");
    if (bytes > dev->max_buffer)
        return vv_fail(err, VV_E_RESOURCE, "device",
                       "%zu bytes in one piece are more than %s can give; use --device cpu", bytes, dev->name);
    vv_buf *buf = vv_calloc(1, sizeof *buf);
    if (!buf)
        return vv_fail(err, VV_E_RESOURCE, "device", "out of memory");
    vv_status st = dev->backend->alloc(dev, bytes, &buf->handle, err);
    if (st != VV_OK) {
        vv_free(buf);
        return st;
    }
    buf->device = dev;
    buf->bytes = bytes;
    dev->held += bytes;
    if (dev->held > dev->peak)
        dev->peak = dev->held;
    *out = buf;
    return VV_OK;
}

void vv_buf_destroy(vv_device *dev, vv_buf **buf)
{
    if (*buf) {
        dev->backend->release(dev, (*buf)->handle);
        dev->held -= (*buf)->bytes;
        vv_free(*buf);
    }
    *buf = NULL;
}

size_t vv_buf_bytes(const vv_buf *buf)
{
    return buf->bytes;
}

static vv_status check_range(const vv_device *dev, const vv_buf *buf, size_t offset, size_t bytes, vv_err *err)
{
    if (!buf || buf->device != dev)
        return vv_fail(err, VV_E_INTERNAL, "device", "a buffer is missing or of another device");
    if (offset > buf->bytes || bytes > buf->bytes - offset)
        return vv_fail(err, VV_E_INTERNAL, "device", "%zu bytes at %zu pass the end of a buffer of %zu", bytes, offset,
                       buf->bytes);
    return VV_OK;
}

vv_status vv_upload(vv_device *dev, vv_buf *dst, size_t offset, const void *src, size_t bytes, vv_err *err)
{
    vv_status st = check_range(dev, dst, offset, bytes, err);
    return st != VV_OK || bytes == 0 ? st : dev->backend->upload(dev, dst->handle, offset, src, bytes, err);
}

vv_status vv_download(vv_device *dev, void *dst, const vv_buf *src, size_t offset, size_t bytes, vv_err *err)
{
    vv_status st = check_range(dev, src, offset, bytes, err);
    return st != VV_OK || bytes == 0 ? st : dev->backend->download(dev, dst, src->handle, offset, bytes, err);
}

vv_status vv_fill(vv_device *dev, vv_buf *dst, size_t offset, uint8_t value, size_t bytes, vv_err *err)
{
    vv_status st = check_range(dev, dst, offset, bytes, err);
    return st != VV_OK || bytes == 0 ? st : dev->backend->fill(dev, dst->handle, offset, value, bytes, err);
}

vv_status vv_copy(vv_device *dev, vv_buf *dst, size_t dst_offset, const vv_buf *src, size_t src_offset, size_t bytes,
                  vv_err *err)
{
    vv_status st = check_range(dev, dst, dst_offset, bytes, err);
    if (st == VV_OK)
        st = check_range(dev, src, src_offset, bytes, err);
    if (st != VV_OK || bytes == 0)
        return st;
    if (dst == src && dst_offset < src_offset + bytes && src_offset < dst_offset + bytes)
        return vv_fail(err, VV_E_INTERNAL, "device", "a copy within one buffer overlaps itself");
    return dev->backend->copy(dev, dst->handle, dst_offset, src->handle, src_offset, bytes, err);
}

vv_status vv_sync(vv_device *dev, vv_err *err)
{
    return dev->backend->sync(dev, err);
}

vv_status vv_launch(vv_device *dev, vv_kernel_id kernel, const uint32_t groups[3], vv_buf *const *bufs, int nbufs,
                    const void *params, size_t params_bytes, vv_err *err)
{
    if ((unsigned)kernel >= VV_K_COUNT)
        return vv_fail(err, VV_E_INTERNAL, "device", "there is no kernel %d", (int)kernel);
    const vv_kernel_info *k = &vv_kernels[kernel];
    if (nbufs != k->nbufs || params_bytes != k->params_bytes)
        return vv_fail(err, VV_E_INTERNAL, "device", "kernel %s: wrong number of buffers or size of parameters",
                       k->name);
    if (groups[0] < 1 || groups[1] < 1 || groups[2] < 1 || groups[0] > INT32_MAX || groups[1] > VV_GROUPS_YZ_MAX ||
        groups[2] > VV_GROUPS_YZ_MAX)
        return vv_fail(err, VV_E_INTERNAL, "device", "kernel %s: a grid of %u x %u x %u groups", k->name, groups[0],
                       groups[1], groups[2]);
    uintptr_t handles[VV_KERNEL_BUFS_MAX];
    for (int i = 0; i < nbufs; i++) {
        if (!bufs[i] || bufs[i]->device != dev)
            return vv_fail(err, VV_E_INTERNAL, "device", "kernel %s: buffer %d is missing or of another device",
                           k->name, i);
        handles[i] = bufs[i]->handle;
    }
    return dev->backend->launch(dev, kernel, groups, handles, nbufs, params, params_bytes, err);
}
