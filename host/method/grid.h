/* grid.h - coarse grids: block means of a volume, still along the volume's own axes. */
#ifndef VV_GRID_H
#define VV_GRID_H
#include "device.h"
#include "volume.h"

typedef struct vv_grid {
    int32_t dims[3];
    int32_t factor[3]; /* voxels of the finer grid per voxel */
    double affine[12]; /* grid voxel to mm */
    double spacing[3]; /* mm */
    vv_buf *level;     /* float, x fastest */
} vv_grid;

static inline int32_t vv_grid_voxels(const vv_grid *g)
{
    return g->dims[0] * g->dims[1] * g->dims[2];
}
/* Groups of K_GROUP (256) lanes for n items. */
static inline uint32_t vv_groups(int64_t n)
{
    return (uint32_t)((n + 255) / 256);
}

/* Shape of the block-mean grid of a grid of `dims` and `affine` with voxels near `target` mm, of at most `most` voxels
 * and `most_dims` along each axis (0: no bound); level stays NULL. */
void vv_grid_shape(const int32_t dims[3], const double affine[12], double target, int64_t most,
                   const int32_t most_dims[3], vv_grid *out);
/* Takes memory for the levels. */
VV_NODISCARD vv_status vv_grid_create(vv_device *dev, vv_grid *g, vv_err *err);
void vv_grid_release(vv_device *dev, vv_grid *g);
/* Mean of one frame of `v` (in device memory `data`, first voxel `first`) times weight into g; added where `add`. */
VV_NODISCARD vv_status vv_grid_from_frame(vv_device *dev, const vv_volume *v, vv_buf *data, int64_t first,
                                          double weight, bool add, vv_grid *g, vv_err *err);
/* A new grid: src with what lies beyond its first `knee` voxels along an axis (from its far end where `turned`) drawn
 * out by `ratio` >= 1; nearest voxels. What lies before the knee stays where it is. */
VV_NODISCARD vv_status vv_grid_stretch(vv_device *dev, const vv_grid *src, int axis, bool turned, int32_t knee,
                                       double ratio, vv_grid *out, vv_err *err);
/* A new grid: these first `knee` voxels alone. */
VV_NODISCARD vv_status vv_grid_part(vv_device *dev, const vv_grid *src, int axis, bool turned, int32_t knee,
                                    vv_grid *out, vv_err *err);
/* Block means of another grid. */
VV_NODISCARD vv_status vv_grid_from_grid(vv_device *dev, const vv_grid *src, vv_grid *g, vv_err *err);
#endif
