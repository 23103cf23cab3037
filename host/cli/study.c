#include "study.h"
#include "job.h"
#include "say.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folders that the job writes into; --mask-out, --preview and --fiducials name folders here. */
enum { OUT, MASK, PREVIEW, FIDUCIALS, FOLDERS };
static const enum cli_option folder_option[FOLDERS] = {OPT_STUDY, OPT_MASK_OUT, OPT_PREVIEW, OPT_FIDUCIALS};

typedef struct study {
    const cli_args *args;
    bool made[FOLDERS]; /* by this job */
    vv_study_item items[CLI_OPERANDS_MAX];
    char *paths[FOLDERS][CLI_OPERANDS_MAX];
} study;

/* Makes the folders that are missing. */
static vv_status make_folders(study *s)
{
    for (int f = 0; f < FOLDERS; f++) {
        const char *path = s->args->value[folder_option[f]];
        struct stat st;
        if (!path || (!stat(path, &st) && S_ISDIR(st.st_mode)))
            continue;
        s->made[f] = !mkdir(path, 0777);
        if (!s->made[f])
            return cli_fail(VV_E_USAGE, "--%s names a folder with --study, which cannot be made; check what is there",
                            cli_option_name(folder_option[f]));
    }
    return VV_OK;
}

/* Takes back the folders that stayed empty, the last one first: it may lie in another. */
static void remove_folders(const study *s)
{
    for (int f = FOLDERS - 1; f >= 0; f--) {
        if (s->made[f])
            rmdir(s->args->value[folder_option[f]]);
    }
}

/* The length of a file's name without its image endings. */
static size_t stem(const char *name)
{
    static const char *const endings[] = {".nii.gz", ".nii", ".hdr.gz", ".hdr", ".img.gz", ".img"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && !strcasecmp(name + n - m, endings[i]))
            return n - m;
    }
    return n;
}

/* The paths of the i-th input's outputs. */
static vv_status name_outputs(study *s, int i)
{
    static const char *const endings[FOLDERS] = {"", ".nii.gz", ".png", ".json"};
    const char *in = s->args->operand[i], *slash = strrchr(in, '/'), *name = slash ? slash + 1 : in;
    if (!*name)
        return cli_fail(VV_E_USAGE, "--study takes files; one of the inputs ends in a slash");
    for (int f = 0; f < FOLDERS; f++) {
        const char *folder = s->args->value[folder_option[f]];
        size_t length = f == OUT ? strlen(name) : stem(name);
        if (folder && asprintf(&s->paths[f][i], "%s/%.*s%s", folder, (int)length, name, endings[f]) < 0) {
            s->paths[f][i] = NULL;
            return cli_fail(VV_E_RESOURCE, "out of memory; free some and try again");
        }
    }
    s->items[i] = (vv_study_item){.size = sizeof *s->items,
                                  .in = in,
                                  .out = s->paths[OUT][i],
                                  .mask_path = s->paths[MASK][i],
                                  .preview_path = s->paths[PREVIEW][i],
                                  .fiducials_path = s->paths[FIDUCIALS][i]};
    return VV_OK;
}

static vv_status check_report(const study *s)
{
    vv_status status = cli_report_check(s->args);
    for (int f = 0; f < FOLDERS; f++) {
        for (int i = 0; i < s->args->operands && !status; i++)
            status = cli_report_check_apart(s->args, s->paths[f][i]);
    }
    return status;
}

static void say_done(const cli_args *a, const vv_report *report)
{
    if (a->quiet)
        return;
    if (!strcmp(vv_report_verdict(report), "no_face"))
        cli_say("no_face: there was no face to remove in any series; all are passed on unchanged");
    else
        cli_say("clean: every series is done and verified; the outputs are in place");
}

static vv_status run(const study *s, cli_job *job, vv_engine *engine)
{
    const cli_args *a = s->args;
    vv_deface_options opt = a->deface;
    opt.quarantine_dir = a->value[OPT_QUARANTINE];
    opt.protect_path = a->value[OPT_PROTECT];
    opt.apply_path = a->value[OPT_APPLY_MASK];
    opt.on_report = cli_on_report;
    vv_report *report = NULL;
    vv_err err = {0};
    vv_status status = vv_deface_study(engine, s->items, a->operands, &opt, &report, &err);
    status = cli_job_end(job, status, &err);
    if (!status)
        say_done(a, report);
    vv_report_destroy(&report);
    return status;
}

static vv_status open_and_run(const study *s)
{
    cli_job job;
    vv_engine *engine = NULL;
    vv_status status = cli_job_open(&job, s->args, &engine);
    if (!status)
        status = run(s, &job, engine);
    vv_engine_destroy(&engine);
    return status;
}

int cli_study(const cli_args *a)
{
    if (a->operands < 1)
        return cli_fail(VV_E_USAGE, "deface --study DIR takes one input or more; see voxveil deface --help");
    study *s = calloc(1, sizeof *s);
    if (!s)
        return cli_fail(VV_E_RESOURCE, "out of memory; free some and try again");
    s->args = a;
    vv_status status = VV_OK;
    for (int i = 0; i < a->operands && !status; i++)
        status = name_outputs(s, i);
    if (!status)
        status = make_folders(s);
    if (!status)
        status = check_report(s);
    if (!status)
        status = open_and_run(s);
    remove_folders(s);
    for (int f = 0; f < FOLDERS; f++) {
        for (int i = 0; i < a->operands; i++)
            free(s->paths[f][i]);
    }
    free(s);
    return status;
}
