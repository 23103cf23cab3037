/* dicom_stack.h - slices put together: which of them form one stack, in what order, and where the stack lies. Knows
 * nothing of files. */
#ifndef VV_DICOM_STACK_H
#define VV_DICOM_STACK_H
#include "dicom_slice.h"

/* One regular grid. Where the slices are not evenly spaced (missing ones, two spacings in one series), the grid is as
 * fine as the closest two of them (or nearly), and each plane shows the slice nearest to it. */
typedef struct vv_dicom_stack {
    int64_t slices, times; /* times: how often each place was taken */
    int64_t *slice;        /* owned: [time * slices + place], an index into the list; places along the normal */
    int64_t planes;        /* of the grid; == slices where they are evenly spaced */
    int64_t *plane_slice;  /* owned: the place that each plane shows */
    double affine[12];     /* of the grid */
    bool placed;           /* false: the header gives no geometry; the affine is a guess */
    bool even;             /* evenly spaced, and in one line */
    bool straight;         /* in one line, which need not be perpendicular to the slices (gantry tilt) */
    double tilt;           /* degrees between that line and the slices' normal */
    int64_t doubled;       /* slices left out: the same object a second time */
} vv_dicom_stack;

typedef struct vv_dicom_stacks {
    vv_dicom_stack *all; /* owned, in the order of their first slices */
    int64_t n, room;
} vv_dicom_stacks;

/* Sorts the slices of `list` into stacks. VV_E_REFUSED: too many stacks for one call. */
VV_NODISCARD vv_status vv_dicom_stacks_make(const vv_dicom_slices *list, vv_dicom_stacks *out, vv_err *err);
void vv_dicom_stacks_free(vv_dicom_stacks *s);
#endif
