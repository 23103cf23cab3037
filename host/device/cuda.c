/* The CUDA backend: one stream on the device's primary context; the kernels come from the embedded fatbin. */
#include "cuda_api.h"
#include "alloc.h"
#include "backend.h"
#include "embed.h"
#include <stdio.h>
#include <string.h>

VV_EMBED(vv_cuda_fatbin, VV_CUDA_FATBIN);

enum { LANES = 256 };

typedef struct cuda_device {
    vv_device base;
    vv_cuda_api api;
    vv_cu_device device;
    vv_cu_context context;
    vv_cu_module module;
    vv_cu_stream stream;
    vv_cu_function functions[VV_K_COUNT];
} cuda_device;

static int cuda_count(vv_err *why)
{
    vv_cuda_api api;
    int n = 0;
    if (vv_cuda_load(&api, why) != VV_OK)
        return 0;
    if (api.device_count(&n) != 0 || n < 1) {
        n = 0;
        (void)vv_fail(why, VV_E_RESOURCE, "cuda", "the NVIDIA driver knows no device; use --device cpu");
    }
    vv_cuda_unload(&api);
    return n;
}

static bool cuda_accelerator(int index)
{
    (void)index;
    return true;
}

/* The context is current only inside a call, so that a program with its own CUDA work keeps its own. */
static vv_status enter(cuda_device *dev, vv_err *err)
{
    vv_cu_result rc = dev->api.context_push(dev->context);
    return rc == 0 ? VV_OK : vv_cuda_failed(&dev->api, err, "the context cannot be entered", rc);
}

static vv_status leave(cuda_device *dev, vv_cu_result rc, const char *what, vv_err *err)
{
    vv_cu_context popped;
    (void)dev->api.context_pop(&popped);
    return rc == 0 ? VV_OK : vv_cuda_failed(&dev->api, err, what, rc);
}

static void cuda_close(vv_device *base)
{
    cuda_device *dev = (cuda_device *)base;
    if (dev->context && enter(dev, NULL) == VV_OK) {
        if (dev->stream) {
            (void)dev->api.stream_wait(dev->stream);
            (void)dev->api.stream_destroy(dev->stream);
        }
        if (dev->module)
            (void)dev->api.module_unload(dev->module);
        (void)leave(dev, 0, "", NULL);
    }
    if (dev->context)
        (void)dev->api.context_release(dev->device);
    vv_cuda_unload(&dev->api);
    vv_free(dev);
}

static vv_cu_result load_kernels(cuda_device *dev)
{
    vv_cu_result rc = dev->api.module_load(&dev->module, vv_cuda_fatbin);
    for (int k = 0; k < VV_K_COUNT && rc == 0; k++)
        rc = dev->api.module_function(&dev->functions[k], dev->module, vv_kernels[k].function);
    return rc == 0 ? dev->api.stream_create(&dev->stream, VV_CU_STREAM_NON_BLOCKING) : rc;
}

static vv_status set_up(cuda_device *dev, int index, vv_err *err)
{
    size_t memory = 0;
    vv_cu_result rc = dev->api.device_get(&dev->device, index);
    if (rc == 0)
        rc = dev->api.device_name(dev->base.description, sizeof dev->base.description, dev->device);
    if (rc == 0)
        rc = dev->api.device_memory(&memory, dev->device);
    if (rc == 0)
        rc = dev->api.context_retain(&dev->context, dev->device);
    if (rc != 0)
        return vv_cuda_failed(&dev->api, err, "the device cannot be used", rc);
    snprintf(dev->base.name, sizeof dev->base.name, "cuda:%d", index);
    dev->base.max_buffer = memory;
    vv_status st = enter(dev, err);
    return st == VV_OK ? leave(dev, load_kernels(dev), "the kernels do not load", err) : st;
}

static vv_status cuda_open(int index, vv_pool *pool, vv_device **out, vv_err *err)
{
    (void)pool;
    cuda_device *dev = vv_calloc(1, sizeof *dev);
    if (!dev)
        return vv_fail(err, VV_E_RESOURCE, "cuda", "out of memory");
    dev->base.backend = &vv_backend_cuda;
    vv_status st = vv_cuda_load(&dev->api, err);
    if (st == VV_OK)
        st = set_up(dev, index, err);
    if (st != VV_OK) {
        cuda_close(&dev->base);
        return st;
    }
    *out = &dev->base;
    return VV_OK;
}

static vv_status cuda_alloc(vv_device *base, size_t bytes, uintptr_t *handle, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_cu_pointer pointer = 0;
    vv_status st = enter(dev, err);
    if (st == VV_OK)
        st = leave(dev, dev->api.alloc(&pointer, bytes), "no memory could be had", err);
    *handle = (uintptr_t)pointer;
    return st;
}

static void cuda_release(vv_device *base, uintptr_t handle)
{
    cuda_device *dev = (cuda_device *)base;
    if (enter(dev, NULL) == VV_OK)
        (void)leave(dev, dev->api.release(handle), "memory could not be returned", NULL);
}

static vv_status cuda_upload(vv_device *base, uintptr_t dst, size_t offset, const void *src, size_t bytes, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_status st = enter(dev, err);
    if (st != VV_OK)
        return st;
    vv_cu_result rc = dev->api.upload(dst + offset, src, bytes, dev->stream);
    if (rc == 0)
        rc = dev->api.stream_wait(dev->stream); /* the caller may free src */
    return leave(dev, rc, "an upload failed", err);
}

static vv_status cuda_download(vv_device *base, void *dst, uintptr_t src, size_t offset, size_t bytes, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_status st = enter(dev, err);
    if (st != VV_OK)
        return st;
    vv_cu_result rc = dev->api.download(dst, src + offset, bytes, dev->stream);
    if (rc == 0)
        rc = dev->api.stream_wait(dev->stream);
    return leave(dev, rc, "a download failed", err);
}

static vv_status cuda_fill(vv_device *base, uintptr_t dst, size_t offset, uint8_t value, size_t bytes, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_status st = enter(dev, err);
    return st == VV_OK ? leave(dev, dev->api.fill(dst + offset, value, bytes, dev->stream), "a fill failed", err) : st;
}

static vv_status cuda_copy(vv_device *base, uintptr_t dst, size_t dst_offset, uintptr_t src, size_t src_offset,
                           size_t bytes, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_status st = enter(dev, err);
    if (st != VV_OK)
        return st;
    return leave(dev, dev->api.copy(dst + dst_offset, src + src_offset, bytes, dev->stream), "a copy failed", err);
}

static vv_status cuda_sync(vv_device *base, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_status st = enter(dev, err);
    return st == VV_OK ? leave(dev, dev->api.stream_wait(dev->stream), "a kernel failed", err) : st;
}

static vv_status cuda_launch(vv_device *base, vv_kernel_id kernel, const uint32_t groups[3], const uintptr_t *handles,
                             int nbufs, const void *params, size_t params_bytes, vv_err *err)
{
    cuda_device *dev = (cuda_device *)base;
    vv_cu_pointer pointers[VV_KERNEL_BUFS_MAX];
    void *arguments[VV_KERNEL_BUFS_MAX + 1]; /* the driver copies what they point to before it returns */
    (void)params_bytes;
    for (int i = 0; i < nbufs; i++) {
        pointers[i] = handles[i];
        arguments[i] = &pointers[i];
    }
    arguments[nbufs] = (void *)(uintptr_t)params;
    vv_status st = enter(dev, err);
    if (st != VV_OK)
        return st;
    vv_cu_result rc = dev->api.launch(dev->functions[kernel], groups[0], groups[1], groups[2], LANES, 1, 1, 0,
                                      dev->stream, arguments, NULL);
    return leave(dev, rc, "a kernel could not be launched", err);
}

const vv_backend vv_backend_cuda = {
    .name = "cuda",
    .count = cuda_count,
    .accelerator = cuda_accelerator,
    .open = cuda_open,
    .close = cuda_close,
    .alloc = cuda_alloc,
    .release = cuda_release,
    .upload = cuda_upload,
    .download = cuda_download,
    .fill = cuda_fill,
    .copy = cuda_copy,
    .sync = cuda_sync,
    .launch = cuda_launch,
};
