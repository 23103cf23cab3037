/* check_report FILE [path.to.key=value ...]: is FILE a report of schema voxveil.report/1 of the deface job, every key
 * in its place and of its type? Then compares the values asked for, as text. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct key {
    const char *name;
    int type; /* cJSON_String, ... */
    int optional;
} key;

static const key top[] = {{"schema", cJSON_String, 0},
                          {"version", cJSON_String, 0},
                          {"device", cJSON_String, 0},
                          {"verdict", cJSON_String, 0},
                          {"reason", cJSON_String, 1},
                          {"input", cJSON_Object, 0},
                          {"output", cJSON_Object, 0},
                          {"face", cJSON_Object, 0},
                          {"gates", cJSON_Array, 0},
                          {"certificate", cJSON_Object, 0},
                          {"time_ms", cJSON_Object, 0},
                          {"peak_bytes", cJSON_Object, 0},
                          {NULL, 0, 0}};
static const key input[] = {{"format", cJSON_String, 0}, {"dims", cJSON_Array, 0},    {"spacing_mm", cJSON_Array, 0},
                            {"dtype", cJSON_String, 0},  {"sha256", cJSON_String, 0}, {NULL, 0, 0}};
static const key output[] = {
    {"format", cJSON_String, 0}, {"sha256", cJSON_String, 0}, {"bytes", cJSON_Number, 1}, {NULL, 0, 0}};
static const key face[] = {{"score", cJSON_Number, 0},
                           {"pose", cJSON_Array, 1},
                           {"regions", cJSON_Array, 0},
                           {"voxels_changed", cJSON_Number, 0},
                           {"voxels_protected", cJSON_Number, 1},
                           {"mask_applied", cJSON_True, 1},
                           {NULL, 0, 0}};
static const key certificate[] = {
    {"surface_mm2", cJSON_Object, 1}, {"shown", cJSON_Array, 0}, {"not_shown", cJSON_Array, 0}, {NULL, 0, 0}};
static const key times[] = {
    {"read", cJSON_Number, 0},   {"upload", cJSON_Number, 0}, {"find", cJSON_Number, 0},  {"remove", cJSON_Number, 0},
    {"verify", cJSON_Number, 0}, {"write", cJSON_Number, 0},  {"total", cJSON_Number, 0}, {NULL, 0, 0}};
static const key peaks[] = {{"host", cJSON_Number, 0}, {"device", cJSON_Number, 0}, {NULL, 0, 0}};
static const key gate[] = {{"name", cJSON_String, 0},
                           {"value", cJSON_Number, 0},
                           {"limit", cJSON_Number, 0},
                           {"pass", cJSON_True | cJSON_False, 0},
                           {NULL, 0, 0}};

static int bad(const char *what, const char *name)
{
    fprintf(stderr, "check_report: %s: %s\n", what, name);
    return 0;
}

/* The children of `o` are the keys of the list, in its order, and nothing else. */
static int follows(const cJSON *o, const key *list)
{
    const cJSON *child = o ? o->child : NULL;
    for (; list->name; list++) {
        if (!child || strcmp(child->string, list->name) != 0) {
            if (!list->optional)
                return bad("missing or out of order", list->name);
            continue;
        }
        if (!(child->type & list->type))
            return bad("of the wrong type", list->name);
        child = child->next;
    }
    return child ? bad("not in the schema", child->string) : 1;
}

static int gates_follow(const cJSON *root)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(root, "gates"))
    {
        if (!follows(item, gate))
            return 0;
        int passed = cJSON_IsTrue(cJSON_GetObjectItem(item, "pass"));
        if (!passed && strcmp(cJSON_GetObjectItem(root, "verdict")->valuestring, "clean") == 0)
            return bad("a failed gate under the verdict clean", cJSON_GetObjectItem(item, "name")->valuestring);
    }
    return 1;
}

static int is_report(const cJSON *root)
{
    return follows(root, top) && follows(cJSON_GetObjectItem(root, "input"), input) &&
           follows(cJSON_GetObjectItem(root, "output"), output) && follows(cJSON_GetObjectItem(root, "face"), face) &&
           follows(cJSON_GetObjectItem(root, "certificate"), certificate) &&
           follows(cJSON_GetObjectItem(root, "time_ms"), times) &&
           follows(cJSON_GetObjectItem(root, "peak_bytes"), peaks) && gates_follow(root) &&
           !strcmp(cJSON_GetObjectItem(root, "schema")->valuestring, "voxveil.report/1");
}

static int has_value(const cJSON *root, char *wanted)
{
    char *value = strchr(wanted, '=');
    if (!value)
        return bad("no value given", wanted);
    *value++ = '\0';
    const cJSON *at = root;
    for (char *part = strtok(wanted, "."); part; part = strtok(NULL, "."))
        at = cJSON_GetObjectItemCaseSensitive(at, part);
    const char *found = cJSON_GetStringValue(at);
    return found && !strcmp(found, value) ? 1 : bad("found", found ? found : "no such key");
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = f ? calloc(1, 1 << 20) : NULL;
    if (text && fread(text, 1, (1 << 20) - 1, f) == 0)
        text[0] = '\0';
    if (f)
        fclose(f);
    return text;
}

int main(int argc, char **argv)
{
    char *text = argc > 1 ? read_all(argv[1]) : NULL;
    cJSON *root = text ? cJSON_ParseWithOpts(text, NULL, 1) : NULL;
    int ok = root ? is_report(root) : bad("no JSON in", "the file");
    for (int i = 2; ok && i < argc; i++)
        ok = has_value(root, argv[i]);
    cJSON_Delete(root);
    free(text);
    return !ok;
}
