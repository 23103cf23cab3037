/* table.h - results as CSV and as a summary in Markdown. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H
#include "plan.h"
#include "score.h"
#include <stdio.h>

typedef struct row {
    score score;
    const char *truth; /* "labels": landmarks and brain of the data set; "marks": landmarks alone; "own": neither */
    bool done;
} row;

void csv_heading(FILE *f);
void csv_row(FILE *f, const plan_head *h, const plan_item *item, const row *r);
/* Rates for each perturbation and in all, and every item that is not right. */
void table_write(FILE *f, const plan *p, const row *rows);
#endif
