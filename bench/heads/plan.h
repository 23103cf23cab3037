/* plan.h - which heads, and what is done to each. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H
#include "list.h"
#include "perturb.h"
#include <stdint.h>

typedef struct plan_head {
    char file[96], labels[96]; /* below heads/; labels: empty where there is no parcellation */
    const head *what;
    int number; /* among all heads, whichever were chosen */
} plan_head;

typedef struct plan_item {
    int head; /* in plan.heads */
    int which[2], n;
    int order; /* of the axes */
    char name[48];
} plan_item;

typedef struct plan {
    plan_head *heads;
    int n_heads;
    plan_item *items; /* those of a head stand together */
    int n_items;
} plan;

typedef struct plan_options {
    const char *heads; /* "ixi", "others", "all" or part of a file's name */
    const char *only;  /* names with commas between, "a+b" for a pair; NULL: every single one */
    bool no_singles;
    int pairs, every;
    uint64_t seed;
} plan_options;

/* False: a line on standard error says why. */
bool plan_make(const char *folder, const plan_options *o, plan *out);
void plan_free(plan *p);
#endif
