/* flatten.h - takes the slow brightness of a surface coil out of a coarse grid. */
#ifndef VV_FLATTEN_H
#define VV_FLATTEN_H
#include "grid.h"

/* Each tissue voxel's level above `air` is divided by the mean of the tissue's within 32 mm (a box); air becomes 0.
 * Done on the host: these grids are small. */
VV_NODISCARD vv_status vv_flatten(vv_device *dev, vv_grid *g, double air, double tissue, vv_err *err);
#endif
