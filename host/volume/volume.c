#include "volume.h"
#include "alloc.h"
#include <math.h>

static const struct {
    const char *name;
    size_t bytes;
} dtypes[] = {
    [VV_DT_NONE] = {"none", 0},   [VV_DT_U8] = {"uint8", 1},      [VV_DT_I8] = {"int8", 1},
    [VV_DT_U16] = {"uint16", 2},  [VV_DT_I16] = {"int16", 2},     [VV_DT_U32] = {"uint32", 4},
    [VV_DT_I32] = {"int32", 4},   [VV_DT_U64] = {"uint64", 8},    [VV_DT_I64] = {"int64", 8},
    [VV_DT_F32] = {"float32", 4}, [VV_DT_F64] = {"float64", 8},   [VV_DT_F128] = {"float128", 16},
    [VV_DT_RGB24] = {"rgb24", 3}, [VV_DT_RGBA32] = {"rgba32", 4},
};

static bool known(vv_dtype t)
{
    return (unsigned)t < sizeof dtypes / sizeof dtypes[0];
}

size_t vv_dtype_bytes(vv_dtype t)
{
    return known(t) ? dtypes[t].bytes : 0;
}

const char *vv_dtype_name(vv_dtype t)
{
    return known(t) ? dtypes[t].name : "none";
}

int64_t vv_volume_voxels(const vv_volume *v)
{
    return v->dims[0] * v->dims[1] * v->dims[2];
}

static vv_status check_geometry(const vv_volume *v, vv_err *err)
{
    for (int i = 0; i < 12; i++) {
        if (!isfinite(v->affine[i]))
            return vv_fail(err, VV_E_REFUSED, "volume", "the affine holds NaN or Inf; repair the header");
    }
    for (int i = 0; i < 3; i++) {
        if (!(v->spacing[i] > 0))
            return vv_fail(err, VV_E_REFUSED, "volume", "voxel spacing is zero, negative or NaN; repair the header");
        if (v->spacing[i] < VV_SPACING_MIN || v->spacing[i] > VV_SPACING_MAX)
            return vv_fail(err, VV_E_REFUSED, "volume",
                           "voxel spacing is outside 0.001 to 200 mm; check the header's units");
    }
    double inverse[12];
    if (!vv_affine_invert(v->affine, inverse))
        return vv_fail(err, VV_E_REFUSED, "volume", "the affine is singular; repair the header");
    return VV_OK;
}

vv_status vv_volume_check(const vv_volume *v, vv_err *err)
{
    for (int i = 0; i < 3; i++) {
        if (v->dims[i] < 1 || v->dims[i] > VV_DIM_MAX)
            return vv_fail(err, VV_E_REFUSED, "volume", "dimension %d is outside 1 to %d", i + 1, VV_DIM_MAX);
    }
    size_t voxel = vv_dtype_bytes(v->dtype);
    if (voxel == 0)
        return vv_fail(err, VV_E_REFUSED, "volume", "the voxel type is not supported");
    size_t bytes;
    if (v->frames < 1 || !vv_mul_size((size_t)vv_volume_voxels(v), (size_t)v->frames, voxel, &bytes))
        return vv_fail(err, VV_E_REFUSED, "volume", "the number of frames is zero or too large");
    if (!v->data || v->bytes != bytes)
        return vv_fail(err, VV_E_REFUSED, "volume", "the data do not match the dimensions");
    if (!isfinite(v->slope) || v->slope == 0 || !isfinite(v->inter))
        return vv_fail(err, VV_E_REFUSED, "volume", "the scaling is zero, NaN or Inf; repair the header");
    return check_geometry(v, err);
}
