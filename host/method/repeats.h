/* repeats.h - faint copies of the face half a field of view away, as a phase error from line to line makes them
 * (Nyquist or N/2 ghosts). */
#ifndef VV_REPEATS_H
#define VV_REPEATS_H
#include "grid.h"

/* For each axis of the grid g: do the levels of the kept air, half a field of view from what goes, follow the levels of
 * what goes? Then the places there whose counterpart is in the atlas's head and goes are marked. Places are air where
 * the atlas has no head within 8 mm and above the neck; nothing else is ever marked. code: bits of vk_region_mask on g;
 * to_atlas: subject mm to atlas mm. *mark: as vv_ghosts_find leaves it; marks are added, in a new buffer where it was
 * NULL. */
VV_NODISCARD vv_status vv_repeats_find(vv_device *dev, const vv_grid *g, vv_buf *code, const double to_atlas[12],
                                       vv_buf **mark, vv_err *err);
#endif
