/* beside.h - tissue that lies beside the head: another head, perhaps. */
#ifndef VV_BESIDE_H
#define VV_BESIDE_H
#include "grid.h"

/* *volume: mm^3 of tissue (VK_TISSUE in `code`, one byte per voxel of g) well off the atlas's head and above the chin,
 * under the pose to_atlas (subject mm to atlas mm). VV_E_RESOURCE: memory is out. Thread-safe for different devices. */
VV_NODISCARD vv_status vv_beside_find(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code,
                                      double *volume, vv_err *err);
#endif
