/* heads.h - one head through the library, and what the judge says of it. */
#ifndef HEADS_H
#define HEADS_H
#include "facts.h"
#include "judge.h"
#include "voxveil.h"

typedef struct bench {
    vv_engine *engine;
    const char *heads;  /* the folder of the heads */
    const marks *marks; /* of every file that has any */
    int n_marks;
    char folder[64]; /* for what is written; emptied after each head */
} bench;

typedef struct outcome {
    vv_status status;
    bool judged;                            /* the library gave a file and the judge could read it */
    char verdict[16], failed[FACTS_FAILED]; /* the report's word, and the names of the gates that failed */
    double fit, residual_mm2;               /* of the gates; -1: no such gate */
    judgement judgement;
} outcome;

/* Opens the engine (cpu) and an empty folder. False: a line on standard error says why. */
bool bench_open(bench *b, const char *heads, const marks *all, int n_marks);
void bench_close(bench *b);

/* Defaces heads/`file`, judges the result and deletes it. `with` is the set of landmarks to judge (bits); `labels` may
 * be NULL. */
void bench_run(const bench *b, const char *file, const char *labels, unsigned with, outcome *out);

/* How many of the landmarks of `which` (bits) got this answer. */
int outcome_marks(const outcome *o, unsigned which, mark_answer answer);
/* The outcome is not what a file at the output path promises: geometry, voxels outside the mask, brain, or a face that
 * is still there. Says so in a line on standard error. */
bool outcome_wrong(const outcome *o, const char *file);
#endif
