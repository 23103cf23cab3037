/* The OpenCL 1.2 backend: one in-order queue; the kernels are built from the embedded source, or from the binary an
 * earlier run kept. */
#include "alloc.h"
#include "backend.h"
#include "binary_cache.h"
#include "embed.h"
#include "hash.h"
#include "opencl_api.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

VV_EMBED(vv_opencl_source, VV_OPENCL_SOURCE);

enum { PLATFORMS_MAX = 16, DEVICES_MAX = 64, LANES = 256 };

typedef struct found {
    cl_platform_id platform;
    cl_device_id device;
    cl_device_type type;
} found;

typedef struct opencl_device {
    vv_device base;
    vv_opencl_api api;
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
    cl_kernel kernels[VV_K_COUNT];
    char key[65]; /* of the binary cache */
    bool from_cache;
} opencl_device;

static vv_status failed(vv_err *err, const char *call, cl_int code)
{
    const char *hint = code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_RESOURCES
                           ? "the device is out of memory"
                       : code == CL_OUT_OF_HOST_MEMORY ? "the host is out of memory"
                                                       : "the driver refused";
    return vv_fail(err, VV_E_RESOURCE, "opencl", "%s (%s: %d); use --device cpu", hint, call, (int)code);
}

/* All devices of all platforms, in the drivers' order. */
static int find_devices(const vv_opencl_api *api, found out[DEVICES_MAX])
{
    cl_platform_id platforms[PLATFORMS_MAX];
    cl_uint np = 0;
    int n = 0;
    if (api->clGetPlatformIDs(PLATFORMS_MAX, platforms, &np) != CL_SUCCESS)
        return 0;
    for (cl_uint p = 0; p < np && p < PLATFORMS_MAX; p++) {
        cl_device_id devices[DEVICES_MAX];
        cl_uint nd = 0;
        if (api->clGetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, DEVICES_MAX, devices, &nd) != CL_SUCCESS)
            continue;
        for (cl_uint d = 0; d < nd && d < DEVICES_MAX && n < DEVICES_MAX; d++) {
            out[n] = (found){.platform = platforms[p], .device = devices[d]};
            if (api->clGetDeviceInfo(devices[d], CL_DEVICE_TYPE, sizeof out[n].type, &out[n].type, NULL) == CL_SUCCESS)
                n++;
        }
    }
    return n;
}

static int opencl_count(vv_err *why)
{
    vv_opencl_api api;
    found all[DEVICES_MAX];
    if (vv_opencl_load(&api, why) != VV_OK)
        return 0;
    int n = find_devices(&api, all);
    vv_opencl_unload(&api);
    if (n == 0)
        (void)vv_fail(why, VV_E_RESOURCE, "opencl", "the OpenCL loader knows no device; install a driver");
    return n;
}

/* Loading an OpenCL driver costs much and may end the process (PoCL does where /sys is missing). No GPU without its
 * node. */
static bool opencl_worth_asking(void)
{
    static const char *const node[] = {"/dev/dri", "/dev/kfd", "/dev/nvidiactl", "/dev/dxg", "/dev/mali0"};
    for (size_t i = 0; i < sizeof node / sizeof node[0]; i++)
        if (access(node[i], F_OK) == 0)
            return true;
    return false;
}

static bool opencl_accelerator(int index)
{
    vv_opencl_api api;
    found all[DEVICES_MAX];
    if (vv_opencl_load(&api, NULL) != VV_OK)
        return false;
    bool yes = index < find_devices(&api, all) && (all[index].type & (CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_ACCELERATOR));
    vv_opencl_unload(&api);
    return yes;
}

static void opencl_close(vv_device *base)
{
    opencl_device *dev = (opencl_device *)base;
    const vv_opencl_api *api = &dev->api;
    if (dev->queue)
        api->clFinish(dev->queue);
    for (int k = 0; k < VV_K_COUNT; k++)
        if (dev->kernels[k])
            api->clReleaseKernel(dev->kernels[k]);
    if (dev->program)
        api->clReleaseProgram(dev->program);
    if (dev->queue)
        api->clReleaseCommandQueue(dev->queue);
    if (dev->context)
        api->clReleaseContext(dev->context);
    vv_opencl_unload(&dev->api);
    vv_free(dev);
}

/* A text the driver gives, cut to fit, printable ASCII only. */
static void device_text(const opencl_device *dev, cl_device_info what, char *out, size_t size)
{
    size_t n = 0;
    char text[1024];
    if (dev->api.clGetDeviceInfo(dev->device, what, 0, NULL, &n) != CL_SUCCESS || n > sizeof text ||
        dev->api.clGetDeviceInfo(dev->device, what, n, text, NULL) != CL_SUCCESS)
        n = 0;
    size_t k = 0;
    for (; k + 1 < size && k < n && text[k]; k++)
        out[k] = text[k] >= ' ' && text[k] <= '~' ? text[k] : '?';
    out[k] = '\0';
}

/* What the device must have; *rounded: it can divide and take roots correctly rounded when asked to. */
static vv_status check_device(opencl_device *dev, bool *rounded, vv_err *err)
{
    const vv_opencl_api *api = &dev->api;
    cl_bool usable = CL_FALSE, compiler = CL_FALSE, little = CL_FALSE;
    cl_device_fp_config fp = 0;
    size_t lanes = 0;
    cl_ulong largest = 0;
    cl_int rc = api->clGetDeviceInfo(dev->device, CL_DEVICE_AVAILABLE, sizeof usable, &usable, NULL);
    rc |= api->clGetDeviceInfo(dev->device, CL_DEVICE_COMPILER_AVAILABLE, sizeof compiler, &compiler, NULL);
    rc |= api->clGetDeviceInfo(dev->device, CL_DEVICE_ENDIAN_LITTLE, sizeof little, &little, NULL);
    rc |= api->clGetDeviceInfo(dev->device, CL_DEVICE_SINGLE_FP_CONFIG, sizeof fp, &fp, NULL);
    rc |= api->clGetDeviceInfo(dev->device, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof lanes, &lanes, NULL);
    rc |= api->clGetDeviceInfo(dev->device, CL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof largest, &largest, NULL);
    if (rc != CL_SUCCESS)
        return failed(err, "clGetDeviceInfo", rc);
    if (!usable || !compiler || !little || lanes < LANES)
        return vv_fail(err, VV_E_RESOURCE, "opencl",
                       "the device cannot run these kernels (not available, no compiler, big "
                       "endian, or fewer than %d lanes per group); use --device cpu",
                       LANES);
    *rounded = (fp & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
    dev->base.max_buffer = largest > SIZE_MAX ? SIZE_MAX : (size_t)largest;
    return VV_OK;
}

/* Everything that the compiled code depends on. */
static void cache_key(opencl_device *dev, const char *options)
{
    static const cl_device_info facts[] = {CL_DEVICE_NAME, CL_DEVICE_VENDOR, CL_DEVICE_VERSION, CL_DRIVER_VERSION};
    vv_sha256 h;
    vv_sha256_begin(&h);
    vv_sha256_add(&h, vv_opencl_source, (size_t)(vv_opencl_source_end - vv_opencl_source));
    vv_sha256_add(&h, options, strlen(options) + 1);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        char text[256];
        device_text(dev, facts[i], text, sizeof text);
        vv_sha256_add(&h, text, strlen(text) + 1);
    }
    vv_sha256_end(&h, dev->key);
}

/* False where there is no stored binary or the driver does not take it. */
static bool build_from_cache(opencl_device *dev, const char *options)
{
    const vv_opencl_api *api = &dev->api;
    size_t bytes = 0;
    void *binary = vv_binary_cache_get(dev->key, &bytes);
    if (!binary)
        return false;
    const unsigned char *data = binary;
    cl_int status = CL_SUCCESS, rc = CL_SUCCESS;
    dev->program = api->clCreateProgramWithBinary(dev->context, 1, &dev->device, &bytes, &data, &status, &rc);
    vv_free(binary);
    if (dev->program && rc == CL_SUCCESS && status == CL_SUCCESS &&
        api->clBuildProgram(dev->program, 1, &dev->device, options, NULL, NULL) == CL_SUCCESS)
        return true;
    if (dev->program)
        api->clReleaseProgram(dev->program);
    dev->program = NULL;
    return false;
}

static vv_status build_from_source(opencl_device *dev, const char *options, vv_err *err)
{
    const vv_opencl_api *api = &dev->api;
    const char *text = (const char *)vv_opencl_source;
    size_t length = (size_t)(vv_opencl_source_end - vv_opencl_source);
    cl_int rc;
    dev->program = api->clCreateProgramWithSource(dev->context, 1, &text, &length, &rc);
    if (!dev->program)
        return failed(err, "clCreateProgramWithSource", rc);
    rc = api->clBuildProgram(dev->program, 1, &dev->device, options, NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clBuildProgram", rc);
}

static vv_status make_kernels(opencl_device *dev, vv_err *err)
{
    for (int k = 0; k < VV_K_COUNT; k++) {
        cl_int rc;
        dev->kernels[k] = dev->api.clCreateKernel(dev->program, vv_kernels[k].function, &rc);
        if (!dev->kernels[k])
            return failed(err, "clCreateKernel", rc);
    }
    return VV_OK;
}

static vv_status build(opencl_device *dev, bool rounded, vv_err *err)
{
    const char *options = rounded ? "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt" : "-cl-std=CL1.2";
    cache_key(dev, options);
    dev->from_cache = build_from_cache(dev, options);
    vv_status st = dev->from_cache ? VV_OK : build_from_source(dev, options, err);
    return st == VV_OK ? make_kernels(dev, err) : st;
}

static vv_status set_up(opencl_device *dev, int index, vv_err *err)
{
    const vv_opencl_api *api = &dev->api;
    found all[DEVICES_MAX];
    if (index >= find_devices(api, all))
        return vv_fail(err, VV_E_RESOURCE, "opencl", "the device went away");
    dev->device = all[index].device;
    snprintf(dev->base.name, sizeof dev->base.name, "opencl:%d", index);
    device_text(dev, CL_DEVICE_NAME, dev->base.description, sizeof dev->base.description);
    bool rounded = false;
    vv_status st = check_device(dev, &rounded, err);
    if (st != VV_OK)
        return st;
    cl_int rc;
    const cl_context_properties properties[] = {CL_CONTEXT_PLATFORM, (cl_context_properties)all[index].platform, 0};
    dev->context = api->clCreateContext(properties, 1, &dev->device, NULL, NULL, &rc);
    if (!dev->context)
        return failed(err, "clCreateContext", rc);
    dev->queue = api->clCreateCommandQueue(dev->context, dev->device, 0, &rc);
    if (!dev->queue)
        return failed(err, "clCreateCommandQueue", rc);
    return build(dev, rounded, err);
}

static vv_status opencl_open(int index, vv_pool *pool, vv_device **out, vv_err *err)
{
    (void)pool;
    opencl_device *dev = vv_calloc(1, sizeof *dev);
    if (!dev)
        return vv_fail(err, VV_E_RESOURCE, "opencl", "out of memory");
    dev->base.backend = &vv_backend_opencl;
    vv_status st = vv_opencl_load(&dev->api, err);
    if (st == VV_OK)
        st = set_up(dev, index, err);
    if (st != VV_OK) {
        opencl_close(&dev->base);
        return st;
    }
    *out = &dev->base;
    return VV_OK;
}

/* After the self-test every kernel has run, so what a driver compiles at the first launch is in the binary as well. */
static void opencl_settled(vv_device *base)
{
    opencl_device *dev = (opencl_device *)base;
    size_t bytes = 0;
    if (dev->from_cache ||
        dev->api.clGetProgramInfo(dev->program, CL_PROGRAM_BINARY_SIZES, sizeof bytes, &bytes, NULL) || bytes == 0)
        return;
    unsigned char *binary = vv_malloc(bytes, 1);
    if (binary &&
        dev->api.clGetProgramInfo(dev->program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) == CL_SUCCESS)
        vv_binary_cache_put(dev->key, binary, bytes);
    vv_free(binary);
}

static vv_status opencl_alloc(vv_device *base, size_t bytes, uintptr_t *handle, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc;
    cl_mem mem = dev->api.clCreateBuffer(dev->context, CL_MEM_READ_WRITE, bytes, NULL, &rc);
    if (!mem)
        return failed(err, "clCreateBuffer", rc);
    *handle = (uintptr_t)mem;
    return VV_OK;
}

static void opencl_release(vv_device *base, uintptr_t handle)
{
    opencl_device *dev = (opencl_device *)base;
    dev->api.clReleaseMemObject((cl_mem)handle);
}

static vv_status opencl_upload(vv_device *base, uintptr_t dst, size_t offset, const void *src, size_t bytes,
                               vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc = dev->api.clEnqueueWriteBuffer(dev->queue, (cl_mem)dst, CL_TRUE, offset, bytes, src, 0, NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clEnqueueWriteBuffer", rc);
}

static vv_status opencl_download(vv_device *base, void *dst, uintptr_t src, size_t offset, size_t bytes, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc = dev->api.clEnqueueReadBuffer(dev->queue, (cl_mem)src, CL_TRUE, offset, bytes, dst, 0, NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clEnqueueReadBuffer", rc);
}

static vv_status opencl_fill(vv_device *base, uintptr_t dst, size_t offset, uint8_t value, size_t bytes, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc = dev->api.clEnqueueFillBuffer(dev->queue, (cl_mem)dst, &value, 1, offset, bytes, 0, NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clEnqueueFillBuffer", rc);
}

static vv_status opencl_copy(vv_device *base, uintptr_t dst, size_t dst_offset, uintptr_t src, size_t src_offset,
                             size_t bytes, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc = dev->api.clEnqueueCopyBuffer(dev->queue, (cl_mem)src, (cl_mem)dst, src_offset, dst_offset, bytes, 0,
                                             NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clEnqueueCopyBuffer", rc);
}

static vv_status opencl_sync(vv_device *base, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_int rc = dev->api.clFinish(dev->queue);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clFinish", rc);
}

static vv_status opencl_launch(vv_device *base, vv_kernel_id kernel, const uint32_t groups[3], const uintptr_t *handles,
                               int nbufs, const void *params, size_t params_bytes, vv_err *err)
{
    opencl_device *dev = (opencl_device *)base;
    cl_kernel k = dev->kernels[kernel];
    const size_t local[3] = {LANES, 1, 1}, global[3] = {(size_t)groups[0] * LANES, groups[1], groups[2]};
    cl_int rc = CL_SUCCESS;
    for (int i = 0; i < nbufs && rc == CL_SUCCESS; i++) {
        cl_mem mem = (cl_mem)handles[i];
        rc = dev->api.clSetKernelArg(k, (cl_uint)i, sizeof mem, &mem);
    }
    if (rc == CL_SUCCESS)
        rc = dev->api.clSetKernelArg(k, (cl_uint)nbufs, params_bytes, params);
    if (rc != CL_SUCCESS)
        return failed(err, "clSetKernelArg", rc);
    rc = dev->api.clEnqueueNDRangeKernel(dev->queue, k, 3, NULL, global, local, 0, NULL, NULL);
    return rc == CL_SUCCESS ? VV_OK : failed(err, "clEnqueueNDRangeKernel", rc);
}

const vv_backend vv_backend_opencl = {
    .name = "opencl",
    .count = opencl_count,
    .worth_asking = opencl_worth_asking,
    .accelerator = opencl_accelerator,
    .open = opencl_open,
    .close = opencl_close,
    .alloc = opencl_alloc,
    .release = opencl_release,
    .upload = opencl_upload,
    .download = opencl_download,
    .fill = opencl_fill,
    .copy = opencl_copy,
    .sync = opencl_sync,
    .launch = opencl_launch,
    .settled = opencl_settled,
};
