/* skin.h - the head's surface on the grid of about 2 mm. */
#ifndef VV_SKIN_H
#define VV_SKIN_H
#include "levels.h"

/* Writes, for each grid voxel, VK_TISSUE, VK_HEAD (the largest piece of tissue), VK_OUTSIDE (air from which the border
 * of the grid can be reached without passing a gap of less than about 8 mm) and VK_SKIN into `code`; other bits are
 * rubbish. */
VV_NODISCARD vv_status vv_skin_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err);

/* Only VK_TISSUE; other bits are 0. */
VV_NODISCARD vv_status vv_tissue_find(vv_device *dev, const vv_grid *g, double tissue, vv_buf *code, vv_err *err);
#endif
