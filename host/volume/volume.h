/* volume.h - a stack of voxels with its geometry; knows nothing of files or devices. */
#ifndef VV_VOLUME_H
#define VV_VOLUME_H
#include "err.h"
#include <stdbool.h>

enum { VV_DIM_MAX = 32767 }; /* along x, y, z: what NIfTI-1 can hold, and what device indices are built for */
#define VV_SPACING_MIN 0.001 /* mm; beyond these limits the header's units are wrong, or it is no body part */
#define VV_SPACING_MAX 200.0

typedef struct vv_volume {
    int64_t dims[3]; /* nx, ny, nz, each 1..32767 */
    int64_t frames;  /* product of the dims after the third: times, echoes, directions (>= 1) */
    vv_dtype dtype;
    double slope, inter; /* stored * slope + inter; slope is never 0 here (1 when none was given) */
    double affine[12];   /* row-major 3x4, voxel index to mm, RAS+; finite, determinant not 0 */
    bool affine_trusted; /* false: the header gave none (or only spacing); orientation is then a guess */
    int space; /* which frame the affine leads to: a code of NIfTI's (1 scanner, 2 aligned, 3 Talairach, 4 MNI); 0: none
                */
    double spacing[3]; /* mm per step along x, y, z; > 0 */
    void *data;        /* frames * nz*ny*nx voxels, native byte order, x fastest */
    size_t bytes;      /* of data */
} vv_volume;

size_t vv_dtype_bytes(vv_dtype t);            /* 0 for VV_DT_NONE */
const char *vv_dtype_name(vv_dtype t);        /* "int16", "float32", "rgb24", ... */
int64_t vv_volume_voxels(const vv_volume *v); /* of one frame */
/* Orientation code such as "RAS" or "LPI" from the affine (nearest axes); out holds 4 bytes. */
void vv_volume_orientation(const vv_volume *v, char out[4]);
/* Spacing from the affine's columns (mm). */
void vv_affine_spacing(const double a[12], double spacing[3]);
double vv_affine_det(const double a[12]);
/* false where singular (or nearly: columns within 1e-5 of one plane) or not finite; out may alias a. */
bool vv_affine_invert(const double a[12], double out[12]);
/* The rotation nearest to a matrix (the 3x3 of a 3x4; shifts become 0): the polar factor by Newton's iteration (Higham,
 * SIAM J. Sci. Stat. Comput. 1986). False for what has none, or mirrors. */
bool vv_affine_rotation(const double a[12], double out[12]);
/* out = a after b: out(x) = a(b(x)). out may not alias. */
void vv_affine_compose(const double a[12], const double b[12], double out[12]);
/* dims, dtype, bytes, finite affine: VV_E_REFUSED with the reason. */
VV_NODISCARD vv_status vv_volume_check(const vv_volume *v, vv_err *err);
/* One frame of a VV_DT_F128 volume as stored values in single precision, into out[vv_volume_voxels(v)]: for kernels,
 * which take no 16-byte floats. x87 and IEEE binary128 are told apart by their bytes. VV_E_INTERNAL: another type, no
 * such frame. */
VV_NODISCARD vv_status vv_volume_frame_as_f32(const vv_volume *v, int64_t frame, float *out, vv_err *err);
#endif
