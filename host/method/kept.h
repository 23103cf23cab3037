/* kept.h - what the voxels that are kept say of air and tissue, so that what is removed can be refilled to match. Only
 * kept voxels are read, at places that the pose and the mask decide: two images that differ in what is removed alone
 * give the same answers. Host memory only. */
#ifndef VV_KEPT_H
#define VV_KEPT_H
#include "volume.h"

#define VV_KEPT_MOST 8192 /* places of each kind */
#define VV_KEPT_LEVELS 5  /* of deep tissue outside the brain, by mean T1 */
#define VV_KEPT_CHANNELS 4

/* Where to look: voxels of a frame. */
typedef struct vv_kept {
    int32_t *air, *head; /* off the atlas's head; inside it */
    uint8_t *level;      /* of head[i]: 0..VV_KEPT_LEVELS-1, or VV_KEPT_LEVELS where it has none */
    int n_air, n_head;
    const uint8_t *code; /* borrowed */
} vv_kept;

/* What one frame says, in stored units of each channel. */
typedef struct vv_kept_levels {
    int32_t *air_at; /* voxels of the frame that are air; n_air of them */
    float *table;    /* of channel c from c * (n_air + n_grain) on: their levels, then differences of tissue */
    int n_air, n_grain;
    float air[VV_KEPT_CHANNELS], tissue[VV_KEPT_CHANNELS]; /* medians */
    float low[VV_KEPT_CHANNELS], high[VV_KEPT_CHANNELS];   /* 2nd and 98th percentile of the tissue */
    float level[VV_KEPT_CHANNELS][VV_KEPT_LEVELS];         /* medians; of a level too rare, its neighbour's */
} vv_kept_levels;

/* code: a byte per voxel of a frame, which must stay where it is as long as `out` is used; what has VK_REMOVE is not
 * kept. to_atlas: subject mm to atlas mm. Release also what failed. VV_E_RESOURCE: out of memory. */
VV_NODISCARD vv_status vv_kept_find(const vv_volume *v, const uint8_t *code, const double to_atlas[12], vv_kept *out,
                                    vv_err *err);
void vv_kept_release(vv_kept *k);

/* Looks at one frame of v->data, of a type of up to 8 bytes. ct: levels are Hounsfield units, and no air is below
 * -1150. Where hardly any air is found, n_air is 0 and air[] is 0. Release also what failed. VV_E_RESOURCE: out of
 * memory. */
VV_NODISCARD vv_status vv_kept_measure(const vv_volume *v, int64_t frame, const vv_kept *k, bool ct,
                                       vv_kept_levels *out, vv_err *err);
void vv_kept_levels_release(vv_kept_levels *l);

/* The hash of kernels/refill.c. */
uint32_t vv_hash_u32(uint32_t x);
#endif
