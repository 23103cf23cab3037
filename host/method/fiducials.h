/* fiducials.h - where the nasion and the preauricular points are. */
#ifndef VV_FIDUCIALS_H
#define VV_FIDUCIALS_H
#include "face.h"
#include "grid.h"

/* The atlas's points under the pose `to_atlas` (subject mm to atlas mm), each moved along the head's own axis (the
 * nasion forwards or back, the others to the side) to the nearest skin within 12 mm. g: the original's grid of about
 * 2 mm; code: its VK_HEAD and VK_OUTSIDE; tissue: the level between air and tissue. */
VV_NODISCARD vv_status vv_fiducials_find(vv_device *dev, const vv_grid *g, vv_buf *code, double tissue,
                                         const double to_atlas[12], vv_fiducial out[VV_FID_COUNT], vv_err *err);
#endif
