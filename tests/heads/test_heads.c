/* test_heads ixi|others DATA [--table]
 *
 * Defaces real heads and judges each file that the library lets through. Exits with 77 without the data set. --table
 * prints what docs/heads.md shows. */
#include "heads.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IXI_HEADS = 119, SKIPPED = 77 };

typedef enum expectation {
    CLEAN,             /* there is a face: it must be found, removed and proven */
    CLEAN_OR_NO_FACE,  /* no face to speak of in view: either answer is right */
    REVIEW_OR_NO_FACE, /* no head at all: nothing may be called clean */
    NOT_WRONG          /* any answer but a wrong file */
} expectation;

typedef struct head {
    const char *file, *kind, *face; /* as the data set's catalogue has them */
    expectation expected;
    unsigned unusable; /* landmarks (bits) that are not judged; why stands beside */
} head;

#define EAR_L (1u << MARK_EAR_L)
#define EAR_R (1u << MARK_EAR_R)

static const head others[] = {
    {"allineate_MNI152_T1_2mmEXT_avgface", "T1", "FULL", CLEAN, 0},
    {"allineate_T1w_2mm", "T1", "FULL", CLEAN, 0},
    {"allineate_T1w_ARC2017_DEFACED", "T1", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"allineate_T2w_1x1x2", "T2", "PARTIAL", CLEAN, 0},
    {"allineate_fmri_epi", "EPI", "FAINT", CLEAN_OR_NO_FACE, 0},
    {"bisweb_sag_2mm", "T1", "FULL", CLEAN, 0},
    {"bisweb_sag_2mm_DEFACED_ref", "T1", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"brainchop_t1_crop_LIA", "T1", "PARTIAL", CLEAN, 0},
    {"chris_t1_mricron_176", "T1", "FULL", CLEAN, 0},
    {"colin27_ch2_1mm", "T1", "PARTIAL", CLEAN, 0},
    {"ct_pitch_phantom_uint8", "CT", "PHANTOM", REVIEW_OR_NO_FACE, 0},
    {"dcmqaasl_T1_mprage_CR", "T1", "FULL", CLEAN, 0},
    /* One side of the head is out of view in these two, and the ear with it: its landmark lies on the cut. */
    {"decubitus_T1fl2d_HFDL_CR", "T1", "PARTIAL", CLEAN, EAR_R},
    {"decubitus_T1fl2d_HFDR_CR", "T1", "PARTIAL", CLEAN, EAR_L},
    {"decubitus_T1fl2d_HFP_CR", "T1", "FULL", CLEAN, 0},
    {"decubitus_T1fl2d_HFS_CR", "T1", "FULL", CLEAN, 0},
    {"dwi_toshiba_rotated_4d", "DWI", "PARTIAL", NOT_WRONG, 0},
    {"epi_me_fmri_uint16_4d", "EPI", "NONE", CLEAN_OR_NO_FACE, 0},
    /* 28 slices from the eyes up, the tilt of the gantry uncorrected: hardly fits better than the other way round. */
    {"gehispeed_CT_tilt", "CT", "PARTIAL", NOT_WRONG, 0},
    {"gre_fieldmap_me_partial", "GRE", "PARTIAL", NOT_WRONG, 0},
    {"niivue_T1_head_ext_1p6mm_uint8", "T1", "FULL", CLEAN, 0},
    {"niivue_otsu_T1", "T1", "PARTIAL", CLEAN, 0},
    {"open_ms_FLAIR_DEFACED", "FLAIR", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"papaya_PD_FSE_axial_obl", "PD", "PARTIAL", CLEAN, 0},
    {"philips_CT_phantom_5mm", "CT", "PHANTOM", REVIEW_OR_NO_FACE, 0},
    {"philipsenh_3DpCASL_4d", "ASL", "FULL", NOT_WRONG, 0},
    {"philipsenh_GRE_fieldmap_e1", "GRE", "FULL", NOT_WRONG, 0},
    {"seg3d_MR_T1_uint8", "T1", "PARTIAL", CLEAN, 0},
    {"spm_single_subj_T1", "T1", "PARTIAL", CLEAN, 0},
    {"spm_template_EPI", "EPI", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_PD", "PD", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_PET", "PET", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_SPECT", "SPECT", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_T2", "T2", "AVERAGE", NOT_WRONG, 0},
    {"torchio_fernando_t2_5p5mm", "T2", "PARTIAL", CLEAN, 0},
    /* Its landmarks are off by 25 mm: that of the mouth lies on the tip of the nose, that of the chin on the lips. */
    {"visiblemale_CT_uint8", "CT", "FULL", CLEAN, ALL_MARKS},
    {"vtk_HeadMRVolume_4mm", "T2", "PARTIAL", CLEAN, 0},
    {"vtk_headsq_CT_lowres", "CT", "LOWER", NOT_WRONG, 0},
    {"xa30_T1tfl_2mm", "T1", "FULL", CLEAN, 0},
};
enum { OTHERS = sizeof others / sizeof others[0] };

typedef struct totals {
    int heads, clean, wrong, unmet, faces_known, faces_gone, faces_left, ears_gone, ears_left;
    int must, done; /* T1, T2, PD and CT with a face in view; of these, clean and without it */
    double worst_fit, worst_residual;
} totals;

static const char *const expectation_names[] = {"clean", "clean or no_face", "review or no_face", "no wrong file"};

static bool met(expectation e, const outcome *o)
{
    bool clean = o->status == VV_OK && !strcmp(o->verdict, "clean");
    bool no_face = o->status == VV_OK && !strcmp(o->verdict, "no_face");
    switch (e) {
    case CLEAN:
        return clean;
    case CLEAN_OR_NO_FACE:
        return clean || no_face;
    case REVIEW_OR_NO_FACE:
        return no_face || o->status == VV_E_REVIEW;
    case NOT_WRONG:
        return clean || no_face || o->status == VV_E_REVIEW;
    }
    return false;
}

static bool listed(const char *word, const char *list)
{
    size_t n = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
    return false;
}

static void add(totals *t, const head *h, const outcome *o, const char *file)
{
    bool wrong = outcome_wrong(o, file), good = met(h->expected, o);
    if (!good)
        fprintf(stderr, "%s: %s (%s), expected %s\n", file, o->verdict, o->failed, expectation_names[h->expected]);
    for (int i = FACE_MARKS; i < MARKS; i++)
        if (o->judgement.mark[i] == MARK_LEFT)
            fprintf(stderr, "%s: %s is left\n", file, mark_name(i));
    t->heads++;
    t->clean += !strcmp(o->verdict, "clean");
    t->wrong += wrong;
    t->unmet += !good;
    t->faces_gone += outcome_marks(o, ALL_MARKS & ~EAR_MARKS, MARK_GONE);
    t->faces_left += outcome_marks(o, ALL_MARKS & ~EAR_MARKS, MARK_LEFT);
    t->ears_gone += outcome_marks(o, EAR_MARKS, MARK_GONE);
    t->ears_left += outcome_marks(o, EAR_MARKS, MARK_LEFT);
    if (listed(h->kind, "T1 T2 PD CT") && listed(h->face, "FULL PARTIAL")) {
        t->must++;
        t->done += !wrong && o->status == VV_OK && !strcmp(o->verdict, "clean");
    }
    if (o->fit < t->worst_fit)
        t->worst_fit = o->fit;
    if (o->residual_mm2 > t->worst_residual)
        t->worst_residual = o->residual_mm2;
}

static void print_marks(const outcome *o, unsigned which)
{
    int gone = outcome_marks(o, which, MARK_GONE), left = outcome_marks(o, which, MARK_LEFT);
    if (gone + left)
        printf(" %d of %d |", gone, gone + left);
    else
        printf(" |");
}

static void print_row(const head *h, const outcome *o)
{
    printf("| %s | %s | %s | %s | %.2f | %.0f |", h->file, h->kind, h->face, o->verdict, o->fit, o->residual_mm2);
    print_marks(o, ALL_MARKS & ~EAR_MARKS);
    print_marks(o, EAR_MARKS);
    printf(" %s |\n", *o->failed ? o->failed : "none");
}

static void run_others(const bench *b, bool table, totals *t)
{
    if (table)
        printf(
            "| file | kind | face | verdict | fit | skin left mm² | face landmarks gone | ears gone | gates failed |\n"
            "|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < OTHERS; i++) {
        char file[96];
        outcome o;
        snprintf(file, sizeof file, "%s.nii.gz", others[i].file);
        bench_run(b, file, NULL, ALL_MARKS & ~others[i].unusable, &o);
        add(t, &others[i], &o, file);
        if (table)
            print_row(&others[i], &o);
        fflush(stdout);
    }
}

/* Every file of the folder is in the table and the other way round. */
static bool table_is_whole(const char *heads)
{
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*.nii.gz", heads);
    size_t n = glob(pattern, 0, NULL, &found) ? 0 : found.gl_pathc;
    if (n != OTHERS)
        fprintf(stderr, "heads: the folder holds %zu files, the test's table %d\n", n, (int)OTHERS);
    globfree(&found);
    return n == OTHERS;
}

static int run_ixi(const bench *b, totals *t)
{
    static const head ixi = {"ixi", "T1", "FULL", CLEAN, 0};
    static const char ending[] = "_T1.nii.gz";
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/ixi/*%s", b->heads, ending);
    int n = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
    for (int i = 0; i < n; i++) {
        char file[96], labels[96];
        outcome o;
        snprintf(file, sizeof file, "ixi/%s", strrchr(found.gl_pathv[i], '/') + 1);
        snprintf(labels, sizeof labels, "%.*s_T1_DLMUSE.nii.gz", (int)(strlen(file) - strlen(ending)), file);
        bench_run(b, file, labels, ALL_MARKS, &o);
        add(t, &ixi, &o, file);
    }
    globfree(&found);
    return n;
}

static void print_totals(const char *set, const totals *t)
{
    printf("%s: %d heads, %d clean, %d wrong, %d not as expected; lowest fit %.2f, most skin left %.0f mm²\n", set,
           t->heads, t->clean, t->wrong, t->unmet, t->worst_fit, t->worst_residual);
    printf("%s: landmarks of the face gone %d of %d, ears gone %d of %d\n", set, t->faces_gone,
           t->faces_gone + t->faces_left, t->ears_gone, t->ears_gone + t->ears_left);
    printf("%s: T1, T2, PD and CT with a face in view: %d of %d clean and without it\n", set, t->done, t->must);
}

static bool at_least(int part, int whole, int percent)
{
    return part * 100 >= whole * percent;
}

/* The landmarks that the table of them gives for the files of this set. */
static int faces_known(const bench *b, bool ixi)
{
    int n = 0;
    for (int i = 0; i < b->n_marks; i++)
        for (int k = 0; k < FACE_MARKS; k++)
            n += b->marks[i].known[k] && !strncmp(b->marks[i].file, "ixi/", 4) == ixi;
    return n;
}

static bool passed(bool ixi, const totals *t)
{
    int ears = t->ears_gone + t->ears_left;
    bool ok =
        !t->wrong && !t->unmet && !t->faces_left && at_least(t->done, t->must, 95) && at_least(t->ears_gone, ears, 95);
    /* A judge that looks at nothing finds nothing wrong: nearly every landmark must have been looked at. */
    int off = ixi ? 0 : FACE_MARKS; /* those of one file, known to be wrong */
    if (!at_least(t->faces_gone + t->faces_left, t->faces_known - off, 95)) {
        fprintf(stderr, "heads: too few landmarks have tissue at them to be judged\n");
        ok = false;
    }
    return ok && (!ixi || t->heads == IXI_HEADS);
}

int main(int argc, char **argv)
{
    if (argc < 3 || (strcmp(argv[1], "ixi") && strcmp(argv[1], "others"))) {
        fprintf(stderr, "usage: test_heads ixi|others DATA [--table]\n");
        return 2;
    }
    bool ixi = !strcmp(argv[1], "ixi"), table = argc > 3 && !strcmp(argv[3], "--table"), ok = false;
    char heads[2048], csv[4096];
    snprintf(heads, sizeof heads, "%s/heads", argv[2]);
    snprintf(csv, sizeof csv, "%s/landmarks.csv", heads);
    marks *all = NULL;
    int n = marks_read(csv, &all);
    if (n < 0) {
        printf("skipped: the data set is not there\n");
        return SKIPPED;
    }
    bench b;
    if (bench_open(&b, heads, all, n)) {
        totals t = {.worst_fit = 1, .faces_known = faces_known(&b, ixi)};
        ok = ixi ? run_ixi(&b, &t) == IXI_HEADS : table_is_whole(heads);
        if (!ixi)
            run_others(&b, table, &t);
        if (table)
            printf("\n");
        print_totals(argv[1], &t);
        ok = passed(ixi, &t) && ok;
        bench_close(&b);
    }
    free(all);
    printf("%s\n", ok ? "PASS" : "FAIL");
    return ok ? 0 : 1;
}
