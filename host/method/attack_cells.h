/* attack_cells.h - maps as vectors: means of 2 x 2 pixels, of the part of the maps that an attack looks at. */
#ifndef VV_ATTACK_CELLS_H
#define VV_ATTACK_CELLS_H
#include "attack.h"

#define VV_CELL 2 /* pixels of a map along each side */
#define VV_CELLS_WIDTH (VV_MAP_WIDTH / VV_CELL)
#define VV_CELLS_HEIGHT (VV_MAP_HEIGHT / VV_CELL)
#define VV_CELLS_VIEW (VV_CELLS_WIDTH * VV_CELLS_HEIGHT)
#define VV_CELLS (VV_MAP_VIEWS * VV_CELLS_VIEW)

/* Depths (mm) of the cells of an area, view after view; VV_MAP_NONE where the cell is not of the area or shows nothing.
 * In the face area, what lies beyond its reach counts as the reach: what is kept is none of the face. Of the head, all
 * pixels count where an average head is. fill: where nothing lies in the face area, the average head is taken. */
void vv_cells_make(const vv_maps_frame *frame, const vv_maps *maps, vv_attack_area area, bool fill,
                   float out[VV_CELLS]);
#endif
