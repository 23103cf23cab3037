/* atlas.h - the population's head, embedded in the library (models/atlas). */
#ifndef VV_ATLAS_H
#define VV_ATLAS_H
#include "atlas_geometry.h"
#include "device.h"
#include <stdbool.h>

typedef struct vv_atlas {
    vv_buf *classes;  /* class | weight << 5, for the last fit */
    vv_buf *faceless; /* as classes, without the face: for heads that have none */
    vv_buf *plain;    /* the same with one weight everywhere, for the search */
    vv_buf *fields;   /* VK_FIELDS signed distances */
} vv_atlas;

enum {
    VV_LM_NASION,
    VV_LM_NOSE,
    VV_LM_EYE_L,
    VV_LM_EYE_R,
    VV_LM_MOUTH,
    VV_LM_CHIN,
    VV_LM_EAR_L,
    VV_LM_EAR_R,
    VV_LM_COUNT
};
extern const float vv_atlas_landmarks[VV_LM_COUNT][3]; /* atlas mm */

/* Puts the atlas on the device. VV_E_RESOURCE: its memory is out. */
VV_NODISCARD vv_status vv_atlas_upload(vv_device *dev, vv_atlas *out, vv_err *err);
void vv_atlas_release(vv_device *dev, vv_atlas *atlas);

/* On the host: the nearest voxel of a field (VK_FIELD_*), mm, positive inside. False outside the atlas's box. */
bool vv_atlas_field_at(int field, const double mm[3], double *out);
/* The tissue class at the nearest voxel, 0..31; 0 outside the box. From VV_CLASS_DEEP on: deep tissue outside the
 * brain, in runs of five levels of mean T1. */
int vv_atlas_class_at(const double mm[3]);
#define VV_CLASS_DEEP 14
/* Mean T1 of these levels, 128 = median of the brain. */
#define VV_ATLAS_LEVEL_COUNT 5
extern const float vv_atlas_levels[VV_ATLAS_LEVEL_COUNT];

/* The average face, for vk_refill: a new buffer, the caller's, of dims[3] pairs of bytes {T1, 128 + mm inside the head
 * * VK_FIELD_SCALE}. */
VV_NODISCARD vv_status vv_atlas_upload_face(vv_device *dev, vv_buf **out, int32_t dims[3], vv_err *err);
/* Field voxel to its voxel along each axis: scale, shift. */
void vv_atlas_face_axes(float out[6]);

/* How deep a cell of the grid of fields (x fastest) lies in the atlas's brain, and how far beyond the brain's surface,
 * as brain.c finds it, labelled brain was seen near there (models/atlas/build_brain.py); mm. */
double vv_atlas_brain_mm(int cell);
double vv_atlas_brain_margin(int cell);

/* Atlas mm to voxel of a grid, row-major 3x4. */
void vv_atlas_class_voxel(double out[12]);
void vv_atlas_field_voxel(double out[12]);

/* Voxel of a grid of `affine` (to subject mm) to voxel of the fields, under the pose to_atlas (subject mm to atlas mm).
 */
void vv_atlas_grid_matrix(const double affine[12], const double to_atlas[12], double out[12]);

/* On the host: the nearest voxel of the fields to m * at (m: row-major 3x4 to field voxels; held inside the box, so
 * that what reaches an edge goes on beyond it), and a field's signed distance there, mm, positive inside. */
int64_t vv_atlas_field_index(const double m[12], const double at[3]);
double vv_atlas_field_mm(int field, int64_t index);
/* How high that voxel lies in the atlas (z, mm). */
double vv_atlas_field_height(int64_t index);
#endif
