/* table.c - rates for each perturbation and in all, and every item that is not right. */
#include "table.h"
#include <stdlib.h>
#include <string.h>

#define POSE_FINE 10.0 /* mm */

typedef struct tally {
    int n[JUDGED_KINDS];
    int review_fine; /* of the reviews: the pose was right all the same */
    double *ms;      /* of those that were run */
    int runs;
} tally;

static bool control(const plan_head *h)
{
    return !strcmp(h->what->face, "PHANTOM");
}

static void count(tally *t, const score *s)
{
    t->n[s->judged]++;
    t->review_fine += s->judged == JUDGED_REVIEW && s->pose_err >= 0 && s->pose_err <= POSE_FINE;
    if (s->judged != JUDGED_SKIPPED)
        t->ms[t->runs++] = s->facts.total_ms;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void write_tally(FILE *f, const char *name, tally *t)
{
    if (t->runs + t->n[JUDGED_SKIPPED] == 0)
        return;
    qsort(t->ms, (size_t)t->runs, sizeof *t->ms, ascending);
    fprintf(f, "| %s | %d | %d | %d | %d | %d | %d | %d | %.1f | %.0f |\n", name, t->runs, t->n[JUDGED_RIGHT],
            t->n[JUDGED_REVIEW], t->review_fine, t->n[JUDGED_WRONG], t->n[JUDGED_ERROR], t->n[JUDGED_SKIPPED],
            t->runs ? 100.0 * t->n[JUDGED_RIGHT] / t->runs : 0, t->runs ? t->ms[t->runs / 2] : 0);
}

/* The items of n perturbations, one of them `which` (-1: any), as one line. */
static void line(FILE *f, const plan *p, const row *rows, const char *name, int n, int which)
{
    tally t = {.ms = need((size_t)p->n_items, sizeof(double))};
    for (int i = 0; i < p->n_items; i++) {
        const plan_item *item = &p->items[i];
        bool wanted = item->n == n && (which < 0 || item->which[0] == which || item->which[1] == which);
        if (wanted && rows[i].done && !control(&p->heads[item->head]))
            count(&t, &rows[i].score);
    }
    write_tally(f, name, &t);
    free(t.ms);
}

static void lines(FILE *f, const plan *p, const row *rows, int n)
{
    fprintf(f,
            "| %s | n | right | review | of these, pose fine | WRONG | error | skipped | rate %% | median ms |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n",
            n == 1 ? "alone" : "in a pair with another");
    for (int k = 0; k < perturbations_n; k++)
        line(f, p, rows, perturbations[k].name, n, k);
    line(f, p, rows, n == 1 ? "**all alone**" : "**all pairs**", n, -1);
    fprintf(f, "\n");
}

static void not_right(FILE *f, const plan *p, const row *rows)
{
    fprintf(f, "Not right:\n\n| head | kind | perturbation | answer | pose off mm | gates failed | why |\n"
               "|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < p->n_items; i++) {
        const plan_head *h = &p->heads[p->items[i].head];
        const score *s = &rows[i].score;
        if (!rows[i].done || control(h) || s->judged == JUDGED_RIGHT || s->judged == JUDGED_SKIPPED)
            continue;
        fprintf(f, "| %s | %s | %s | %s | ", h->file, h->what->kind, p->items[i].name, judged_names[s->judged]);
        if (s->pose_err >= 0)
            fprintf(f, "%.0f", s->pose_err);
        fprintf(f, " | %s | %s |\n", s->facts.failed, s->judged == JUDGED_REVIEW ? "" : s->why);
    }
    fprintf(f, "\n");
}

static void controls(FILE *f, const plan *p, const row *rows)
{
    int n = 0, right = 0;
    for (int i = 0; i < p->n_items; i++) {
        const score *s = &rows[i].score;
        if (!control(&p->heads[p->items[i].head]) || !rows[i].done || s->judged == JUDGED_SKIPPED)
            continue;
        n++;
        right += s->judged == JUDGED_RIGHT;
        if (s->judged != JUDGED_RIGHT)
            fprintf(f, "- control %s, %s: %s\n", p->heads[p->items[i].head].file, p->items[i].name, s->verdict);
    }
    fprintf(f, "- controls (no head at all, must be kept back): %d of %d right\n", right, n);
}

void table_write(FILE *f, const plan *p, const row *rows)
{
    lines(f, p, rows, 1);
    lines(f, p, rows, 2);
    not_right(f, p, rows);
    controls(f, p, rows);
}
