/* face.h - find the face of a volume, take it out, check the result. Launches kernels; touches neither files nor
 * drivers. */
#ifndef VV_FACE_H
#define VV_FACE_H
#include "device.h"
#include "volume.h"

#define VV_GATES_MAX 48

typedef enum vv_verdict { VV_VERDICT_REVIEW = 0, VV_VERDICT_CLEAN, VV_VERDICT_NO_FACE } vv_verdict;

typedef struct vv_gate {
    char name[40];
    double value, limit;
    bool pass;
} vv_gate;

/* Where a head was found, to be carried to other series of the same visit. */
typedef struct vv_face_place vv_face_place;
VV_NODISCARD vv_status vv_face_place_create(vv_face_place **out, vv_err *err);
void vv_face_place_destroy(vv_face_place **place);

/* Where the pose of a series comes from: its own search, another series, or another and a fit of its place to this. */
typedef enum vv_pose_source { VV_POSE_OWN = 0, VV_POSE_CARRIED, VV_POSE_FITTED } vv_pose_source;

typedef struct vv_face_options {
    vv_mode mode;
    uint32_t regions; /* VV_REGION_*, never 0 */
    bool fill_given;
    double fill_value;      /* scaled units */
    const uint8_t *protect; /* a byte per voxel of a frame; what is not 0 is never changed. NULL: none */
    const uint8_t *apply;   /* the same: what goes, in place of the regions at the pose. NULL: the regions */
    /* The same volume (dims, type and frames) as it was cleaned before: judged in place of the result, which it has to
     * be to the bit inside the mask; the data become it. NULL: the result is judged */
    const void *given;
    const vv_face_place *carried; /* found on another series in the same frame of reference; NULL: look for the head */
    bool carried_as_is;           /* its pose is right for this volume, whatever the volume says */
    vv_face_place *place;         /* where to put what was found; NULL: not wanted */
    bool sure_only;               /* where the pose is doubtful, stop after finding: review, the data as they were */
    bool fiducials;               /* nasion and preauricular points are wanted */
} vv_face_options;

/* Points that register the head with other devices, found before the face goes. */
enum { VV_FID_NASION, VV_FID_LPA, VV_FID_RPA, VV_FID_COUNT };
typedef struct vv_fiducial {
    bool in_view;
    bool on_skin; /* brought to the skin; else where the atlas says */
    double mm[3];
} vv_fiducial;

/* Parts of the face whose skin is looked for afterwards, with the ears and the forehead. */
enum {
    VV_PART_BROW,
    VV_PART_EYES,
    VV_PART_NOSE,
    VV_PART_MOUTH,
    VV_PART_CHIN,
    VV_PART_EARS,
    VV_PART_FOREHEAD,
    VV_PARTS
};
typedef struct vv_skin_left {
    bool asked;        /* it was to be removed */
    double skin, left; /* mm^2: of the original; of that, near a surface of the result */
} vv_skin_left;
/* "brow", "eyes", ... */
const char *vv_part_name(int part);

typedef struct vv_face_result {
    vv_verdict verdict;
    char reason[120]; /* why it is not clean; empty when it is */
    double score;     /* 0..1, confidence in the pose */
    vv_pose_source source;
    bool stopped;    /* after finding, for sure_only */
    double pose[16]; /* atlas mm to subject mm, row-major */
    vv_fiducial fiducials[VV_FID_COUNT];
    int64_t voxels_changed;         /* voxels in the mask, times frames */
    int64_t kept;                   /* voxels that would have gone but for `protect`, times frames */
    vv_skin_left surface[VV_PARTS]; /* measured where something was removed */
    vv_gate gates[VV_GATES_MAX];
    int ngates;
    struct {
        double upload, find, remove, verify;
    } ms;
} vv_face_result;

/* Pictures of the job, made on the device for the preview sheet: 8-bit grey, rows top to bottom, all tiles of one size.
 * Tiles: sagittal, coronal, axial slice (subject's own voxels, in the head's frame), front and side rendering of the
 * skin surface; each before and after. */
enum { VV_TILE_SAG, VV_TILE_COR, VV_TILE_AXI, VV_TILE_FRONT, VV_TILE_SIDE, VV_TILES };
#define VV_TILE_SIZE 256
typedef struct vv_face_pictures {
    uint8_t before[VV_TILES][VV_TILE_SIZE * VV_TILE_SIZE];
    uint8_t after[VV_TILES][VV_TILE_SIZE * VV_TILE_SIZE];
} vv_face_pictures;

/* stage: "upload", "find", "remove", "verify"; non-zero return cancels (VV_E_CANCELLED). */
typedef int (*vv_face_progress)(void *user, const char *stage, double fraction);

/* Finds the face on `v` (the mean of its frames), removes it from every frame *in place*, verifies. `mask` (nx*ny*nz
 * bytes, 1 = removed) and `pictures` may be NULL. Returns VV_OK with a verdict whenever the job could be done; on
 * VV_VERDICT_REVIEW the data hold the unproven result (for quarantine), on VV_VERDICT_NO_FACE they are unchanged.
 * Errors: VV_E_RESOURCE (device), VV_E_CANCELLED, VV_E_INTERNAL; the data are then undefined. */
VV_NODISCARD vv_status vv_face_run(vv_device *dev, vv_volume *v, const vv_face_options *opt, vv_face_progress progress,
                                   void *user, vv_face_result *result, uint8_t *mask, vv_face_pictures *pictures,
                                   vv_err *err);

/* Only finds: verdict (CLEAN means a face is there), score and pose; the data stay as they are. */
VV_NODISCARD vv_status vv_face_find(vv_device *dev, const vv_volume *v, vv_face_result *result, vv_err *err);
#endif
