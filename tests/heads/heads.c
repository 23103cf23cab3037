/* heads.c - defaces one file into a folder of its own and asks the judge. */
#include "heads.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <dirent.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

bool bench_open(bench *b, const char *heads, const marks *all, int n_marks)
{
    vv_engine_options options = {.size = sizeof options, .device = "cpu"};
    vv_err err = {0};
    *b = (bench){.heads = heads, .marks = all, .n_marks = n_marks, .folder = "/tmp/voxveil-heads-XXXXXX"};
    if (!mkdtemp(b->folder)) {
        perror("heads: no folder to write to");
        return false;
    }
    if (vv_engine_create(&options, &b->engine, &err) != VV_OK) {
        fprintf(stderr, "heads: %s: %s\n", err.where, err.message);
        rmdir(b->folder);
        return false;
    }
    return true;
}

void bench_close(bench *b)
{
    vv_engine_destroy(&b->engine);
    rmdir(b->folder);
}

/* Deletes what is in the folder, the quarantine's files too. */
static void empty(const char *folder)
{
    char path[PATH_SIZE];
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_DIR) {
            empty(path);
            rmdir(path);
        } else {
            unlink(path);
        }
    }
    if (d)
        closedir(d);
}

static const marks *marks_of(const bench *b, const char *file)
{
    for (int i = 0; i < b->n_marks; i++)
        if (!strcmp(b->marks[i].file, file))
            return &b->marks[i];
    return NULL;
}

void bench_run(const bench *b, const char *file, const char *labels, unsigned with, outcome *out)
{
    char in[PATH_SIZE], brain[PATH_SIZE], output[96], mask[96], quarantine[96];
    vv_report *report = NULL;
    vv_err err = {0};
    *out = (outcome){.fit = -1, .residual_mm2 = -1};
    facts said = {0};
    snprintf(in, sizeof in, "%s/%s", b->heads, file);
    snprintf(brain, sizeof brain, "%s/%s", b->heads, labels ? labels : "");
    snprintf(output, sizeof output, "%s/out.nii.gz", b->folder);
    snprintf(mask, sizeof mask, "%s/mask.nii.gz", b->folder);
    snprintf(quarantine, sizeof quarantine, "%s/quarantine", b->folder);

    vv_deface_options options = {.size = sizeof options, .mask_path = mask, .quarantine_dir = quarantine};
    out->status = vv_deface_file(b->engine, in, output, &options, &report, &err);
    snprintf(out->verdict, sizeof out->verdict, "%s", report ? vv_report_verdict(report) : "none");
    if (report && facts_read(vv_report_json(report), &said)) {
        out->fit = fact_of(&said, "pose_fit", -1);
        out->residual_mm2 = fact_of(&said, "residual_surface_mm2", -1);
        memcpy(out->failed, said.failed, sizeof out->failed);
    }
    vv_report_destroy(&report);
    if (out->status != VV_OK && out->status != VV_E_REVIEW)
        fprintf(stderr, "%s: status %d: %s: %s\n", file, (int)out->status, err.where, err.message);

    marks where = {.file = ""};
    const marks *known = marks_of(b, file);
    for (int i = 0; known && i < MARKS; i++) {
        where.known[i] = known->known[i] && (with >> i & 1);
        memcpy(where.at[i], known->at[i], sizeof where.at[i]);
    }
    if (out->status == VV_OK)
        out->judged = judge(in, output, mask, labels ? brain : NULL, &where, &out->judgement);
    empty(b->folder);
}

int outcome_marks(const outcome *o, unsigned which, mark_answer answer)
{
    int n = 0;
    for (int i = 0; i < MARKS; i++)
        n += (which >> i & 1) && o->judgement.mark[i] == answer;
    return n;
}

bool outcome_wrong(const outcome *o, const char *file)
{
    const judgement *j = &o->judgement;
    int left = outcome_marks(o, ALL_MARKS & ~EAR_MARKS, MARK_LEFT);
    if (o->status != VV_OK || (o->judged && j->same_geometry && !j->outside && !j->brain && !left))
        return false;
    fprintf(stderr, "%s: WRONG with verdict %s:", file, o->verdict);
    if (!o->judged)
        fprintf(stderr, " files that cannot be compared");
    else if (!j->same_geometry)
        fprintf(stderr, " another geometry;");
    if (j->outside)
        fprintf(stderr, " %" PRId64 " voxels changed outside the mask;", j->outside);
    if (j->brain)
        fprintf(stderr, " %" PRId64 " voxels of the brain changed;", j->brain);
    for (int i = 0; i < FACE_MARKS; i++)
        if (j->mark[i] == MARK_LEFT)
            fprintf(stderr, " %s is still there;", mark_name(i));
    fprintf(stderr, "\n");
    return true;
}
