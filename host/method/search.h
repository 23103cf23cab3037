/* search.h - where the head is: the atlas brought to the subject from any start. */
#ifndef VV_SEARCH_H
#define VV_SEARCH_H
#include "levels.h"
#include "pose.h"

typedef struct vv_found {
    vv_pose pose;
    double centre[3];    /* subject mm, what the pose turns about */
    double to_atlas[12]; /* subject mm to atlas mm */
    vv_fit fit;          /* of the last, weighted fit */
    double rival; /* best score, at the middle resolution, of a head turned another way; 0 where none was tried */
    double best;  /* score of the pose at that resolution */
    double disagreement; /* mm: the most that another fit, as good but for 0.002, moves a landmark in view */
} vv_found;

/* g: the grid of about 2 mm; code: a grid-sized buffer of zeros; trusted: the header's orientation is a hint worth
 * something. */
VV_NODISCARD vv_status vv_search(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                                 const vv_atlas *atlas, vv_found *out, vv_err *err);
#endif
