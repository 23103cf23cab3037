/* score.h - one head through the library, and what is true of the answer. */
#ifndef BENCH_SCORE_H
#define BENCH_SCORE_H
#include "facts.h"
#include "scene.h"

typedef enum judged {
    JUDGED_RIGHT,
    JUDGED_REVIEW, /* not right, but it says so */
    JUDGED_WRONG,
    JUDGED_ERROR,   /* no verdict at all */
    JUDGED_SKIPPED, /* nothing was run */
    JUDGED_KINDS
} judged;
extern const char *const judged_names[JUDGED_KINDS];

typedef struct score {
    judged judged;
    vv_status status;
    char verdict[16], why[208]; /* why: what is wrong with it */
    mark_answer mark[MARKS];
    int64_t brain, outside; /* voxels of the brain and outside the mask that changed, over all frames */
    double pose_err;        /* mm; -1: not known */
    facts facts;
} score;

/* Runs the library on the scene and judges what comes back. mask: NULL, or room for the mask. */
void score_scene(vv_engine *engine, const scene *s, uint8_t *mask, score *out);
/* Judges stored voxels before and after, and the mask, by the verdict in *out; fills judged, why, mark, brain, outside.
 */
void score_judge(const scene *s, const void *before, const void *after, const uint8_t *mask, score *out);
#endif
