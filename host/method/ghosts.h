/* ghosts.h - parts of the face that wrapped around: where the field of view cuts through the face, what lay beyond it
 * stands again at the opposite border. */
#ifndef VV_GHOSTS_H
#define VV_GHOSTS_H
#include "grid.h"

/* code: bits of vk_skin and vk_region_mask on the grid g. Where tissue that is to be removed reaches a border of g, the
 * pieces of tissue in the air that touch the opposite border are ghosts; they are marked with a voxel around them.
 * *mark is NULL where there are none, else a new buffer of one byte per grid voxel, the caller's.
 * *volume: of the pieces, mm^3. */
VV_NODISCARD vv_status vv_ghosts_find(vv_device *dev, const vv_grid *g, vv_buf *code, vv_buf **mark, double *volume,
                                      vv_err *err);

/* Adds what is marked to the mask of a volume of `dims`, of which g is the block mean; brain stays. *added: voxels. */
VV_NODISCARD vv_status vv_ghosts_add(vv_device *dev, const vv_grid *g, const int32_t dims[3], vv_buf *mark,
                                     vv_buf *code, uint32_t *added, vv_err *err);
#endif
