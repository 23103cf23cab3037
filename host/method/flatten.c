/* flatten.c - local brightness out of a grid. */
#include "flatten.h"
#include "alloc.h"

#define REACH_MM 32.0
#define FLOOR 0.05 /* of the overall mean: where there is hardly tissue near, noise must not be blown up */

/* Sums over 2*reach+1 voxels along one axis, in place; `line` holds the longest axis. */
static void box_sum(double *v, const int32_t d[3], int axis, int32_t reach, double *line)
{
    size_t step = axis == 0 ? 1 : axis == 1 ? (size_t)d[0] : (size_t)d[0] * (size_t)d[1];
    int32_t n = d[axis], na = d[axis == 0 ? 1 : 0], nb = d[axis == 2 ? 1 : 2];
    size_t sa = axis == 0 ? (size_t)d[0] : 1, sb = axis == 2 ? (size_t)d[0] : (size_t)d[0] * (size_t)d[1];
    for (int32_t b = 0; b < nb; ++b)
        for (int32_t a = 0; a < na; ++a) {
            double *row = v + (size_t)a * sa + (size_t)b * sb;
            for (int32_t i = 0; i < n; ++i)
                line[i] = row[(size_t)i * step];
            for (int32_t i = 0; i < n; ++i) {
                double s = 0;
                for (int32_t k = i > reach ? i - reach : 0; k <= i + reach && k < n; ++k)
                    s += line[k];
                row[(size_t)i * step] = s;
            }
        }
}

static void flatten(const vv_grid *g, float *level, double air, double tissue, double *sum, double *count, double *line)
{
    size_t n = (size_t)vv_grid_voxels(g);
    double all = 0, voxels = 0;
    for (size_t i = 0; i < n; ++i) {
        count[i] = level[i] > tissue ? 1 : 0;
        sum[i] = level[i] > tissue ? level[i] - air : 0;
        all += sum[i], voxels += count[i];
    }
    for (int axis = 0; axis < 3; ++axis) {
        int32_t reach = (int32_t)(REACH_MM / g->spacing[axis] + 0.5);
        box_sum(sum, g->dims, axis, reach, line);
        box_sum(count, g->dims, axis, reach, line);
    }
    double least = voxels > 0 ? FLOOR * all / voxels : 0;
    for (size_t i = 0; i < n; ++i) {
        double mean = count[i] > 0 ? sum[i] / count[i] : 0;
        level[i] = level[i] > tissue && mean + least > 0 ? (float)((level[i] - air) / (mean + least)) : 0.0f;
    }
}

vv_status vv_flatten(vv_device *dev, vv_grid *g, double air, double tissue, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    int32_t longest = g->dims[0] > g->dims[1] ? g->dims[0] : g->dims[1];
    float *level = vv_malloc(n, sizeof *level);
    double *sum = vv_malloc(n, sizeof *sum), *count = vv_malloc(n, sizeof *count);
    double *line = vv_malloc((size_t)(longest > g->dims[2] ? longest : g->dims[2]), sizeof *line);
    vv_status s = level && sum && count && line
                      ? vv_download(dev, level, g->level, 0, n * sizeof *level, err)
                      : vv_fail(err, VV_E_RESOURCE, "flatten", "out of memory; free some and try again");
    if (!s) {
        flatten(g, level, air, tissue, sum, count, line);
        s = vv_upload(dev, g->level, 0, level, n * sizeof *level, err);
    }
    vv_free(level);
    vv_free(sum);
    vv_free(count);
    vv_free(line);
    return s;
}
