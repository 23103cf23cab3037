/* bystanders.h - what stands beside the head: a head rest, a coil, a pillow. */
#ifndef VV_BYSTANDERS_H
#define VV_BYSTANDERS_H
#include "levels.h"

/* Pieces of tissue, not the largest, of 10 cm^3 or more that lie off the atlas's head as to_atlas (subject mm to atlas
 * mm) has it: *alone becomes g with air in their place, the caller's to release; its level is NULL where there are
 * none. code: a grid-sized buffer of zeros, left so. */
VV_NODISCARD vv_status vv_bystanders_clear(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                           const double to_atlas[12], vv_grid *alone, vv_err *err);
#endif
