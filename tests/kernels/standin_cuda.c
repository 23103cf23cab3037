/* A stand-in for libcuda.so.1: host memory, kernels run by the CPU level. It is strict about what a driver leaves to
 * luck (a current context, ranges, handles, everything returned), so that the CUDA backend's calls can be tested
 * without a GPU. It says nothing about the kernels on a GPU. */
#include "backend.h"
#include "cpu.h"
#include "cuda_api.h"
#include "standin_cuda.h"
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { OK = 0, INVALID = 1, OUT_OF_MEMORY = VV_CU_OUT_OF_MEMORY, NO_CONTEXT = 201, BLOCKS = 4096 };
static const size_t memory = 64 << 20;

static struct {
    int initialised, current, retained, modules, streams, fail_next;
    size_t held;
    struct {
        char *p;
        size_t bytes;
    } block[BLOCKS];
} s;

/* 0 where the call may go on. */
static vv_cu_result ready(void)
{
    if (s.fail_next) {
        s.fail_next = 0;
        return 719; /* CUDA_ERROR_LAUNCH_FAILED */
    }
    return s.current == 1 && s.retained == 1 ? OK : NO_CONTEXT;
}

/* The host address of a range that lies in one block, else NULL. */
static char *range(vv_cu_pointer pointer, size_t bytes)
{
    char *p = (char *)(uintptr_t)pointer;
    for (int i = 0; i < BLOCKS; i++)
        if (s.block[i].p && p >= s.block[i].p && p + bytes <= s.block[i].p + s.block[i].bytes)
            return p;
    return NULL;
}

EXPORT vv_cu_result cuInit(unsigned flags)
{
    s.initialised = 1;
    return flags == 0 ? OK : INVALID;
}

EXPORT vv_cu_result cuDriverGetVersion(int *version)
{
    *version = 13000;
    return OK;
}

EXPORT vv_cu_result cuGetErrorName(vv_cu_result error, const char **name)
{
    *name = error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR_OTHER";
    return OK;
}

EXPORT vv_cu_result cuDeviceGetCount(int *count)
{
    *count = 1;
    return s.initialised ? OK : INVALID;
}

EXPORT vv_cu_result cuDeviceGet(vv_cu_device *device, int ordinal)
{
    *device = 5;
    return ordinal == 0 ? OK : INVALID;
}

EXPORT vv_cu_result cuDeviceGetName(char *name, int length, vv_cu_device device)
{
    strncpy(name, "stand-in", (size_t)length);
    return device == 5 ? OK : INVALID;
}

EXPORT vv_cu_result cuDeviceTotalMem_v2(size_t *bytes, vv_cu_device device)
{
    *bytes = memory;
    return device == 5 ? OK : INVALID;
}

EXPORT vv_cu_result cuDevicePrimaryCtxRetain(vv_cu_context *context, vv_cu_device device)
{
    *context = (vv_cu_context)(void *)&s.retained;
    s.retained++;
    return device == 5 ? OK : INVALID;
}

EXPORT vv_cu_result cuDevicePrimaryCtxRelease_v2(vv_cu_device device)
{
    s.retained--;
    return device == 5 ? OK : INVALID;
}

EXPORT vv_cu_result cuCtxPushCurrent_v2(vv_cu_context context)
{
    s.current++;
    return context == (vv_cu_context)(void *)&s.retained ? OK : NO_CONTEXT;
}

EXPORT vv_cu_result cuCtxPopCurrent_v2(vv_cu_context *context)
{
    *context = (vv_cu_context)(void *)&s.retained;
    return s.current-- > 0 ? OK : NO_CONTEXT;
}

EXPORT vv_cu_result cuModuleLoadData(vv_cu_module *module, const void *image)
{
    static const unsigned char fatbin[4] = {0x50, 0xed, 0x55, 0xba};
    if (memcmp(image, fatbin, 4) != 0)
        return VV_CU_NO_BINARY;
    *module = (vv_cu_module)(void *)&s.modules;
    s.modules++;
    return ready();
}

EXPORT vv_cu_result cuModuleUnload(vv_cu_module module)
{
    s.modules--;
    return module == (vv_cu_module)(void *)&s.modules ? ready() : INVALID;
}

EXPORT vv_cu_result cuModuleGetFunction(vv_cu_function *function, vv_cu_module module, const char *name)
{
    for (int k = 0; k < VV_K_COUNT; k++)
        if (strcmp(name, vv_kernels[k].function) == 0) {
            *function = (vv_cu_function)(void *)(uintptr_t)&vv_kernels[k];
            return module == (vv_cu_module)(void *)&s.modules ? ready() : INVALID;
        }
    return 500; /* CUDA_ERROR_NOT_FOUND */
}

EXPORT vv_cu_result cuStreamCreate(vv_cu_stream *stream, unsigned flags)
{
    (void)flags;
    *stream = (vv_cu_stream)(void *)&s.streams;
    s.streams++;
    return ready();
}

EXPORT vv_cu_result cuStreamDestroy_v2(vv_cu_stream stream)
{
    s.streams--;
    return stream == (vv_cu_stream)(void *)&s.streams ? ready() : INVALID;
}

EXPORT vv_cu_result cuStreamSynchronize(vv_cu_stream stream)
{
    return stream == (vv_cu_stream)(void *)&s.streams ? ready() : INVALID;
}

EXPORT vv_cu_result cuMemAlloc_v2(vv_cu_pointer *pointer, size_t bytes)
{
    int i = 0;
    while (i < BLOCKS && s.block[i].p)
        i++;
    if (i == BLOCKS || bytes > memory - s.held)
        return OUT_OF_MEMORY;
    s.block[i].p = malloc(bytes);
    if (!s.block[i].p)
        return OUT_OF_MEMORY;
    s.block[i].bytes = bytes;
    s.held += bytes;
    *pointer = (vv_cu_pointer)(uintptr_t)s.block[i].p;
    return ready();
}

EXPORT vv_cu_result cuMemFree_v2(vv_cu_pointer pointer)
{
    for (int i = 0; i < BLOCKS; i++)
        if (s.block[i].p && s.block[i].p == (char *)(uintptr_t)pointer) {
            s.held -= s.block[i].bytes;
            free(s.block[i].p);
            s.block[i].p = NULL;
            return ready();
        }
    return INVALID;
}

static vv_cu_result move(void *dst, const void *src, size_t bytes)
{
    if (!dst || !src)
        return INVALID;
    memcpy(dst, src, bytes);
    return ready();
}

EXPORT vv_cu_result cuMemcpyHtoDAsync_v2(vv_cu_pointer dst, const void *src, size_t bytes, vv_cu_stream stream)
{
    (void)stream;
    return move(range(dst, bytes), src, bytes);
}

EXPORT vv_cu_result cuMemcpyDtoHAsync_v2(void *dst, vv_cu_pointer src, size_t bytes, vv_cu_stream stream)
{
    (void)stream;
    return move(dst, range(src, bytes), bytes);
}

EXPORT vv_cu_result cuMemcpyDtoDAsync_v2(vv_cu_pointer dst, vv_cu_pointer src, size_t bytes, vv_cu_stream stream)
{
    (void)stream;
    return move(range(dst, bytes), range(src, bytes), bytes);
}

EXPORT vv_cu_result cuMemsetD8Async(vv_cu_pointer dst, unsigned char value, size_t count, vv_cu_stream stream)
{
    char *p = range(dst, count);
    (void)stream;
    if (!p)
        return INVALID;
    memset(p, value, count);
    return ready();
}

EXPORT vv_cu_result cuLaunchKernel(vv_cu_function function, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                                   unsigned by, unsigned bz, unsigned shared_bytes, vv_cu_stream stream, void **params,
                                   void **extra)
{
    const vv_kernel_info *k = (const vv_kernel_info *)(const void *)function;
    const uint32_t groups[3] = {gx, gy, gz};
    const vv_cpu_level *const *level = vv_cpu_levels;
    void *bufs[VV_KERNEL_BUFS_MAX];
    if (bx != 256 || by != 1 || bz != 1 || shared_bytes || extra || stream != (vv_cu_stream)(void *)&s.streams)
        return INVALID;
    for (int i = 0; i < k->nbufs; i++) {
        bufs[i] = range(*(vv_cu_pointer *)params[i], 1);
        if (!bufs[i])
            return INVALID;
    }
    while (!(*level)->supported())
        level++;
    (*level)->run[k - vv_kernels](groups, 0, (int64_t)gx * gy * gz, bufs, params[k->nbufs]);
    return ready();
}

EXPORT int standin_cuda_balance(void)
{
    return s.current + s.retained + s.modules + s.streams + (s.held > 0);
}

EXPORT void standin_cuda_fail_next(void)
{
    s.fail_next = 1;
}
