/* pressed.h - heads whose upper slices lie farther apart than the file says. */
#ifndef VV_PRESSED_H
#define VV_PRESSED_H
#include "search.h"

/* Slices of a CT are often thicker from the base of the skull upwards, and a file that knows only one spacing shows the
 * crown pressed flat: no pose fits all of such a head, and what a fit finds in between is wrong at the face. So *found
 * is fitted again to the part of g below the crown alone. Where that explains this part much better, *found becomes
 * that fit, right for what is not pressed: face, ears and the base of the skull; and *drawn a grid for who wants to see
 * a whole head at this pose: g with the head above drawn out as fits it best, the caller's to release. Else *found
 * stays, and drawn->level is NULL. code: as for vv_search. */
VV_NODISCARD vv_status vv_pressed_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                      bool trusted, const vv_atlas *atlas, vv_found *found, vv_grid *drawn,
                                      vv_err *err);
#endif
