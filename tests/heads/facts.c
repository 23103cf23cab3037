/* facts.c - reads a report. */
#include "facts.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static void read_gate(const cJSON *gate, facts *out)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(gate, "name"));
    if (!name || out->gates == FACTS_GATES)
        return;
    snprintf(out->gate[out->gates].name, sizeof out->gate[0].name, "%s", name);
    out->gate[out->gates++].value = cJSON_GetNumberValue(cJSON_GetObjectItem(gate, "value"));
    if (!cJSON_IsTrue(cJSON_GetObjectItem(gate, "pass")) &&
        strlen(out->failed) + strlen(name) + 2 < sizeof out->failed) {
        strcat(out->failed, *out->failed ? " " : "");
        strcat(out->failed, name);
    }
}

bool facts_read(const char *json, facts *out)
{
    *out = (facts){0};
    cJSON *root = cJSON_Parse(json);
    const cJSON *item, *times = cJSON_GetObjectItem(root, "time_ms");
    const cJSON *pose = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "face"), "pose");
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(root, "gates")) read_gate(item, out);
    out->placed = cJSON_GetArraySize(pose) == 16;
    for (int i = 0; out->placed && i < 16; i++)
        out->pose[i] = cJSON_GetNumberValue(cJSON_GetArrayItem(pose, i));
    out->find_ms = cJSON_GetNumberValue(cJSON_GetObjectItem(times, "find"));
    out->total_ms = cJSON_GetNumberValue(cJSON_GetObjectItem(times, "total"));
    cJSON_Delete(root);
    return root != NULL;
}

double fact_of(const facts *f, const char *gate, double none)
{
    for (int i = 0; i < f->gates; i++)
        if (!strcmp(f->gate[i].name, gate))
            return f->gate[i].value;
    return none;
}
