#include "ref.h"
#include <math.h>

const ref_fn refs[VV_K_COUNT] = {
#define KERNEL(name, nbuf) [VV_K_##name] = ref_##name,
#include "kernels.def"
#undef KERNEL
};

double ref_get(const void *data, vv_elem e, size_t i)
{
    switch (e) {
    case VV_EL_U8:
        return ((const uint8_t *)data)[i];
    case VV_EL_I8:
        return ((const int8_t *)data)[i];
    case VV_EL_U16:
        return ((const uint16_t *)data)[i];
    case VV_EL_I16:
        return ((const int16_t *)data)[i];
    case VV_EL_U32:
        return ((const uint32_t *)data)[i];
    case VV_EL_I32:
        return ((const int32_t *)data)[i];
    case VV_EL_U64:
        return (double)((const uint64_t *)data)[i];
    case VV_EL_I64:
        return (double)((const int64_t *)data)[i];
    case VV_EL_F32:
        return ((const float *)data)[i];
    case VV_EL_F64:
        return ((const double *)data)[i];
    }
    return NAN;
}

static double brightness(const uint8_t *rgb)
{
    return (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2]) / 256.0;
}

double ref_voxel(const void *data, int dtype, size_t i)
{
    float f = 0;
    switch (dtype) {
    case VV_DT_U8:
        f = ((const uint8_t *)data)[i];
        break;
    case VV_DT_I8:
        f = ((const int8_t *)data)[i];
        break;
    case VV_DT_U16:
        f = ((const uint16_t *)data)[i];
        break;
    case VV_DT_I16:
        f = ((const int16_t *)data)[i];
        break;
    case VV_DT_U32:
        f = (float)((const uint32_t *)data)[i];
        break;
    case VV_DT_I32:
        f = (float)((const int32_t *)data)[i];
        break;
    case VV_DT_U64:
        f = (float)((const uint64_t *)data)[i];
        break;
    case VV_DT_I64:
        f = (float)((const int64_t *)data)[i];
        break;
    case VV_DT_F32:
        f = ((const float *)data)[i];
        break;
    case VV_DT_F64:
        f = (float)((const double *)data)[i];
        break;
    case VV_DT_RGB24:
        return brightness((const uint8_t *)data + 3 * i);
    case VV_DT_RGBA32:
        return brightness((const uint8_t *)data + 4 * i);
    default:
        return NAN;
    }
    return isfinite(f) ? (double)f : 0.0;
}

void ref_map(const float m[12], double x, double y, double z, double out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = m[4 * r] * x + m[4 * r + 1] * y + m[4 * r + 2] * z + m[4 * r + 3];
}

double ref_clamp(double x, double lo, double hi)
{
    return x > lo ? (x < hi ? x : hi) : lo;
}

void ref_corners(const int n[3], const double at[3], size_t index[8], double weight[8])
{
    int low[3], high[3];
    double f[3];
    for (int i = 0; i < 3; i++) {
        double v = ref_clamp(at[i], 0, n[i] - 1);
        low[i] = (int)v;
        high[i] = low[i] + 1 < n[i] ? low[i] + 1 : low[i];
        f[i] = v - low[i];
    }
    for (int k = 0; k < 8; k++) {
        int x = k & 1 ? high[0] : low[0], y = k & 2 ? high[1] : low[1], z = k & 4 ? high[2] : low[2];
        index[k] = ((size_t)z * (size_t)n[1] + (size_t)y) * (size_t)n[0] + (size_t)x;
        weight[k] = (k & 1 ? f[0] : 1 - f[0]) * (k & 2 ? f[1] : 1 - f[1]) * (k & 4 ? f[2] : 1 - f[2]);
    }
}
