/* rest.h - the grid of about 2 mm without what goes. What is put in the place of the face may depend on what stays and
 * on the pose alone; so the levels, the tissue and the air that decide it are found once more, on a grid in which what
 * goes has been overwritten. */
#ifndef VV_REST_H
#define VV_REST_H
#include "levels.h"

typedef struct vv_rest {
    vv_grid grid;     /* as the other, but for what goes: that is as dark as the air */
    vv_buf *code;     /* of vv_skin_find on it, and of vv_region_codes; NULL: not made */
    vv_window window; /* of it */
} vv_rest;

/* g: the grid; code: on it, with VK_REMOVE and VK_BRAIN. Release also what failed. VV_E_RESOURCE: memory. */
VV_NODISCARD vv_status vv_rest_make(vv_device *dev, const vv_grid *g, vv_buf *code, bool negative, vv_rest *out,
                                    vv_err *err);
void vv_rest_release(vv_device *dev, vv_rest *r);
#endif
