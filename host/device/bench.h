/* bench.h - how fast each kernel runs on a device, beside a plain copy. */
#ifndef VV_BENCH_H
#define VV_BENCH_H
#include "device.h"

typedef struct vv_bench_line {
    const char *kernel; /* "copy" for the device copy, which comes first */
    double ms;          /* one launch, best of several */
    double gbs;         /* 10^9 bytes read and written per second; a voxel that is read many times counts once */
    double share;       /* of the copy's rate */
} vv_bench_line;

/* Runs every kernel on 256 x 256 x 176 voxels and shows each result as it comes. `visit` returns non-zero to stop
 * (VV_E_CANCELLED). */
VV_NODISCARD vv_status vv_bench_kernels(vv_device *dev, int (*visit)(void *user, const vv_bench_line *line), void *user,
                                        vv_err *err);
#endif
