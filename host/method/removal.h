/* removal.h - what goes, and what stands there afterwards. */
#ifndef VV_REMOVAL_H
#define VV_REMOVAL_H
#include "atlas.h"
#include "face.h"
#include "grid.h"

/* Nothing within this of the atlas's own brain is removed, whatever the regions say (mm). */
#define VV_BRAIN_GUARD 2.0

/* What goes and what is brain, on the atlas's own grid: pairs for vv_region_codes, a new buffer, the caller's. where:
 * 0, VK_IN_HEAD or VK_OFF_HEAD. */
VV_NODISCARD vv_status vv_region_pairs(vv_device *dev, const vv_atlas *atlas, uint32_t regions, int where,
                                       vv_buf **pairs, vv_err *err);

/* One byte per voxel of a grid of `dims` and `affine` (voxel to mm): `bit` where the pairs say so under the pose
 * `to_atlas` (subject mm to atlas mm), and VK_BRAIN, beside the bits `keep`. counts: voxels with `bit`, brain. */
VV_NODISCARD vv_status vv_region_codes(vv_device *dev, vv_buf *pairs, const int32_t dims[3], const double affine[12],
                                       const double to_atlas[12], int keep, int bit, vv_buf *code, uint32_t counts[2],
                                       vv_err *err);

/* The stored bytes of the level `value` (scaled units): rounded to nearest and held to the type's range; grey for
 * colours. */
void vv_fill_pattern(const vv_volume *v, double value, uint8_t pattern[16]);

/* Whether the level (scaled units) is in the range of the stored type. */
bool vv_fill_fits(const vv_volume *v, double value);

/* Overwrites what has VK_REMOVE in one frame of `data`. */
VV_NODISCARD vv_status vv_fill_frame(vv_device *dev, const vv_volume *v, vv_buf *data, vv_buf *code,
                                     const uint8_t pattern[16], vv_err *err);
/* The same with a low-pass of what is kept, and of `air` (scaled units) where VK_AIRY is; `original` is the frame
 * before, and is only read where it is kept. */
VV_NODISCARD vv_status vv_soften_frame(vv_device *dev, const vv_volume *v, vv_buf *original, vv_buf *data, vv_buf *code,
                                       double air, vv_err *err);
#endif
