/* faceless.h - heads whose face is not there: taken out before, or dark. */
#ifndef VV_FACELESS_H
#define VV_FACELESS_H
#include "search.h"

/* Where the pose found puts a face into what is air, the atlas's face would draw the fit: the head is fitted again with
 * the face and the neck left out of the atlas. Where that explains the rest clearly better, *found is replaced, and the
 * atlas's `classes` and `faceless` are exchanged: the fits that follow leave the face out too. code: as for vv_search.
 */
VV_NODISCARD vv_status vv_faceless_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                       bool trusted, vv_atlas *atlas, vv_found *found, vv_err *err);
#endif
