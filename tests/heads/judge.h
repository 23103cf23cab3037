/* judge.h - looks at a defaced file from outside: reads with the NIfTI C library alone and knows nothing of how the
 * face was found. */
#ifndef JUDGE_H
#define JUDGE_H
#include <stdbool.h>
#include <stdint.h>

enum { MARK_NASION, MARK_NOSE, MARK_EYE_L, MARK_EYE_R, MARK_MOUTH, MARK_CHIN, MARK_EAR_L, MARK_EAR_R, MARKS };
#define FACE_MARKS MARK_EAR_L /* those before it lie on the face */
#define EAR_MARKS ((1u << MARK_EAR_L) | (1u << MARK_EAR_R))
#define ALL_MARKS ((1u << MARKS) - 1)

/* Where the landmarks of one file are, in mm (NIfTI world). */
typedef struct marks {
    char file[96]; /* below heads/ */
    double at[MARKS][3];
    bool known[MARKS];
} marks;

/* A mark is not judged when it is unknown, out of the field of view, or when the original has no tissue there. */
typedef enum mark_answer { MARK_NOT_JUDGED, MARK_GONE, MARK_LEFT } mark_answer;

typedef struct judgement {
    bool same_geometry; /* dims, spacing, dtype, scaling, forms, units and byte order */
    int64_t changed;    /* voxels whose bytes differ, over all frames */
    int64_t outside;    /* of these, outside the mask */
    int64_t brain;      /* of these, where the labels are above 0 */
    double threshold;   /* between air and tissue */
    mark_answer mark[MARKS];
} judgement;

/* Reads landmarks.csv. *out is released with free. Returns how many files it names, or -1. */
int marks_read(const char *path, marks **out);
const char *mark_name(int mark);

/* Compares the files. `labels` may be NULL (no brain known), `where` too (no landmark known). False when a file cannot
 * be read or their grids do not belong together; a line on standard error says which. */
bool judge(const char *original, const char *output, const char *mask, const char *labels, const marks *where,
           judgement *out);
#endif
