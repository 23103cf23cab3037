/* check.h - every kernel, shape, variant and fill, in two rungs that are never mixed: meaning (the slowest CPU level
 * against the naive reference, within a budget) and bits (everything else against the slowest CPU level, byte for
 * byte). */
#ifndef CHECK_H
#define CHECK_H
#include "cpu.h"

typedef struct check_tally {
    long cases, comparisons, failures;
} check_tally;

/* What stands against the base level. */
typedef struct check_plan {
    const vv_cpu_level *base; /* the reference for bits */
    const vv_cpu_level *const
        *levels;                  /* run group by group, NULL at the end; groups and lanes backwards where reversed */
    const vv_cpu_level *reversed; /* or NULL */
    vv_device **devices;          /* run through the backend table */
    int ndevices;
    bool meaning;
    const char *only; /* one kernel's name, or NULL */
} check_plan;

/* Every case; prints each failure (the first 40). A kernel without a case or a stored digest is a failure. */
void check_run(const check_plan *plan, check_tally *t);
/* The stored digests against this device. */
void check_digests(vv_device *dev, const char *only, check_tally *t);
/* Counts a failure and prints one line. */
void check_fail(check_tally *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
