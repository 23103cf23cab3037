/* run.h - the plan, carried out. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H
#include "plan.h"
#include "table.h"
#include "truth.h"

typedef struct run_options {
    const char *folder; /* of the heads */
    const char *dump;   /* folder for the perturbed volumes, or NULL */
    FILE *csv;          /* or NULL; lines stand in the order of the plan */
    int jobs;
    uint64_t seed;
} run_options;

/* Fills rows[plan->n_items]. False: a line on standard error says why. */
bool run_plan(const plan *p, const truth *t, const run_options *o, row *rows);
/* The pose that the library finds on each untouched head, as lines for truth_open. */
bool run_poses(const plan *p, const run_options *o, FILE *out);
#endif
