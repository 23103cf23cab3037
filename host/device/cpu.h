/* cpu.h - the kernels as compiled for one instruction set, and a device that runs them. Private to host/device and to
 * the kernel tests. */
#ifndef VV_CPU_H
#define VV_CPU_H
#include "device.h"

/* Runs groups first..last-1 of a grid of groups[0] x groups[1] x groups[2], numbered x fastest. */
typedef void (*vv_cpu_run)(const uint32_t groups[3], int64_t first, int64_t last, void *const *bufs,
                           const void *params);

typedef struct vv_cpu_level {
    const char *name; /* "x86-64-v3", "plain" */
    int (*supported)(void);
    vv_cpu_run run[VV_K_COUNT];
} vv_cpu_level;

/* Fastest first, NULL at the end. */
extern const vv_cpu_level *const vv_cpu_levels[];

/* A CPU device on one chosen level, which this processor must support. No self-test. */
VV_NODISCARD vv_status vv_cpu_open(const vv_cpu_level *level, vv_pool *pool, vv_device **out, vv_err *err);
#endif
