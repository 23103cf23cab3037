#include "json.h"
#include <math.h>

vv_json vv_json_begin(void)
{
    vv_json w = {.root = cJSON_CreateObject()};
    w.ok = w.root != NULL;
    return w;
}

double vv_json_rounded(double v)
{
    double whole = floor(v);
    return v == whole ? v + 0.0 : floor(v * 1e6 + 0.5) / 1e6;
}

void vv_json_number(vv_json *w, cJSON *o, const char *key, double v)
{
    w->ok = w->ok && cJSON_AddNumberToObject(o, key, vv_json_rounded(v));
}

void vv_json_text(vv_json *w, cJSON *o, const char *key, const char *v)
{
    w->ok = w->ok && cJSON_AddStringToObject(o, key, v);
}

void vv_json_bool(vv_json *w, cJSON *o, const char *key, bool v)
{
    w->ok = w->ok && cJSON_AddBoolToObject(o, key, v);
}

cJSON *vv_json_object(vv_json *w, cJSON *o, const char *key)
{
    cJSON *child = w->ok ? cJSON_AddObjectToObject(o, key) : NULL;
    w->ok = child != NULL;
    return child;
}

cJSON *vv_json_array(vv_json *w, cJSON *o, const char *key)
{
    cJSON *child = w->ok ? cJSON_AddArrayToObject(o, key) : NULL;
    w->ok = child != NULL;
    return child;
}

void vv_json_append(vv_json *w, cJSON *array, cJSON *item)
{
    w->ok = w->ok && item && cJSON_AddItemToArray(array, item);
    if (!w->ok)
        cJSON_Delete(item);
}

cJSON *vv_json_append_object(vv_json *w, cJSON *array)
{
    cJSON *item = w->ok ? cJSON_CreateObject() : NULL;
    vv_json_append(w, array, item);
    return w->ok ? item : NULL;
}
