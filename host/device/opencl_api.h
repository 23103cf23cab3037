/* opencl_api.h - the OpenCL calls used, found at run time. Types come from the headers; nothing links libOpenCL. */
#ifndef VV_OPENCL_API_H
#define VV_OPENCL_API_H
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include "err.h"

#define VV_OPENCL_CALLS(F)                                                                                             \
    F(clGetPlatformIDs)                                                                                                \
    F(clGetPlatformInfo)                                                                                               \
    F(clGetDeviceIDs)                                                                                                  \
    F(clGetDeviceInfo)                                                                                                 \
    F(clCreateContext)                                                                                                 \
    F(clReleaseContext)                                                                                                \
    F(clCreateCommandQueue)                                                                                            \
    F(clReleaseCommandQueue)                                                                                           \
    F(clCreateProgramWithSource)                                                                                       \
    F(clCreateProgramWithBinary)                                                                                       \
    F(clBuildProgram)                                                                                                  \
    F(clGetProgramInfo)                                                                                                \
    F(clReleaseProgram)                                                                                                \
    F(clCreateKernel)                                                                                                  \
    F(clReleaseKernel)                                                                                                 \
    F(clSetKernelArg)                                                                                                  \
    F(clCreateBuffer)                                                                                                  \
    F(clReleaseMemObject)                                                                                              \
    F(clEnqueueWriteBuffer)                                                                                            \
    F(clEnqueueReadBuffer)                                                                                             \
    F(clEnqueueCopyBuffer)                                                                                             \
    F(clEnqueueFillBuffer)                                                                                             \
    F(clEnqueueNDRangeKernel)                                                                                          \
    F(clFinish)

typedef struct vv_opencl_api {
    void *library;
#define VV_OPENCL_MEMBER(name) __typeof__(&name) name;
    VV_OPENCL_CALLS(VV_OPENCL_MEMBER)
#undef VV_OPENCL_MEMBER
} vv_opencl_api;

/* VV_E_RESOURCE where libOpenCL.so.1 is missing or too old. */
VV_NODISCARD vv_status vv_opencl_load(vv_opencl_api *api, vv_err *err);
void vv_opencl_unload(vv_opencl_api *api);
#endif
