/* backend.h - what a backend fills in. device.c checks every argument before it calls through this table, so a backend
 * may take its arguments as valid. Private to host/device. */
#ifndef VV_BACKEND_H
#define VV_BACKEND_H
#include "device.h"
#include <stdbool.h>

typedef struct vv_backend {
    const char *name; /* "cpu", "opencl", "cuda" */
    /* Devices of this kind; 0 with the reason in *why where there is none or no driver. Must be cheap to call again. */
    int (*count)(vv_err *why);
    /* Whether `auto` should ask this backend at all, seen without loading a driver. NULL: yes. */
    bool (*worth_asking)(void);
    /* Whether `auto` may choose device `index`: asked before it is opened. */
    bool (*accelerator)(int index);
    /* Opens device `index` (below count()). *out starts with a vv_device that device.c completes. */
    vv_status (*open)(int index, vv_pool *pool, vv_device **out, vv_err *err);
    /* Releases everything, the vv_device itself included. All buffers are gone by then. */
    void (*close)(vv_device *dev);
    vv_status (*alloc)(vv_device *dev, size_t bytes, uintptr_t *handle, vv_err *err);
    void (*release)(vv_device *dev, uintptr_t handle);
    vv_status (*upload)(vv_device *dev, uintptr_t dst, size_t offset, const void *src, size_t bytes, vv_err *err);
    vv_status (*download)(vv_device *dev, void *dst, uintptr_t src, size_t offset, size_t bytes, vv_err *err);
    vv_status (*fill)(vv_device *dev, uintptr_t dst, size_t offset, uint8_t value, size_t bytes, vv_err *err);
    vv_status (*copy)(vv_device *dev, uintptr_t dst, size_t dst_offset, uintptr_t src, size_t src_offset, size_t bytes,
                      vv_err *err);
    vv_status (*sync)(vv_device *dev, vv_err *err);
    vv_status (*launch)(vv_device *dev, vv_kernel_id kernel, const uint32_t groups[3], const uintptr_t *handles,
                        int nbufs, const void *params, size_t params_bytes, vv_err *err);
    /* Called once, after the self-test passed: the backend may now keep what it compiled. NULL: nothing to do. */
    void (*settled)(vv_device *dev);
} vv_backend;

/* The head of every backend's own device struct. */
struct vv_device {
    const vv_backend *backend;
    char name[24];
    char description[160];
    size_t max_buffer;   /* largest single buffer */
    uint64_t held, peak; /* bytes of all buffers, now and at most */
};

struct vv_buf {
    const vv_device *device;
    size_t bytes;
    uintptr_t handle; /* host pointer, cl_mem or CUdeviceptr */
};

typedef struct vv_kernel_info {
    const char *name;     /* without vk_ */
    const char *function; /* with vk_ */
    int nbufs;
    size_t params_bytes;
} vv_kernel_info;

enum { VV_KERNEL_BUFS_MAX = 8, VV_GROUPS_YZ_MAX = 65535 };

extern const vv_kernel_info vv_kernels[VV_K_COUNT];

/* As vv_device_open, without the self-test: for what makes and checks the digests themselves. */
VV_NODISCARD vv_status vv_device_open_untested(const char *spec, vv_pool *pool, vv_device **out, vv_err *err);

extern const vv_backend vv_backend_cpu;
extern const vv_backend vv_backend_opencl;
extern const vv_backend vv_backend_cuda;
#endif
