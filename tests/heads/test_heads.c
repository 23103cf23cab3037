/* test_heads ixi|others DATA [--table]
 *
 * Defaces real heads and judges each file that the library lets through. Exits with 77 without the data set. --table
 * prints what docs/heads.md shows. */
#include "heads.h"
#include "list.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77 };

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
        snprintf(file, sizeof file, "%s.nii.gz", heads_others[i].file);
        bench_run(b, file, NULL, ALL_MARKS & ~heads_others[i].unusable, &o);
        add(t, &heads_others[i], &o, file);
        if (table)
            print_row(&heads_others[i], &o);
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
    ixi_head *all;
    int n = heads_ixi(b->heads, &all);
    for (int i = 0; i < n; i++) {
        outcome o;
        bench_run(b, all[i].file, all[i].labels, ALL_MARKS, &o);
        add(t, &head_of_ixi, &o, all[i].file);
    }
    free(all);
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
