/* lowpass.h - a low-pass of the voxels that are kept, carried into what is removed (push-pull; kernels/soften.c). */
#ifndef VV_LOWPASS_H
#define VV_LOWPASS_H
#include "grid.h"

#define VV_LOWPASS_MOST 16

/* The levels of the pyramid, finest (about 2 mm) first: cells of {sum, weight}. */
typedef struct vv_lowpass {
    vv_device *dev;
    vv_grid grid; /* shape of the finest level */
    vv_buf *cell[VV_LOWPASS_MOST];
    int32_t dims[VV_LOWPASS_MOST][3];
    int n;
} vv_lowpass;

/* 1, or the 3 or 4 channels of a colour. */
int vv_channels(const vv_volume *v);

/* Takes memory for a frame of v. Release also what failed. */
VV_NODISCARD vv_status vv_lowpass_create(vv_device *dev, const vv_volume *v, vv_lowpass *out, vv_err *err);
void vv_lowpass_release(vv_lowpass *p);

/* Fills cell[0] with {level, 1}, stored units, from one channel of the frame `original`: what has VK_REMOVE does not
 * enter, and counts as `air` where it has VK_AIRY. */
VV_NODISCARD vv_status vv_lowpass_fill(vv_lowpass *p, const vv_volume *v, vv_buf *original, vv_buf *code, int channel,
                                       float air, vv_err *err);

/* Frame voxel to cell along one axis: scale and shift. */
void vv_lowpass_axis(const vv_lowpass *p, int axis, float *scale, float *shift);
#endif
