/* json.h - a JSON text in the making. cJSON reports memory that is out by NULL at each call; one flag keeps account of
 * them all, and every call is harmless once it is false. */
#ifndef VV_JSON_H
#define VV_JSON_H
#include <cjson/cJSON.h>
#include <stdbool.h>

typedef struct vv_json {
    cJSON *root;
    bool ok;
} vv_json;

/* Freed with cJSON_Delete(w.root). */
vv_json vv_json_begin(void);
/* To six decimals: enough for every figure, and short. */
double vv_json_rounded(double v);
void vv_json_number(vv_json *w, cJSON *o, const char *key, double v);
void vv_json_text(vv_json *w, cJSON *o, const char *key, const char *v);
void vv_json_bool(vv_json *w, cJSON *o, const char *key, bool v);
cJSON *vv_json_object(vv_json *w, cJSON *o, const char *key);
cJSON *vv_json_array(vv_json *w, cJSON *o, const char *key);
/* Takes the item. */
void vv_json_append(vv_json *w, cJSON *array, cJSON *item);
/* A new object at the end of the array. */
cJSON *vv_json_append_object(vv_json *w, cJSON *array);
#endif
