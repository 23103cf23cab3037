// The header is C, and good C++.
#include <cstdio>
#include <voxveil.h>

int main()
{
    char *json = nullptr;
    vv_err err = {};
    vv_status status = vv_devices_json(&json, &err);
    if (status == VV_OK)
        std::printf("%s: %s\n", vv_version(), json);
    vv_string_destroy(&json);
    return status;
}
