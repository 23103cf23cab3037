/* case_run.h - running one case on an open device. Private to host/device and to the kernel tests. */
#ifndef VV_CASE_RUN_H
#define VV_CASE_RUN_H
#include "cases.h"

typedef struct vv_case_bufs {
    vv_buf *buf[8];
} vv_case_bufs;

/* Device buffers for the case, each with `guard` bytes more than it needs at its end. On failure nothing is held. */
VV_NODISCARD vv_status vv_case_create(vv_device *dev, const vv_kernel_case *c, size_t guard, vv_case_bufs *out,
                                      vv_err *err);
void vv_case_destroy(vv_device *dev, vv_case_bufs *b);
VV_NODISCARD vv_status vv_case_launch(vv_device *dev, const vv_kernel_case *c, const vv_case_bufs *b, vv_err *err);
size_t vv_case_bytes(const vv_kernel_case *c, int index); /* of one buffer, without guard */
#endif
