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

/* Slope of the depth across the map along a step of cells, mm per mm; false beside nothing. */
static bool slope(const float *cells, int at, int step, double *out)
{
    float a = cells[at - step], b = cells[at + step];
    *out = ((double)b - (double)a) / (2 * VV_CELL * VV_MAP_MM);
    return a >= 0 && b >= 0;
}

/* Atlas mm of a cell, and the directions of its view: across a step of a pixel, down one, along the ray by 1 mm. */
static void place(int view, int column, int row, double depth, double at[3], double step[3][3])
{
    double origin[3], next[3];
    vv_maps_place(view, column * VV_CELL, row * VV_CELL, depth, origin);
    for (int d = 0; d < 3; ++d) {
        vv_maps_place(view, column * VV_CELL + (d == 0), row * VV_CELL + (d == 1), depth + (d == 2), next);
        for (int k = 0; k < 3; ++k)
            step[d][k] = next[k] - origin[k];
    }
    for (int k = 0; k < 3; ++k) /* the middle of the cell */
        at[k] = origin[k] + 0.5 * (VV_CELL - 1) * (step[0][k] + step[1][k]);
}

bool vv_cells_ways(const float cells[VV_CELLS], int cell, double steep, double way[VV_WAYS])
{
    int view = cell / VV_CELLS_VIEW, row = cell % VV_CELLS_VIEW / VV_CELLS_WIDTH, column = cell % VV_CELLS_WIDTH;
    double across, down, at[3], step[3][3];
    if (row == 0 || column == 0 || row == VV_CELLS_HEIGHT - 1 || column == VV_CELLS_WIDTH - 1 || cells[cell] < 0 ||
        !slope(cells, cell, 1, &across) || !slope(cells, cell, VV_CELLS_WIDTH, &down) ||
        across * across > steep * steep || down * down > steep * steep)
        return false;
    place(view, column, row, (double)cells[cell], at, step);
    for (int k = 0; k < 3; ++k) {
        double shifted = step[2][k] - (across * step[0][k] + down * step[1][k]) / VV_MAP_MM;
        way[k] = VV_WAY_SHIFT * shifted;
        for (int j = 0; j < 3; ++j)
            way[3 + 3 * k + j] = VV_WAY_LINEAR * shifted * at[j];
    }
    return true;
}
