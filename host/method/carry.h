/* carry.h - a pose found on one series of a visit, brought to another. */
#ifndef VV_CARRY_H
#define VV_CARRY_H
#include "face.h"
#include "search.h"

struct vv_face_place {
    vv_found found;
};

/* Asks the series (grid g, its code of zeros, its window) what it says of the pose `carried`:
 *  - it shows nothing to find a head by: the pose as it is (result->source VV_POSE_CARRIED);
 *  - it agrees: the pose as it is, or its place fitted where the head moved a little (VV_POSE_FITTED);
 *  - anything else: result->source stays VV_POSE_OWN, and the series must be searched by itself.
 * *found and the gates of the first two are filled in. */
VV_NODISCARD vv_status vv_carry_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                    const vv_atlas *atlas, const vv_face_place *carried, vv_found *found,
                                    vv_face_result *result, vv_err *err);
#endif
