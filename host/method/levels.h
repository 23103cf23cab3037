/* levels.h - what the grey levels of a grid say: air, tissue, and the window between. */
#ifndef VV_LEVELS_H
#define VV_LEVELS_H
#include "grid.h"

/* Two-pass 1024-bin quantiles of the levels whose code has (code & bits) == want; q ascending in 0..1, out as many
 * levels. `counted` (may be NULL) is how many voxels that were; with none, out is 0. */
VV_NODISCARD vv_status vv_quantiles(vv_device *dev, const vv_grid *g, vv_buf *code, int bits, int want, const double *q,
                                    int n, double *out, int64_t *counted, vv_err *err);

typedef struct vv_window {
    double air, bright; /* 2nd and 98th percentile; air is -1000 for CT */
    double tissue;      /* threshold between air and tissue: above the noise of the air */
    bool ct;            /* Hounsfield units: air below -500 in quantity */
} vv_window;

/* The level between air and tissue for a window: -350 HU (between air or foam and fat) for CT, else 14 % of the way. */
double vv_tissue_threshold(double air, double bright, bool ct);

/* code: any grid-sized buffer of zeros. negative: the levels of g were turned over, and are no Hounsfield units. */
VV_NODISCARD vv_status vv_window_find(vv_device *dev, const vv_grid *g, vv_buf *code, bool negative, vv_window *out,
                                      vv_err *err);

/* Whether the picture is a negative, its air bright: most corners of the field of view are. code: as above. */
VV_NODISCARD vv_status vv_is_negative(vv_device *dev, const vv_grid *g, vv_buf *code, bool *out, vv_err *err);
#endif
