/* verification.h - the gates: is the brain whole, is nothing else changed, is the face gone? */
#ifndef VV_VERIFICATION_H
#define VV_VERIFICATION_H
#include "grid.h"
#include "face.h"

/* Adds to counts: [0] voxels that changed outside the mask, [1] brain voxels that changed, [2] masked voxels that
 * changed, of one frame, before and after, both from voxel 0. */
VV_NODISCARD vv_status vv_compare_frame(vv_device *dev, const vv_volume *v, vv_buf *before, vv_buf *after, vv_buf *code,
                                        int64_t counts[3], vv_err *err);

/* Skin of the original about the landmarks of each part of the face that `regions` take away, and the part of it that
 * still has a surface of the result within 2 mm (of the forehead: at its own place). before: code with VK_SKIN; after:
 * code with VK_TISSUE; both on the grid g. out: VV_PARTS of them. */
VV_NODISCARD vv_status vv_residual_surface(vv_device *dev, const vv_grid *g, const double to_atlas[12],
                                           uint32_t regions, vv_buf *before, vv_buf *after, vv_skin_left *out,
                                           vv_err *err);

/* A gate for each part that was asked for, and one for all of them. */
void vv_judge_surface(vv_face_result *r);

void vv_gate_add(vv_face_result *r, const char *name, double value, double limit, bool pass);
#endif
