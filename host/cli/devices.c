#include "commands.h"
#include "job.h"
#include "say.h"

int cli_devices(const cli_args *a)
{
    if (a->operands != 0)
        return cli_fail(VV_E_USAGE, "devices takes no operand; see voxveil devices --help");
    char *json = NULL;
    vv_err err = {0};
    vv_status status = vv_devices_json(&json, &err);
    if (!status)
        status = cli_print_line(json, &err);
    vv_string_destroy(&json);
    return status ? cli_fail_err(status, &err) : VV_OK;
}
