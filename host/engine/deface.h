/* deface.h - the part of a defacing job that files and memory share. */
#ifndef VV_DEFACE_H
#define VV_DEFACE_H
#include "engine.h"
#include "face.h"
#include "mask.h"

/* The options, checked, with every default filled in. NULL means all defaults. VV_E_USAGE says what is wrong. */
VV_NODISCARD vv_status vv_deface_options_check(const vv_deface_options *opt, vv_deface_options *out, vv_err *err);

/* What checked options mean to the method; masks are left to the caller. */
vv_face_options vv_deface_method(const vv_deface_options *opt);

/* Reads the mask file `path` and brings it to the grid of v. *bytes: a byte per voxel of a frame, 0 or 1, the caller's,
 * released with vv_free. what: err's where, "protect" or "apply-mask". VV_E_REFUSED: no mask, an empty one, or one that
 * has nothing to do with v. */
VV_NODISCARD vv_status vv_deface_mask_read(vv_engine *e, const char *path, const char *what, const vv_volume *v,
                                           vv_mask_rule rule, uint8_t **bytes, vv_err *err);

/* Runs the method on `v` in place. On VV_OK the verdict holds every gate's answer: a failed gate is never "clean". */
VV_NODISCARD vv_status vv_deface_volume(vv_engine *e, vv_volume *v, const vv_face_options *method,
                                        vv_face_result *result, uint8_t *mask, vv_face_pictures *pictures, vv_err *err);

/* Adds a gate that passes when value <= limit; a failure turns the verdict to review with `reason`. VV_E_INTERNAL when
 * the result has no room left. */
VV_NODISCARD vv_status vv_deface_gate(vv_face_result *result, const char *name, double value, double limit,
                                      const char *reason, vv_err *err);

/* "clean", "no_face", "review". */
const char *vv_verdict_name(vv_verdict verdict);
#endif
