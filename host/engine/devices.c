/* Every backend of this machine, as JSON. */
#include "device.h"
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

typedef struct listing {
    cJSON *array;
    bool ok;
} listing;

static void visit(void *user, const vv_device_info *info)
{
    static const char *const tests[] = {
        [VV_SELF_TEST_SKIPPED] = "skipped", [VV_SELF_TEST_PASS] = "pass", [VV_SELF_TEST_FAIL] = "fail"};
    listing *l = user;
    cJSON *o = l->ok ? cJSON_CreateObject() : NULL;
    l->ok = o && cJSON_AddStringToObject(o, "name", info->name) &&
            cJSON_AddStringToObject(o, "description", info->description) &&
            cJSON_AddBoolToObject(o, "available", info->available) &&
            cJSON_AddStringToObject(o, "self_test", tests[info->self_test]) &&
            (!info->reason[0] || cJSON_AddStringToObject(o, "reason", info->reason));
    if (!l->ok || !cJSON_AddItemToArray(l->array, o)) {
        l->ok = false;
        cJSON_Delete(o);
    }
}

vv_status vv_devices_json(char **out, vv_err *err)
{
    if (!out)
        return vv_fail(err, VV_E_USAGE, "device", "no place for the text was given; pass a pointer to one");
    *out = NULL;
    vv_pool *pool = NULL;
    vv_status status = vv_pool_create(0, &pool, err);
    if (status)
        return status;
    listing l = {.array = cJSON_CreateArray()};
    l.ok = l.array != NULL;
    status = vv_device_list(pool, visit, &l, err);
    vv_pool_destroy(&pool);
    char *json = !status && l.ok ? cJSON_PrintUnformatted(l.array) : NULL;
    cJSON_Delete(l.array);
    /* Copied: the program around us may have given cJSON an allocator of its own. */
    *out = json ? strdup(json) : NULL;
    cJSON_free(json);
    if (!status && !*out)
        status = vv_fail(err, VV_E_RESOURCE, "device", "out of memory; free some and try again");
    return status;
}

void vv_string_destroy(char **s)
{
    if (!s)
        return;
    free(*s);
    *s = NULL;
}
