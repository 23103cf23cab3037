/* user_mask.h - masks that the user brings: what goes in place of the regions, and what must not be touched. */
#ifndef VV_USER_MASK_H
#define VV_USER_MASK_H
#include "device.h"

/* Rewrites VK_REMOVE in `code` (n bytes, of vk_region_mask): where `apply` is not 0 instead of where it is, and nowhere
 * that `protect` is not 0. Either may be NULL, a host's n bytes else. *removed: voxels that have it then; *kept: those
 * that do not have it for the sake of `protect` alone. */
VV_NODISCARD vv_status vv_user_masks(vv_device *dev, int64_t n, const uint8_t *apply, const uint8_t *protect,
                                     vv_buf *code, int64_t *removed, int64_t *kept, vv_err *err);

/* How many voxels are set in `mark` (a byte each) and VK_TISSUE in `code`. */
VV_NODISCARD vv_status vv_tissue_left(vv_device *dev, int64_t n, vv_buf *mark, vv_buf *code, int64_t *voxels,
                                      vv_err *err);
#endif
