/* mask.h - a mask that lies on a grid of its own, brought to another. */
#ifndef VV_MASK_H
#define VV_MASK_H
#include "volume.h"

/* How a mask's voxels become those of another grid. */
typedef enum vv_mask_rule {
    VV_MASK_TOUCH,  /* set where any part of a set voxel lies in the voxel, or might: errs on the side of more */
    VV_MASK_NEAREST /* set where the centre lies in a set voxel */
} vv_mask_rule;

/* bytes[i] = 1 where the mask `m` is above 0 (scaled units; not a number is not) in any of its frames, else 0, for each
 * voxel of a frame. *set: how many are. VV_E_REFUSED: colours and 16-byte floats are no masks. */
VV_NODISCARD vv_status vv_mask_bytes(const vv_volume *m, uint8_t *bytes, int64_t *set, vv_err *err);

/* Brings `bytes`, on the grid of `m`, to the grid of `v`: by the affines where both headers give one, voxel to voxel
 * where one gives none and the dimensions are equal. out: a byte per voxel of a frame of v, 0 or 1; *set: how many are
 * 1. VV_E_REFUSED: the grids have nothing to do with each other, or do not overlap. */
VV_NODISCARD vv_status vv_mask_bring(const vv_volume *m, const uint8_t *bytes, const vv_volume *v, vv_mask_rule rule,
                                     uint8_t *out, int64_t *set, vv_err *err);
#endif
