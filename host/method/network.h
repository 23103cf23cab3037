/* network.h - the trained network (models/localiser): where in the atlas each part of a cube about the head lies. */
#ifndef VV_NETWORK_H
#define VV_NETWORK_H
#include "grid.h"

#define VV_CUBE_SIDE 64   /* voxels of the cube along each axis */
#define VV_CUBE_STEP 4.0  /* mm */
#define VV_CELL_SIDE 16   /* cells along each axis */
#define VV_CELL_STEP 16.0 /* mm */
#define VV_CELLS (VV_CELL_SIDE * VV_CELL_SIDE * VV_CELL_SIDE)

/* What the network says of the middle of a cell. */
typedef struct vv_cell {
    double atlas[3];  /* mm */
    double log_error; /* natural logarithm of the error that it expects / 100 mm, the sum over the axes; -4..2 */
    double head;      /* above 0: head, not air */
} vv_cell;

/* Place of a cell in the cube's frame, mm from its middle along each axis; index 0..VV_CELL_SIDE - 1. */
static inline double vv_cell_mm(int index)
{
    return (index - 0.5 * (VV_CELL_SIDE - 1)) * VV_CELL_STEP;
}

/* g: a grid of about VV_CUBE_STEP mm. air, top: its levels that become 0 and the most that the network tells apart;
 * what lies outside the grid is air. frame: mm in the cube's frame to subject mm, row-major 3x4. cells: VV_CELLS, x
 * fastest. The same bits on every device. VV_E_RESOURCE: the device's memory is out. */
VV_NODISCARD vv_status vv_network_run(vv_device *dev, const vv_grid *g, double air, double top, const double frame[12],
                                      vv_cell *cells, vv_err *err);
#endif
