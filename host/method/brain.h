/* brain.h - the subject's brain, for the mode that keeps nothing else. */
#ifndef VV_BRAIN_H
#define VV_BRAIN_H
#include "levels.h"

/* Finds the surface of the brain on the grid g (block means of about 2 mm) from the pose `to_atlas` (subject mm to
 * atlas mm). *pairs: for vv_region_codes, a new buffer, the caller's: all but the brain and its margin goes; as "brain"
 * count what lies deeper than VV_BRAIN_CORE in the atlas's. *shape: mm (root mean square) by which this brain's surface
 * moves against the atlas's, apart from growing or shrinking as a whole. VV_E_RESOURCE: memory is out. */
VV_NODISCARD vv_status vv_brain_find(vv_device *dev, const vv_grid *g, const vv_window *window,
                                     const double to_atlas[12], vv_buf **pairs, double *shape, vv_err *err);

#define VV_BRAIN_CORE 3.0 /* mm */
#endif
