/* beside.c - tissue that lies beside the head: another head, perhaps. */
#include "beside.h"
#include "alloc.h"
#include "atlas.h"
#include "params.h"

#define OFF_HEAD 20.0  /* mm from the atlas's head: hair, cushions and a wrong size lie nearer */
#define ABOVE (-100.0) /* mm in the atlas: the chin; shoulders and arms lie below */
enum { STRIDE = 2 };   /* voxels */

static double height_of(const double to_atlas[12], const double affine[12], const double at[3])
{
    double mm[3], z = to_atlas[11];
    for (int r = 0; r < 3; ++r) {
        mm[r] = affine[4 * r] * at[0] + affine[4 * r + 1] * at[1] + affine[4 * r + 2] * at[2] + affine[4 * r + 3];
        z += to_atlas[8 + r] * mm[r];
    }
    return z;
}

static int64_t count(const vv_grid *g, const double to_atlas[12], const uint8_t *code)
{
    const int32_t *d = g->dims;
    double m[12];
    int64_t voxels = 0;
    vv_atlas_grid_matrix(g->affine, to_atlas, m);
    for (int z = 0; z < d[2]; z += STRIDE)
        for (int y = 0; y < d[1]; y += STRIDE)
            for (int x = 0; x < d[0]; x += STRIDE) {
                double at[3] = {x, y, z};
                if (code[((int64_t)z * d[1] + y) * d[0] + x] & VK_TISSUE &&
                    vv_atlas_field_mm(VK_FIELD_HEAD, vv_atlas_field_index(m, at)) < -OFF_HEAD &&
                    height_of(to_atlas, g->affine, at) > ABOVE)
                    ++voxels;
            }
    return voxels * STRIDE * STRIDE * STRIDE;
}

vv_status vv_beside_find(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code, double *volume,
                         vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    uint8_t *bytes = vv_malloc(n, 1);
    vv_status s = bytes ? vv_download(dev, bytes, code, 0, n, err)
                        : vv_fail(err, VV_E_RESOURCE, "beside", "out of memory; free some and try again");
    *volume = s ? 0 : (double)count(g, to_atlas, bytes) * g->spacing[0] * g->spacing[1] * g->spacing[2];
    vv_free(bytes);
    return s;
}
