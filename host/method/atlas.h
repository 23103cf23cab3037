/* atlas.h - the population's head, embedded in the library (models/atlas). */
#ifndef VV_ATLAS_H
#define VV_ATLAS_H
#include "atlas_geometry.h"
#include "device.h"

typedef struct vv_atlas {
    vv_buf *classes; /* class | weight << 5, for the last fit */
    vv_buf *plain;   /* the same with one weight everywhere, for the search */
    vv_buf *fields;  /* VK_FIELDS signed distances */
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

/* Atlas mm to voxel of a grid, row-major 3x4. */
void vv_atlas_class_voxel(double out[12]);
void vv_atlas_field_voxel(double out[12]);
#endif
