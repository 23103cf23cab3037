/* mask.c - reading a mask's voxels, and resampling them. Doubles with floor and fabs alone: every machine gets the same
 * mask. */
#include "mask.h"
#include <math.h>
#include <string.h>

#define SLACK 1e-3 /* of a voxel: what rounding in a header may shift equal grids against each other */
/* A grid whose axes are closer to one plane than this (determinant over the product of their lengths) was made by no
 * scanner, and the box about its voxels would be many times their size. */
#define SQUARENESS 0.1

/* bytes[i] |= stored * slope + inter > 0, for one frame of the C type T. */
#define TAKE(T)                                                                                                        \
    do {                                                                                                               \
        const T *from = (const T *)m->data + frame * n;                                                                \
        for (int64_t i = 0; i < n; i++)                                                                                \
            bytes[i] |= (double)from[i] * m->slope + m->inter > 0;                                                     \
    } while (0)

static bool take_frame(const vv_volume *m, int64_t frame, uint8_t *bytes)
{
    int64_t n = vv_volume_voxels(m);
    switch (m->dtype) {
    case VV_DT_U8:
        TAKE(uint8_t);
        return true;
    case VV_DT_I8:
        TAKE(int8_t);
        return true;
    case VV_DT_U16:
        TAKE(uint16_t);
        return true;
    case VV_DT_I16:
        TAKE(int16_t);
        return true;
    case VV_DT_U32:
        TAKE(uint32_t);
        return true;
    case VV_DT_I32:
        TAKE(int32_t);
        return true;
    case VV_DT_U64:
        TAKE(uint64_t);
        return true;
    case VV_DT_I64:
        TAKE(int64_t);
        return true;
    case VV_DT_F32:
        TAKE(float);
        return true;
    case VV_DT_F64:
        TAKE(double);
        return true;
    default:
        return false;
    }
}

vv_status vv_mask_bytes(const vv_volume *m, uint8_t *bytes, int64_t *set, vv_err *err)
{
    int64_t n = vv_volume_voxels(m);
    memset(bytes, 0, (size_t)n);
    for (int64_t frame = 0; frame < m->frames; frame++) {
        if (!take_frame(m, frame, bytes))
            return vv_fail(err, VV_E_REFUSED, "mask", "a mask of this voxel type is not taken; give whole numbers");
    }
    *set = 0;
    for (int64_t i = 0; i < n; i++)
        *set += bytes[i];
    return VV_OK;
}

/* Whole numbers above lo and below hi, held to 0..n-1: *from > *to where there are none. */
static void between(double lo, double hi, int64_t n, int64_t *from, int64_t *to)
{
    lo = floor(lo) + 1;
    hi = -floor(-hi) - 1;
    *from = lo > 0 ? (lo < (double)n ? (int64_t)lo : n) : 0;
    *to = hi < (double)(n - 1) ? (hi >= 0 ? (int64_t)hi : -1) : n - 1;
}

/* Sets the voxels of v that the box about voxel (x, y, z) of the mask touches. to_v: mask index to index of v. Tells
 * whether there are any; out may be NULL. */
static bool touch(const double to_v[12], const int64_t at[3], const vv_volume *v, uint8_t *out)
{
    int64_t from[3], to[3];
    for (int r = 0; r < 3; r++) {
        const double *a = to_v + 4 * r;
        double centre = a[0] * (double)at[0] + a[1] * (double)at[1] + a[2] * (double)at[2] + a[3];
        double half = 0.5 * (fabs(a[0]) + fabs(a[1]) + fabs(a[2]));
        between(centre - half - 0.5 + SLACK, centre + half + 0.5 - SLACK, v->dims[r], &from[r], &to[r]);
        if (from[r] > to[r])
            return false;
    }
    for (int64_t z = from[2]; out && z <= to[2]; z++) {
        for (int64_t y = from[1]; y <= to[1]; y++)
            memset(out + (z * v->dims[1] + y) * v->dims[0] + from[0], 1, (size_t)(to[0] - from[0] + 1));
    }
    return true;
}

static bool is_square(const double a[12])
{
    double s[3];
    vv_affine_spacing(a, s);
    return fabs(vv_affine_det(a)) > SQUARENESS * s[0] * s[1] * s[2];
}

/* Tells whether any voxel of the mask, set or not, touches the grid of v. */
static bool touch_all(const vv_volume *m, const uint8_t *bytes, const double to_v[12], const vv_volume *v, uint8_t *out)
{
    bool overlap = false;
    int64_t i = 0, at[3];
    for (at[2] = 0; at[2] < m->dims[2]; at[2]++) {
        for (at[1] = 0; at[1] < m->dims[1]; at[1]++) {
            for (at[0] = 0; at[0] < m->dims[0]; at[0]++, i++) {
                if (bytes[i])
                    overlap = touch(to_v, at, v, out) || overlap;
                else if (!overlap)
                    overlap = touch(to_v, at, v, NULL);
            }
        }
    }
    return overlap;
}

/* The same by the voxels' centres. to_m: index of v to mask index. */
static bool nearest_all(const vv_volume *m, const uint8_t *bytes, const double to_m[12], const vv_volume *v,
                        uint8_t *out)
{
    bool overlap = false;
    for (int64_t z = 0; z < v->dims[2]; z++) {
        for (int64_t y = 0; y < v->dims[1]; y++) {
            uint8_t *row = out + (z * v->dims[1] + y) * v->dims[0];
            double start[3];
            for (int r = 0; r < 3; r++)
                start[r] = to_m[4 * r + 1] * (double)y + to_m[4 * r + 2] * (double)z + to_m[4 * r + 3] + 0.5 + SLACK;
            for (int64_t x = 0; x < v->dims[0]; x++) {
                double at[3];
                bool in = true;
                for (int r = 0; r < 3; r++) {
                    at[r] = floor(start[r] + to_m[4 * r] * (double)x);
                    in = in && at[r] >= 0 && at[r] < (double)m->dims[r];
                }
                overlap = overlap || in;
                row[x] = in && bytes[((int64_t)at[2] * m->dims[1] + (int64_t)at[1]) * m->dims[0] + (int64_t)at[0]];
            }
        }
    }
    return overlap;
}

vv_status vv_mask_bring(const vv_volume *m, const uint8_t *bytes, const vv_volume *v, vv_mask_rule rule, uint8_t *out,
                        int64_t *set, vv_err *err)
{
    static const double same[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    double inverse[12], map[12];
    int64_t n = vv_volume_voxels(v);
    const vv_volume *from = rule == VV_MASK_TOUCH ? m : v, *to = rule == VV_MASK_TOUCH ? v : m;
    if (m->affine_trusted && v->affine_trusted) {
        if (!is_square(m->affine) || !is_square(v->affine) || !vv_affine_invert(to->affine, inverse))
            return vv_fail(err, VV_E_REFUSED, "mask", "the geometry of the mask or the image is too sheared for masks");
        vv_affine_compose(inverse, from->affine, map);
    } else if (!memcmp(m->dims, v->dims, sizeof m->dims)) {
        memcpy(map, same, sizeof map);
    } else {
        return vv_fail(err, VV_E_REFUSED, "mask",
                       "the mask lies on another grid and a header gives no geometry; give one made for this image");
    }
    memset(out, 0, (size_t)n);
    bool overlap = rule == VV_MASK_TOUCH ? touch_all(m, bytes, map, v, out) : nearest_all(m, bytes, map, v, out);
    if (!overlap)
        return vv_fail(err, VV_E_REFUSED, "mask",
                       "the mask lies beside the image; give one of the same head and space");
    *set = 0;
    for (int64_t i = 0; i < n; i++)
        *set += out[i];
    return VV_OK;
}
