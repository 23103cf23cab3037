/* device.h - the backend table: memory, transfers and kernel launches, the same on every device. */
#ifndef VV_DEVICE_H
#define VV_DEVICE_H
#include "err.h"
#include "pool.h"
#include "params.h"
#include <stdbool.h>

typedef struct vv_device vv_device; /* an open device; one thread at a time */
typedef struct vv_buf vv_buf;       /* device memory */

typedef enum vv_kernel_id {
#define KERNEL(name, nbuf) VV_K_##name,
#include "kernels.def"
#undef KERNEL
    VV_K_COUNT
} vv_kernel_id;

/* spec: "auto", "cpu", "opencl[:N]", "cuda[:N]"; auto takes CUDA, then an OpenCL GPU, then the CPU.
 * Runs the self-test; a device whose bits differ is refused (VV_E_RESOURCE). The pool is borrowed (CPU groups run on
 * it). */
VV_NODISCARD vv_status vv_device_open(const char *spec, vv_pool *pool, vv_device **out, vv_err *err);
void vv_device_close(vv_device **dev);

typedef enum vv_self_test { VV_SELF_TEST_SKIPPED = 0, VV_SELF_TEST_PASS, VV_SELF_TEST_FAIL } vv_self_test;

typedef struct vv_device_info {
    char name[24]; /* as vv_device_open takes it: "cpu", "opencl:0"; "cuda" alone where there is none */
    char description[160];
    bool available;
    vv_self_test self_test;
    char reason[208]; /* why it is not available or failed; else empty */
} vv_device_info;
typedef void (*vv_device_visit)(void *user, const vv_device_info *info);

/* Opens and tests every device of every backend, the CPU first, and shows each to `visit` from the calling thread; a
 * backend without a device is shown once, not available. Fails only where it is called wrongly. */
VV_NODISCARD vv_status vv_device_list(vv_pool *pool, vv_device_visit visit, void *user, vv_err *err);

const char *vv_device_name(const vv_device *dev);        /* "cpu", "opencl:0", "cuda:0" */
const char *vv_device_description(const vv_device *dev); /* "x86-64-v3, 2 threads", the GPU's name, ... */
uint64_t vv_device_peak_bytes(const vv_device *dev);     /* most device memory held so far */

/* Memory is uninitialised. VV_E_RESOURCE when it is out. Limits are checked before the driver is asked. */
VV_NODISCARD vv_status vv_buf_create(vv_device *dev, size_t bytes, vv_buf **out, vv_err *err);
void vv_buf_destroy(vv_device *dev, vv_buf **buf);
size_t vv_buf_bytes(const vv_buf *buf);
/* Ranges are checked. Transfers and launches run in call order; download returns when the data are there. */
VV_NODISCARD vv_status vv_upload(vv_device *dev, vv_buf *dst, size_t offset, const void *src, size_t bytes,
                                 vv_err *err);
VV_NODISCARD vv_status vv_download(vv_device *dev, void *dst, const vv_buf *src, size_t offset, size_t bytes,
                                   vv_err *err);
VV_NODISCARD vv_status vv_fill(vv_device *dev, vv_buf *dst, size_t offset, uint8_t value, size_t bytes, vv_err *err);
VV_NODISCARD vv_status vv_copy(vv_device *dev, vv_buf *dst, size_t dst_offset, const vv_buf *src, size_t src_offset,
                               size_t bytes, vv_err *err);
VV_NODISCARD vv_status vv_sync(vv_device *dev, vv_err *err);

/* Launches of K_GROUP lanes per group. The typed form of each kernel, vv_launch_<name>(dev, gx, gy, gz, bufs...,
 * &params, err), is in launch.h; this is what they share. groups: number of groups along x, y, z, each >= 1. */
VV_NODISCARD vv_status vv_launch(vv_device *dev, vv_kernel_id kernel, const uint32_t groups[3], vv_buf *const *bufs,
                                 int nbufs, const void *params, size_t params_bytes, vv_err *err);
#endif
