/* ghosts.h - parts of the face that wrapped around: where the field of view cuts through the face, what lay beyond it
 * stands again at the opposite border. */
#ifndef VV_GHOSTS_H
#define VV_GHOSTS_H
#include "grid.h"

/* code, rest: bits of vk_skin and vk_region_mask on the grid g, and the same of the grid without what goes (rest.h).
 * Where what is to be removed of the atlas's head reaches a border of g, a place at the opposite side is a ghost's if
 * it lies off the atlas's head and, one field of view further on, in its face or ears and not in its brain. Where
 * tissue that would stay stands at such places, all of them are marked: the shape of the mark says nothing of the
 * subject but the pose, nor does the face say whether there is one. to_atlas: subject mm to atlas mm. *mark is NULL
 * where there are none, else a new buffer of one byte per grid voxel, the caller's. *volume: of the tissue there, mm^3,
 * with what goes anyway. */
VV_NODISCARD vv_status vv_ghosts_find(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code,
                                      vv_buf *rest, vv_buf **mark, double *volume, vv_err *err);

/* Adds what is marked to the mask of a volume of `dims`, of which g is the block mean; brain stays. *added: voxels. */
VV_NODISCARD vv_status vv_ghosts_add(vv_device *dev, const vv_grid *g, const int32_t dims[3], vv_buf *mark,
                                     vv_buf *code, uint32_t *added, vv_err *err);
#endif
