/* refill.h - puts air with its noise, tissue with its grain, or the average face in the place of what is removed. */
#ifndef VV_REFILL_H
#define VV_REFILL_H
#include "face.h"
#include "kept.h"

typedef struct vv_refill {
    vv_device *dev;
    const vv_volume *v;
    vv_mode mode;
    bool ct;
    double air;    /* scaled; where no air is in view */
    vv_buf *pairs; /* borrowed: how far inside what goes, on the atlas's grid */
    vv_buf *face;  /* the average head */
    int32_t face_dims[3];
    double to_field[12]; /* frame voxel to field voxel */
    uint8_t *code;
    vv_kept kept;
} vv_refill;

/* Whether the mode makes its own fill for all of the mask, and not for ghosts alone. */
static inline bool vv_refill_whole(vv_mode mode)
{
    return mode == VV_MODE_NOISE || mode == VV_MODE_REFACE;
}

/* What stays the same for all frames of v. code: the mask on the device; pairs: of vv_region_pairs, borrowed. air
 * (scaled): for a field of view without any; ct: its levels are Hounsfield units. Release also what failed.
 * VV_E_RESOURCE: memory. */
VV_NODISCARD vv_status vv_refill_create(vv_device *dev, const vv_volume *v, vv_mode mode, bool ct, double air,
                                        vv_buf *code, vv_buf *pairs, const double to_atlas[12], vv_refill *out,
                                        vv_err *err);
void vv_refill_release(vv_refill *r);

/* Rewrites one frame, `data` on the device. VV_MODE_NOISE, VV_MODE_REFACE: all of the mask; else only ghosts, which
 * become air. original: the frame before, on the device; v->data must still hold it too. What is written depends on
 * kept voxels, the mask and the pose alone, and on the number of the frame. */
VV_NODISCARD vv_status vv_refill_frame(vv_refill *r, int64_t frame, vv_buf *original, vv_buf *data, vv_buf *code,
                                       vv_err *err);
#endif
