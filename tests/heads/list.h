/* list.h - the heads of the data set, in words of its catalogue. */
#ifndef HEADS_LIST_H
#define HEADS_LIST_H
#include "judge.h"

typedef enum expectation {
    CLEAN,             /* there is a face: it must be found, removed and proven */
    CLEAN_OR_NO_FACE,  /* no face to speak of in view: either answer is right */
    REVIEW_OR_NO_FACE, /* no head at all: nothing may be called clean */
    NOT_WRONG          /* any answer but a wrong file */
} expectation;

typedef struct head {
    const char *file, *kind, *face; /* as the data set's catalogue has them; file without .nii.gz */
    expectation expected;
    unsigned unusable; /* landmarks (bits) that are not judged; why stands beside */
} head;

enum { OTHERS = 39, IXI_HEADS = 119 };
extern const head heads_others[OTHERS];
extern const head head_of_ixi; /* what is true of each of them; without a file */

/* A file of heads/ixi: its name below heads/ and that of its parcellation. */
typedef struct ixi_head {
    char file[96], labels[96];
} ixi_head;
/* Those in `heads`/ixi in the order of their names. *out is released with free. Returns how many. */
int heads_ixi(const char *heads, ixi_head **out);
#endif
