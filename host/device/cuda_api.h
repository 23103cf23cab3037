/* cuda_api.h - the calls of the CUDA driver (libcuda.so.1) that are used, typed by hand from its documented interface,
 * so that building needs no CUDA headers and nothing links the driver. */
#ifndef VV_CUDA_API_H
#define VV_CUDA_API_H
#include "err.h"

typedef int vv_cu_result; /* 0: success */
typedef int vv_cu_device;
typedef unsigned long long vv_cu_pointer;
typedef struct vv_cu_context_s *vv_cu_context;
typedef struct vv_cu_module_s *vv_cu_module;
typedef struct vv_cu_function_s *vv_cu_function;
typedef struct vv_cu_stream_s *vv_cu_stream;

enum {
    VV_CU_OUT_OF_MEMORY = 2,      /* CUDA_ERROR_OUT_OF_MEMORY */
    VV_CU_NO_BINARY = 209,        /* CUDA_ERROR_NO_BINARY_FOR_GPU */
    VV_CU_STREAM_NON_BLOCKING = 1 /* CU_STREAM_NON_BLOCKING */
};

/* F(name here, symbol in the driver, parameters). The _v2 names are what the headers map the plain ones to. */
#define VV_CUDA_CALLS(F)                                                                                               \
    F(init, cuInit, (unsigned flags))                                                                                  \
    F(driver_version, cuDriverGetVersion, (int *version))                                                              \
    F(error_name, cuGetErrorName, (vv_cu_result error, const char **name))                                             \
    F(device_count, cuDeviceGetCount, (int *count))                                                                    \
    F(device_get, cuDeviceGet, (vv_cu_device * device, int ordinal))                                                   \
    F(device_name, cuDeviceGetName, (char *name, int length, vv_cu_device device))                                     \
    F(device_memory, cuDeviceTotalMem_v2, (size_t * bytes, vv_cu_device device))                                       \
    F(context_retain, cuDevicePrimaryCtxRetain, (vv_cu_context * context, vv_cu_device device))                        \
    F(context_release, cuDevicePrimaryCtxRelease_v2, (vv_cu_device device))                                            \
    F(context_push, cuCtxPushCurrent_v2, (vv_cu_context context))                                                      \
    F(context_pop, cuCtxPopCurrent_v2, (vv_cu_context * context))                                                      \
    F(module_load, cuModuleLoadData, (vv_cu_module * module, const void *image))                                       \
    F(module_unload, cuModuleUnload, (vv_cu_module module))                                                            \
    F(module_function, cuModuleGetFunction, (vv_cu_function * function, vv_cu_module module, const char *name))        \
    F(stream_create, cuStreamCreate, (vv_cu_stream * stream, unsigned flags))                                          \
    F(stream_destroy, cuStreamDestroy_v2, (vv_cu_stream stream))                                                       \
    F(stream_wait, cuStreamSynchronize, (vv_cu_stream stream))                                                         \
    F(alloc, cuMemAlloc_v2, (vv_cu_pointer * pointer, size_t bytes))                                                   \
    F(release, cuMemFree_v2, (vv_cu_pointer pointer))                                                                  \
    F(upload, cuMemcpyHtoDAsync_v2, (vv_cu_pointer dst, const void *src, size_t bytes, vv_cu_stream stream))           \
    F(download, cuMemcpyDtoHAsync_v2, (void *dst, vv_cu_pointer src, size_t bytes, vv_cu_stream stream))               \
    F(copy, cuMemcpyDtoDAsync_v2, (vv_cu_pointer dst, vv_cu_pointer src, size_t bytes, vv_cu_stream stream))           \
    F(fill, cuMemsetD8Async, (vv_cu_pointer dst, unsigned char value, size_t count, vv_cu_stream stream))              \
    F(launch, cuLaunchKernel,                                                                                          \
      (vv_cu_function function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,          \
       unsigned shared_bytes, vv_cu_stream stream, void **params, void **extra))

typedef struct vv_cuda_api {
    void *library;
#define VV_CUDA_MEMBER(name, symbol, parameters) vv_cu_result(*name) parameters;
    VV_CUDA_CALLS(VV_CUDA_MEMBER)
#undef VV_CUDA_MEMBER
} vv_cuda_api;

/* Loads the driver and initialises it. VV_E_RESOURCE where there is none, it is too old, or it has no device. */
VV_NODISCARD vv_status vv_cuda_load(vv_cuda_api *api, vv_err *err);
void vv_cuda_unload(vv_cuda_api *api);
/* Fills *err from a driver's code. */
vv_status vv_cuda_failed(const vv_cuda_api *api, vv_err *err, const char *what, vv_cu_result code);
#endif
