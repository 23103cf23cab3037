/* pictures.h - the tiles of the preview sheet. */
#ifndef VV_PICTURES_H
#define VV_PICTURES_H
#include "face.h"
#include "levels.h"

/* Slices through the head's frame from one frame of voxels (device memory), and renderings of the surface of `g` (its
 * levels at the same state), into tiles[VV_TILES]. sign: -1 where the volume is a negative and g, window are turned
 * over, else 1. to_atlas: subject mm to atlas mm. */
VV_NODISCARD vv_status vv_pictures_make(vv_device *dev, const vv_volume *v, vv_buf *data, const vv_grid *g,
                                        const vv_window *window, double sign, const double to_atlas[12],
                                        uint8_t (*tiles)[VV_TILE_SIZE * VV_TILE_SIZE], vv_err *err);
#endif
