/* attack_maps.h - what an attacker sees of a head: how far away its surface is, in the frame of the atlas.
 *
 * A map is a picture of depths: one ray per pixel, parallel to an axis of the atlas, of a head brought to the atlas by
 * its pose. Three views: from the front (along -y), from the left side (along +x) and from the right (along -x). Rows
 * go from the top of the head (z = VV_MAP_TOP) down, columns from -x to +x (front) and from the back to the front
 * (sides), VV_MAP_MM apart. The depth is mm of the atlas from the plane where the rays begin to the first tissue of the
 * largest piece of tissue, below the voxel where the levels allow. */
#ifndef VV_ATTACK_MAPS_H
#define VV_ATTACK_MAPS_H
#include "device.h"
#include "volume.h"

enum { VV_MAP_FRONT, VV_MAP_LEFT, VV_MAP_RIGHT, VV_MAP_VIEWS };
#define VV_MAP_MM 2.0
#define VV_MAP_WIDTH 124
#define VV_MAP_HEIGHT 112
#define VV_MAP_PIXELS (VV_MAP_WIDTH * VV_MAP_HEIGHT)
#define VV_MAP_TOP 96.0     /* atlas mm, z of the first row */
#define VV_MAP_START 160.0  /* mm from the atlas's origin to the plane where the rays begin */
#define VV_MAP_DEEP 272     /* mm that a ray is followed */
#define VV_MAP_NONE (-1.0f) /* depth where a ray meets nothing */

typedef struct vv_maps {
    float depth[VV_MAP_VIEWS][VV_MAP_PIXELS]; /* mm, or VV_MAP_NONE */
} vv_maps;

/* Maps of the mean of the frames of `v`, for a head whose pose is known: `pose` as in vv_face_result and the report
 * (row-major 4x4, atlas mm to subject mm). Tissue is told from air as when a face is looked for. The same bits on every
 * device. VV_E_REFUSED: a type that the device does not take (128-bit floats), a volume that is no volume. VV_E_USAGE:
 * the pose is singular. VV_E_RESOURCE: memory. */
VV_NODISCARD vv_status vv_maps_make(vv_device *dev, const vv_volume *v, const double pose[16], vv_maps *out,
                                    vv_err *err);

/* What is the same for everybody: which pixels show the face, and where an average head has its surface. */
typedef struct vv_maps_frame {
    /* mm at which the ray leaves what is removed of a head (face and ears), having begun in it: what lies before that
     * is face area, what lies beyond is kept. 0: a pixel that does not look at the face. */
    float reach[VV_MAP_VIEWS][VV_MAP_PIXELS];
    float mean[VV_MAP_VIEWS][VV_MAP_PIXELS]; /* depth of the atlas's head, or VV_MAP_NONE */
} vv_maps_frame;
void vv_maps_frame_make(vv_maps_frame *out);

/* Atlas mm at a pixel of a view and mm along its ray. */
void vv_maps_place(int view, int column, int row, double mm, double at[3]);

/* 8-bit grey pictures of the maps, views side by side, VV_MAP_VIEWS * VV_MAP_WIDTH x VV_MAP_HEIGHT, lit from the
 * viewer's left above; 0 where there is nothing. */
void vv_maps_picture(const vv_maps *m, uint8_t *grey);
#endif
