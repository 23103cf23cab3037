/* attack_match.h - how alike two heads are, however exactly they were posed. */
#ifndef VV_ATTACK_MATCH_H
#define VV_ATTACK_MATCH_H
#include "attack_cells.h"

/* score[p * known + k]: how alike probe p and known scan k are, higher is more. Both come as cells (VV_CELLS each).
 *
 * Each known surface is given the 12 ways in which a pose can be a little off (a shift, a linear map of the head), as
 * what they do to its depths: for a surface that moves by u, the depth grows by u along the ray, less the slopes times
 * u across it. The probe's difference from it is brought as near as these ways allow, as far as poses are likely to be
 * off (2 mm, 0.02 mm per mm), twice, with differences held to 6 mm; what is left, squared and held so, is the distance.
 * It is the point-to-plane step of Chen and Medioni (Image Vision Comput. 1992) for all pairs. False: memory is out. */
bool vv_match(const float *known, int n_known, const float *probe, int n_probe, double *score);
#endif
