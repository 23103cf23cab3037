/* loose.h - tissue that is left in the air, away from the head. */
#ifndef VV_LOOSE_H
#define VV_LOOSE_H
#include "grid.h"

/* code: VK_TISSUE on the grid g. A piece (6-connected) that is not the largest is loose where most of it lies off the
 * atlas's head by over 8 mm, above the neck and before the ears (what lies behind may be a rest of the head; a face
 * that wrapped around to there is looked for as a ghost), and is no neck that wrapped around. to_atlas: subject mm to
 * atlas mm. *most: mm^3 of the largest of them.
 */
VV_NODISCARD vv_status vv_loose_tissue(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code,
                                       double *most, vv_err *err);
#endif
