#include "values.h"
#include "say.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number of 1..max digits' worth; false for anything else around it. */
static bool whole_number(const char *s, long max, long *out)
{
    if (*s < '0' || *s > '9')
        return false;
    char *end;
    errno = 0;
    long n = strtol(s, &end, 10);
    *out = n;
    return !errno && !*end && n <= max;
}

static bool is_device(const char *s)
{
    if (!strcmp(s, "auto") || !strcmp(s, "cpu"))
        return true;
    size_t n = !strncmp(s, "opencl", 6) ? 6 : !strncmp(s, "cuda", 4) ? 4 : 0;
    long index;
    return n && (!s[n] || (s[n] == ':' && whole_number(s + n + 1, 255, &index)));
}

static vv_status common_values(cli_args *a)
{
    const char *v = a->value[OPT_DEVICE];
    if (v && !is_device(v))
        return cli_fail(VV_E_USAGE, "--device is one of auto, cpu, opencl, opencl:N, cuda, cuda:N");
    long threads = 0;
    v = a->value[OPT_THREADS];
    if (v && (!whole_number(v, 1024, &threads) || threads < 1))
        return cli_fail(VV_E_USAGE, "--threads is a number from 1 to 1024");
    a->threads = (int)threads;
    v = a->value[OPT_PROGRESS];
    if (v && !strcmp(v, "always"))
        a->progress = PROGRESS_ALWAYS;
    else if (v && !strcmp(v, "never"))
        a->progress = PROGRESS_NEVER;
    else if (v && strcmp(v, "auto") != 0)
        return cli_fail(VV_E_USAGE, "--progress is one of auto, always, never");
    a->quiet = a->value[OPT_QUIET] != NULL;
    a->force = a->value[OPT_FORCE] != NULL;
    return VV_OK;
}

static vv_status mode_value(const char *v, vv_mode *out)
{
    if (!v || !strcmp(v, "remove"))
        *out = VV_MODE_REMOVE;
    else if (!strcmp(v, "blur"))
        *out = VV_MODE_BLUR;
    else if (!strcmp(v, "noise"))
        *out = VV_MODE_NOISE;
    else if (!strcmp(v, "reface"))
        *out = VV_MODE_REFACE;
    else if (!strcmp(v, "brain"))
        *out = VV_MODE_BRAIN;
    else
        return cli_fail(VV_E_USAGE, "--mode is one of remove, blur, noise, reface, brain");
    return VV_OK;
}

static const struct {
    const char *name;
    uint32_t bit;
} regions[] = {
    {"face", VV_REGION_FACE}, {"ears", VV_REGION_EARS},         {"teeth", VV_REGION_TEETH},
    {"eyes", VV_REGION_EYES}, {"forehead", VV_REGION_FOREHEAD}, {"ghosts", VV_REGION_GHOSTS},
};

/* One name of the list: its row in the table, or -1. */
static int region_find(const char *name, size_t length)
{
    for (int i = 0; i < (int)(sizeof regions / sizeof *regions); i++) {
        if (strlen(regions[i].name) == length && !strncmp(regions[i].name, name, length))
            return i;
    }
    return -1;
}

static vv_status regions_value(const char *v, uint32_t *out)
{
    *out = 0;
    while (v) {
        size_t n = strcspn(v, ",");
        int i = region_find(v, n);
        if (i < 0)
            return cli_fail(VV_E_USAGE,
                            "--regions is a list, separated by commas, of face, ears, teeth, eyes, forehead, "
                            "ghosts");
        *out |= regions[i].bit;
        v = v[n] ? v + n + 1 : NULL;
    }
    return VV_OK;
}

static vv_status fill_value(const char *v, vv_deface_options *out)
{
    if (!v || !strcmp(v, "auto"))
        return VV_OK;
    char *end;
    out->fill_value = strtod(v, &end);
    if (end == v || *end || !isfinite(out->fill_value))
        return cli_fail(VV_E_USAGE, "--fill is auto or a finite number, in the units of the scaled image");
    out->fill_given = 1;
    return VV_OK;
}

vv_status cli_values(cli_args *a)
{
    vv_status status = common_values(a);
    if (status)
        return status;
    vv_deface_options *d = &a->deface;
    if ((status = mode_value(a->value[OPT_MODE], &d->mode)) ||
        (status = regions_value(a->value[OPT_REGIONS], &d->regions)) || (status = fill_value(a->value[OPT_FILL], d)))
        return status;
    const char *verify = a->value[OPT_VERIFY];
    bool full = verify && !strcmp(verify, "full"), gallery = a->value[OPT_GALLERY] != NULL;
    if (full && a->command == DEFACE)
        return cli_fail(VV_E_USAGE, "--verify full needs other scans of the same people: voxveil verify --gallery");
    if (verify && !full && strcmp(verify, "basic") != 0)
        return cli_fail(VV_E_USAGE, "--verify is basic or full");
    if (full && !gallery)
        return cli_fail(VV_E_USAGE, "--verify full needs --gallery: other scans of the same people");
    if (verify && !full && gallery)
        return cli_fail(VV_E_USAGE, "--gallery is for attacks, and --verify basic is without");
    if (a->value[OPT_CERTIFICATE] && !gallery)
        return cli_fail(VV_E_USAGE, "--certificate goes with --gallery; of one pair the report has it");
    d->keep_text = a->value[OPT_KEEP_TEXT] != NULL;
    d->keep_extensions = a->value[OPT_KEEP_EXTENSIONS] != NULL;
    d->force = a->force;
    return VV_OK;
}
