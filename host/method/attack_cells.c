/* attack_cells.c - from pixels to cells. */
#include "attack_cells.h"

/* What a pixel shows of the area, or VV_MAP_NONE. */
static float look(const vv_maps_frame *frame, const vv_maps *maps, int view, int i, vv_attack_area area, bool fill)
{
    float depth = maps->depth[view][i], reach = frame->reach[view][i], mean = frame->mean[view][i];
    bool face = reach > 0, hidden = face && (depth < 0 || depth >= reach);
    if (area == VV_AREA_FACE)
        return !face ? VV_MAP_NONE : !hidden ? depth : fill && mean >= 0 ? mean : reach;
    if (mean < 0 || (area == VV_AREA_REST && face))
        return VV_MAP_NONE;
    return hidden && fill ? mean : depth;
}

void vv_cells_make(const vv_maps_frame *frame, const vv_maps *maps, vv_attack_area area, bool fill, float out[VV_CELLS])
{
    for (int cell = 0; cell < VV_CELLS; ++cell) {
        int view = cell / VV_CELLS_VIEW, row = cell % VV_CELLS_VIEW / VV_CELLS_WIDTH, column = cell % VV_CELLS_WIDTH;
        float sum = 0;
        int n = 0;
        for (int k = 0; k < VV_CELL * VV_CELL; ++k) {
            int i = (row * VV_CELL + k / VV_CELL) * VV_MAP_WIDTH + column * VV_CELL + k % VV_CELL;
            float depth = look(frame, maps, view, i, area, fill);
            sum += depth >= 0 ? depth : 0;
            n += depth >= 0;
        }
        out[cell] = n > 0 ? sum / (float)n : VV_MAP_NONE;
    }
}
