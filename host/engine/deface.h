/* deface.h - the part of a defacing job that files and memory share. */
#ifndef VV_DEFACE_H
#define VV_DEFACE_H
#include "engine.h"
#include "face.h"

/* The options, checked, with every default filled in. NULL means all defaults. VV_E_USAGE says what is wrong. */
VV_NODISCARD vv_status vv_deface_options_check(const vv_deface_options *opt, vv_deface_options *out, vv_err *err);

/* Runs the method on `v` in place. On VV_OK the verdict holds every gate's answer: a failed gate is never "clean". */
VV_NODISCARD vv_status vv_deface_volume(vv_engine *e, vv_volume *v, const vv_deface_options *opt,
                                        vv_face_result *result, uint8_t *mask, vv_face_pictures *pictures, vv_err *err);

/* Adds a gate that passes when value <= limit; a failure turns the verdict to review with `reason`. VV_E_INTERNAL when
 * the result has no room left. */
VV_NODISCARD vv_status vv_deface_gate(vv_face_result *result, const char *name, double value, double limit,
                                      const char *reason, vv_err *err);

/* "clean", "no_face", "review". */
const char *vv_verdict_name(vv_verdict verdict);
#endif
