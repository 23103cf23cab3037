/* voxels.c - values of a volume and balls about a point. */
#include "voxels.h"
#include <math.h>
#include <stdlib.h>

double voxel_value(const nifti_image *m, int64_t i)
{
    const void *p = m->data;
    switch (m->datatype) {
    case DT_UINT8:
        return ((const uint8_t *)p)[i];
    case DT_INT16:
        return ((const int16_t *)p)[i];
    case DT_UINT16:
        return ((const uint16_t *)p)[i];
    case DT_INT32:
        return ((const int32_t *)p)[i];
    case DT_FLOAT32:
        return ((const float *)p)[i];
    case DT_FLOAT64:
        return ((const double *)p)[i];
    default:
        return 0;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double end_of_air(double *v, int64_t n)
{
    qsort(v, (size_t)n, sizeof *v, ascending);
    double low = v[n * 2 / 100], high = v[n * 98 / 100];
    return low + 0.15 * (high - low);
}

static bool in_ball(const nifti_dmat44 *to_mm, const int64_t v[3], const double centre[3], double radius)
{
    double d2 = 0;
    for (int r = 0; r < 3; r++) {
        const double *m = to_mm->m[r];
        double d = m[0] * (double)v[0] + m[1] * (double)v[1] + m[2] * (double)v[2] + m[3] - centre[r];
        d2 += d * d;
    }
    return d2 <= radius * radius;
}

bool voxel_of(const int64_t size[3], nifti_dmat44 to_mm, const double at[3], double v[3])
{
    nifti_dmat44 to_voxel = nifti_dmat44_inverse(to_mm);
    bool in = true;
    for (int k = 0; k < 3; k++) {
        const double *m = to_voxel.m[k];
        v[k] = m[0] * at[0] + m[1] * at[1] + m[2] * at[2] + m[3];
        in = in && v[k] >= -0.5 && v[k] <= (double)size[k] - 0.5;
    }
    return in;
}

void ball_visit(const int64_t size[3], nifti_dmat44 to_mm, const double at[3], double radius,
                void (*see)(void *user, int64_t voxel), void *user)
{
    nifti_dmat44 to_voxel = nifti_dmat44_inverse(to_mm);
    int64_t lo[3], hi[3], v[3];
    double c[3];
    if (!voxel_of(size, to_mm, at, c))
        return;
    for (int k = 0; k < 3; k++) {
        const double *m = to_voxel.m[k];
        double reach = radius * sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2]);
        lo[k] = c[k] - reach > 0 ? (int64_t)(c[k] - reach) : 0;
        hi[k] = c[k] + reach < (double)size[k] - 1 ? (int64_t)(c[k] + reach) + 1 : size[k] - 1;
    }
    for (v[2] = lo[2]; v[2] <= hi[2]; v[2]++)
        for (v[1] = lo[1]; v[1] <= hi[1]; v[1]++)
            for (v[0] = lo[0]; v[0] <= hi[0]; v[0]++)
                if (in_ball(&to_mm, v, at, radius))
                    see(user, (v[2] * size[1] + v[1]) * size[0] + v[0]);
}
