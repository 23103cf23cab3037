#include "cuda_api.h"
#include <dlfcn.h>
#include <string.h>

vv_status vv_cuda_load(vv_cuda_api *api, vv_err *err)
{
    memset(api, 0, sizeof *api);
    /* Kept mapped after dlclose: the driver leaves threads and exit handlers behind. */
    api->library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!api->library)
        return vv_fail(err, VV_E_RESOURCE, "cuda", "no NVIDIA driver (libcuda.so.1); install one or use --device cpu");
#define FIND(name, symbol, parameters)                                                                                 \
    *(void **)&api->name = dlsym(api->library, #symbol);                                                               \
    if (!api->name) {                                                                                                  \
        vv_cuda_unload(api);                                                                                           \
        return vv_fail(err, VV_E_RESOURCE, "cuda", "the NVIDIA driver has no %s; install a newer one", #symbol);       \
    }
    VV_CUDA_CALLS(FIND)
#undef FIND
    vv_cu_result rc = api->init(0);
    if (rc != 0) {
        vv_status st = vv_cuda_failed(api, err, "the driver does not start", rc);
        vv_cuda_unload(api);
        return st;
    }
    return VV_OK;
}

void vv_cuda_unload(vv_cuda_api *api)
{
    if (api->library)
        dlclose(api->library);
    memset(api, 0, sizeof *api);
}

vv_status vv_cuda_failed(const vv_cuda_api *api, vv_err *err, const char *what, vv_cu_result code)
{
    const char *name = NULL;
    if (api->error_name(code, &name) != 0 || !name)
        name = "unknown error";
    if (code == VV_CU_OUT_OF_MEMORY)
        what = "the device is out of memory";
    if (code == VV_CU_NO_BINARY)
        what = "this build has no code for this GPU";
    return vv_fail(err, VV_E_RESOURCE, "cuda", "%s (%s, %d); use --device cpu", what, name, code);
}
