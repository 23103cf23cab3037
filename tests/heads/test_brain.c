/* test_brain - only the brain stays: people whose brain is labelled, and two series of other contrasts.
 *
 *   test_brain DATA
 *
 * Every 12th head of heads/ixi: no labelled voxel is changed, the file is clean, and what stays is hardly more than
 * what is labelled. Then an EPI (4-D) and a CT, which have no labels: the library must come to an end and say the same
 * of every frame. */
#include "voxels.h"
#include "voxveil.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77, EVERY = 12, IXI_HEADS = 10, PATH = 4096 };
#define DICE_LEAST 0.82 /* of what stays with the labels; the least of the 119 people is 0.835 */

static char folder[] = "/tmp/voxveil-brain-XXXXXX";
static char out[64], mask[64], quarantine[64];

/* Voxels labelled, kept, and both; of the labelled, how many changed. */
typedef struct overlap {
    int64_t labelled, kept, both, lost;
} overlap;

static bool count(const char *in, const char *labels, overlap *o)
{
    nifti_image *a = nifti_image_read(in, 1), *b = nifti_image_read(out, 1), *m = nifti_image_read(mask, 1);
    nifti_image *l = nifti_image_read(labels, 1);
    bool ok = a && b && m && l && a->nvox == b->nvox && a->nvox == m->nvox && a->nvox == l->nvox;
    *o = (overlap){0};
    for (int64_t i = 0; ok && i < a->nvox; i++) {
        bool brain = voxel_value(l, i) > 0, kept = voxel_value(m, i) <= 0;
        o->labelled += brain;
        o->kept += kept;
        o->both += brain && kept;
        o->lost += brain && voxel_value(a, i) != voxel_value(b, i);
    }
    nifti_image_free(a);
    nifti_image_free(b);
    nifti_image_free(m);
    nifti_image_free(l);
    return ok;
}

static vv_status strip(vv_engine *engine, const char *in, char verdict[16])
{
    vv_deface_options opt = {
        .size = sizeof opt, .mode = VV_MODE_BRAIN, .mask_path = mask, .quarantine_dir = quarantine, .force = 1};
    vv_report *report = NULL;
    vv_err err = {0};
    vv_status status = vv_deface_file(engine, in, out, &opt, &report, &err);
    snprintf(verdict, 16, "%s", report ? vv_report_verdict(report) : "none");
    vv_report_destroy(&report);
    if (status != VV_OK && status != VV_E_REVIEW)
        fprintf(stderr, "brain: %s: %s\n", err.where, err.message);
    return status;
}

static bool labelled_head(vv_engine *engine, const char *in)
{
    static const char ending[] = "_T1.nii.gz";
    char labels[PATH], verdict[16];
    overlap o;
    snprintf(labels, sizeof labels, "%.*s_T1_DLMUSE.nii.gz", (int)(strlen(in) - strlen(ending)), in);
    if (strip(engine, in, verdict) || strcmp(verdict, "clean") || !count(in, labels, &o))
        return false;
    double dice = 2.0 * (double)o.both / (double)(o.labelled + o.kept);
    printf("labelled voxels changed %lld, dice %.3f\n", (long long)o.lost, dice);
    return o.labelled > 0 && !o.lost && o.both == o.labelled && dice >= DICE_LEAST;
}

static bool other_head(vv_engine *engine, const char *heads, const char *name)
{
    char in[PATH], verdict[16];
    snprintf(in, sizeof in, "%s/%s", heads, name);
    vv_status status = strip(engine, in, verdict);
    printf("%s: %s\n", name, verdict);
    return (status == VV_OK && !strcmp(verdict, "clean")) || status == VV_E_REVIEW;
}

static void clean_up(void)
{
    char pattern[80];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*", quarantine);
    if (!glob(pattern, 0, NULL, &found))
        for (size_t i = 0; i < found.gl_pathc; i++)
            unlink(found.gl_pathv[i]);
    globfree(&found);
    unlink(out);
    unlink(mask);
    rmdir(quarantine);
    rmdir(folder);
}

static int run(vv_engine *engine, const char *heads, const glob_t *ixi)
{
    int heads_seen = 0, failed = 0;
    for (size_t i = 0; i < ixi->gl_pathc; i += EVERY, heads_seen++)
        failed += !labelled_head(engine, ixi->gl_pathv[i]);
    failed += !other_head(engine, heads, "epi_me_fmri_uint16_4d.nii.gz");
    failed += !other_head(engine, heads, "gehispeed_CT_tilt.nii.gz");
    printf("%d heads with labels, %d failed\n", heads_seen, failed);
    return heads_seen == IXI_HEADS && !failed ? 0 : 1;
}

int main(int argc, char **argv)
{
    char heads[2048], pattern[PATH];
    vv_engine_options options = {.size = sizeof options, .device = "cpu"};
    vv_engine *engine = NULL;
    vv_err err = {0};
    glob_t ixi;
    snprintf(heads, sizeof heads, "%s/heads", argc > 1 ? argv[1] : "");
    snprintf(pattern, sizeof pattern, "%s/ixi/*_T1.nii.gz", heads);
    if (glob(pattern, 0, NULL, &ixi)) {
        printf("skipped: the data set is not there\n");
        return SKIPPED;
    }
    int code = 1;
    if (!mkdtemp(folder) || vv_engine_create(&options, &engine, &err)) {
        fprintf(stderr, "brain: no folder or no engine: %s\n", err.message);
    } else {
        snprintf(out, sizeof out, "%s/out.nii.gz", folder);
        snprintf(mask, sizeof mask, "%s/mask.nii.gz", folder);
        snprintf(quarantine, sizeof quarantine, "%s/quarantine", folder);
        code = run(engine, heads, &ixi);
        clean_up();
    }
    vv_engine_destroy(&engine);
    globfree(&ixi);
    return code;
}
