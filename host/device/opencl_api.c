#include "opencl_api.h"
#include <dlfcn.h>
#include <string.h>

vv_status vv_opencl_load(vv_opencl_api *api, vv_err *err)
{
    memset(api, 0, sizeof *api);
    /* Kept mapped after dlclose: drivers leave threads and exit handlers behind. */
    api->library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!api->library)
        return vv_fail(err, VV_E_RESOURCE, "opencl",
                       "no OpenCL loader (libOpenCL.so.1); install one or use --device cpu");
#define FIND(name)                                                                                                     \
    *(void **)&api->name = dlsym(api->library, #name);                                                                 \
    if (!api->name) {                                                                                                  \
        vv_opencl_unload(api);                                                                                         \
        return vv_fail(err, VV_E_RESOURCE, "opencl", "the OpenCL loader has no %s; it is older than 1.2", #name);      \
    }
    VV_OPENCL_CALLS(FIND)
#undef FIND
    return VV_OK;
}

void vv_opencl_unload(vv_opencl_api *api)
{
    if (api->library)
        dlclose(api->library);
    memset(api, 0, sizeof *api);
}
