/* components.h - connected pieces of a grid. */
#ifndef VV_COMPONENTS_H
#define VV_COMPONENTS_H
#include "device.h"

typedef struct vv_components {
    vv_device *dev;
    int32_t dims[3], n;
    uint32_t rows[3];      /* groups of a launch by rows */
    vv_buf *label, *sizes; /* int32 label per voxel (-1: none); a word per label: its size, or its flag */
} vv_components;

VV_NODISCARD vv_status vv_components_create(vv_device *dev, const int32_t dims[3], vv_components *out, vv_err *err);
void vv_components_release(vv_components *c);

/* Labels the 6-connected pieces of the voxels with (code & bits) == want; a label is the lowest index of its piece. */
VV_NODISCARD vv_status vv_components_label(vv_components *c, vv_buf *code, int bits, int want, vv_err *err);
/* code |= bit on the largest piece (the lowest label of several as large; nothing where there is no piece). */
VV_NODISCARD vv_status vv_components_pick_largest(vv_components *c, vv_buf *code, int bit, vv_err *err);
/* sizes[label] = 1 for each piece that touches one of the `borders` (VK_BORDER_*), else 0. */
VV_NODISCARD vv_status vv_components_flag_borders(vv_components *c, int borders, vv_err *err);
/* code |= bit on the flagged pieces. */
VV_NODISCARD vv_status vv_components_pick_flagged(vv_components *c, vv_buf *code, int bit, vv_err *err);
#endif
