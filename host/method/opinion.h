/* opinion.h - a second opinion on a pose: what the trained network says of the head, laid out as the pose has it. */
#ifndef VV_OPINION_H
#define VV_OPINION_H
#include "levels.h"

typedef struct vv_opinion {
    int32_t cells;    /* of 16 mm, in view, that the network calls head; below 12 it has no opinion */
    double median_mm; /* how far the pose puts such a cell from where the network does: median, by the network's own
                         certainty; 1000 without an opinion */
    double worst_mm;  /* the same in the part of the head (front, back, a side, top, bottom) where it is most */
    double share;     /* of these cells, by certainty, that are less than 20 mm apart; 0 without an opinion */
    double score;     /* how sure the network is of itself: about 8 to 10 where it knows the head, less where not, 0
                         without an opinion */
    double pose[12];  /* subject mm to atlas mm: the affine that fits the network best; without an opinion the one
                         given */
} vv_opinion;

/* The network has the head where the pose has it, and knows it when it sees it; `strongly`: by less than usual, in
 * every part. Set on the perturbed heads of bench/heads. */
bool vv_opinion_confirms(const vv_opinion *o);
bool vv_opinion_confirms_strongly(const vv_opinion *o);

/* g: the grid of about 2 mm; code: a grid-sized buffer of zeros, left so; to_atlas: the pose, subject mm to atlas mm.
 * Deterministic to the bit on every device. */
VV_NODISCARD vv_status vv_opinion_form(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                       const double to_atlas[12], vv_opinion *out, vv_err *err);
#endif
