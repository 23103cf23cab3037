#include "volume.h"
#include <math.h>
#include <string.h>

/* Columns closer to one plane than this (determinant over the product of their lengths) make no usable grid. It is well
 * above what single-precision header fields leave of a truly singular matrix (about 1e-7). */
static const double singular_limit = 1e-5;

void vv_affine_spacing(const double a[12], double spacing[3])
{
    for (int c = 0; c < 3; c++)
        spacing[c] = sqrt(a[c] * a[c] + a[4 + c] * a[4 + c] + a[8 + c] * a[8 + c]);
}

double vv_affine_det(const double a[12])
{
    return a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) +
           a[2] * (a[4] * a[9] - a[5] * a[8]);
}

bool vv_affine_invert(const double a[12], double out[12])
{
    double s[3], d = vv_affine_det(a);
    vv_affine_spacing(a, s);
    /* Written so that a NaN anywhere in the 3x3 part also ends here. */
    if (!(fabs(d) > singular_limit * s[0] * s[1] * s[2]) || !isfinite(d))
        return false;
    double r[12];
    r[0] = (a[5] * a[10] - a[6] * a[9]) / d;
    r[1] = (a[2] * a[9] - a[1] * a[10]) / d;
    r[2] = (a[1] * a[6] - a[2] * a[5]) / d;
    r[4] = (a[6] * a[8] - a[4] * a[10]) / d;
    r[5] = (a[0] * a[10] - a[2] * a[8]) / d;
    r[6] = (a[2] * a[4] - a[0] * a[6]) / d;
    r[8] = (a[4] * a[9] - a[5] * a[8]) / d;
    r[9] = (a[1] * a[8] - a[0] * a[9]) / d;
    r[10] = (a[0] * a[5] - a[1] * a[4]) / d;
    for (int i = 0; i < 3; i++)
        r[4 * i + 3] = -(r[4 * i] * a[3] + r[4 * i + 1] * a[7] + r[4 * i + 2] * a[11]);
    for (int i = 0; i < 12; i++)
        out[i] = r[i];
    return true;
}

void vv_affine_compose(const double a[12], const double b[12], double out[12])
{
    for (int i = 0; i < 3; i++) {
        const double *row = a + 4 * i;
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = row[0] * b[j] + row[1] * b[4 + j] + row[2] * b[8 + j] + (j == 3 ? row[3] : 0);
    }
}

/* The assignment of voxel axes to world axes with the largest sum of direction cosines; the first of equals. */
void vv_volume_orientation(const vv_volume *v, char out[4])
{
    static const int perms[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const char plus[] = "RAS", minus[] = "LPI";
    const double *a = v->affine;
    double s[3], best = -1;
    const int *chosen = perms[0];
    vv_affine_spacing(a, s);
    for (int p = 0; p < 6; p++) {
        double sum = 0;
        for (int c = 0; c < 3; c++)
            sum += s[c] > 0 ? fabs(a[4 * perms[p][c] + c]) / s[c] : 0;
        if (sum > best) {
            best = sum;
            chosen = perms[p];
        }
    }
    for (int c = 0; c < 3; c++)
        out[c] = a[4 * chosen[c] + c] < 0 ? minus[chosen[c]] : plus[chosen[c]];
    out[3] = 0;
}

bool vv_affine_rotation(const double a[12], double out[12])
{
    double x[12], inverse[12], size = 0;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            size += a[4 * r + c] * a[4 * r + c];
    if (!(size > 0) || !(vv_affine_det(a) > 0))
        return false;
    for (int i = 0; i < 12; ++i)
        x[i] = i % 4 == 3 ? 0 : a[i] / sqrt(size);
    for (int k = 0; k < 40; ++k) {
        if (!vv_affine_invert(x, inverse))
            return false;
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c)
                out[4 * r + c] = 0.5 * (x[4 * r + c] + inverse[4 * c + r]);
        for (int r = 0; r < 3; ++r)
            memcpy(x + 4 * r, out + 4 * r, 3 * sizeof *x);
    }
    return true;
}
