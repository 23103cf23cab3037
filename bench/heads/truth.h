/* truth.h - what is known of each head before anything is done to it. */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H
#include "list.h"
#include "scene.h"

/* Where a head lies: the pose that the library once found on the untouched head, looked at and kept in a file, so that
 * the truth does not move with the library. */
typedef struct reference {
    char file[96];
    nifti_dmat44 pose; /* atlas mm to mm */
} reference;

typedef struct truth {
    marks *marks;
    int n_marks;
    reference *poses;
    int n_poses;
    scene brain; /* of the atlas: its brain less 4 mm */
} truth;

/* landmarks: the data set's; poses: may be missing; atlas: labels of the atlas. False: a line on standard error. */
bool truth_open(const char *landmarks, const char *poses, const char *atlas, truth *out);
void truth_close(truth *t);
/* NULL: none. */
const reference *truth_pose(const truth *t, const char *file);
/* Gives a head of known pose its landmarks and, where it has none, its brain. Returns whether the landmarks are the
 * data set's; else they are the atlas's. */
bool truth_give(const truth *t, const char *file, unsigned unusable, bool has_brain, scene *s);
#endif
