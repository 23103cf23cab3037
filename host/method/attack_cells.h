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

/* The ways in which a pose may be a little off: a shift along x, y, z, then a linear map of the head, row by row. */
#define VV_WAYS 12
#define VV_WAY_SHIFT 2.0   /* mm, likely errors of its place */
#define VV_WAY_LINEAR 0.02 /* of its turn, size and shear, mm per mm */
/* What each of these errors does to the depth of a cell of a surface (mm): where the surface moves by u, the depth
 * grows by u along the ray, less the slopes times u across it. False: the cell or a neighbour shows nothing, it lies at
 * the edge of a view, or it slopes by more than `steep` mm per mm. */
bool vv_cells_ways(const float cells[VV_CELLS], int cell, double steep, double way[VV_WAYS]);
#endif
