/* The header: recognising it, its fields in native order, and what they say about the volume. Byte swapping, the
 * version and the quaternion come from the NIfTI C library; its nifti_image is not used, since it mends bad fields
 * silently. */
#include "nifti.h"
#include "alloc.h"
#include <math.h>
#include <nifti2_io.h>
#include <string.h>

_Static_assert(sizeof(nifti_1_header) == VV_N1_BYTES, "NIfTI-1 header");
_Static_assert(sizeof(nifti_2_header) == VV_N2_BYTES, "NIfTI-2 header");

size_t vv_nifti_header_bytes(int version)
{
    return version == 2 ? VV_N2_BYTES : VV_N1_BYTES;
}

static void load_1(const uint8_t *bytes, vv_nifti_head *h)
{
    nifti_1_header n;
    memcpy(&n, bytes, sizeof n);
    h->version = memcmp(n.magic, "n+1", 4) == 0 || memcmp(n.magic, "ni1", 4) == 0;
    h->single = n.magic[1] == '+';
    h->orient = bytes[252];
    if (h->swapped) {
        if (h->version == 1)
            nifti_swap_as_nifti1(&n);
        else
            nifti_swap_as_analyze((nifti_analyze75 *)&n);
    }
    for (int i = 0; i < 8; i++) {
        h->dim[i] = n.dim[i];
        h->pixdim[i] = n.pixdim[i];
    }
    h->datatype = n.datatype;
    h->vox_offset = n.vox_offset;
    if (h->version == 0)
        return;
    h->slope = n.scl_slope;
    h->inter = n.scl_inter;
    h->units = n.xyzt_units;
    h->qform_code = n.qform_code;
    h->sform_code = n.sform_code;
    const float q[6] = {n.quatern_b, n.quatern_c, n.quatern_d, n.qoffset_x, n.qoffset_y, n.qoffset_z};
    for (int i = 0; i < 3; i++) {
        h->quatern[i] = q[i];
        h->qoffset[i] = q[3 + i];
    }
    for (int i = 0; i < 4; i++) {
        h->srow[i] = n.srow_x[i];
        h->srow[4 + i] = n.srow_y[i];
        h->srow[8 + i] = n.srow_z[i];
    }
}

static void load_2(const uint8_t *bytes, vv_nifti_head *h)
{
    nifti_2_header n;
    memcpy(&n, bytes, sizeof n);
    h->version = 2;
    h->single = n.magic[1] == '+';
    if (h->swapped)
        nifti_swap_as_nifti2(&n);
    for (int i = 0; i < 8; i++) {
        h->dim[i] = n.dim[i];
        h->pixdim[i] = n.pixdim[i];
    }
    h->datatype = n.datatype;
    /* Beyond 2^53 the double is not exact, but such an offset is refused anyway. */
    h->vox_offset = (double)n.vox_offset;
    h->slope = n.scl_slope;
    h->inter = n.scl_inter;
    h->units = n.xyzt_units;
    h->qform_code = n.qform_code;
    h->sform_code = n.sform_code;
    const double q[6] = {n.quatern_b, n.quatern_c, n.quatern_d, n.qoffset_x, n.qoffset_y, n.qoffset_z};
    memcpy(h->quatern, q, sizeof h->quatern);
    memcpy(h->qoffset, q + 3, sizeof h->qoffset);
    memcpy(h->srow, n.srow_x, sizeof n.srow_x);
    memcpy(h->srow + 4, n.srow_y, sizeof n.srow_y);
    memcpy(h->srow + 8, n.srow_z, sizeof n.srow_z);
}

vv_status vv_nifti_parse(const uint8_t *bytes, size_t n, vv_nifti_head *h, vv_err *err)
{
    memset(h, 0, sizeof *h);
    int32_t size = 0;
    if (n >= sizeof size)
        memcpy(&size, bytes, sizeof size);
    h->swapped = size != VV_N1_BYTES && size != VV_N2_BYTES;
    if (h->swapped)
        nifti_swap_4bytes(1, &size);
    if (size != VV_N1_BYTES && size != VV_N2_BYTES)
        return vv_fail(err, VV_E_REFUSED, "nifti", "not a NIfTI or ANALYZE header");
    if (n < (size_t)size)
        return vv_fail(err, VV_E_REFUSED, "nifti", "the header is truncated; get a whole copy of the file");
    int version = nifti_header_version((const char *)bytes, n);
    if (size == VV_N1_BYTES && (version == 0 || version == 1))
        load_1(bytes, h);
    else if (size == VV_N2_BYTES && version == 2 && memcmp(bytes + 8, "\r\n\032\n", 4) == 0)
        load_2(bytes, h);
    else
        return vv_fail(err, VV_E_REFUSED, "nifti", "the header has a wrong magic number");
    return VV_OK;
}

static vv_status shape_dims(const vv_nifti_head *h, vv_volume *v, vv_err *err)
{
    if (h->dim[0] < 1 || h->dim[0] > 7)
        return vv_fail(err, VV_E_REFUSED, "nifti", "the header has a number of dimensions outside 1 to 7");
    size_t frames = 1;
    for (int i = 1; i <= 7; i++) {
        int64_t d = i <= h->dim[0] ? h->dim[i] : 1;
        if (d == 0 && i > 2)
            d = 1; /* writers leave an unused dimension at 0; the NIfTI library reads it so too */
        if (d < 1 || (i <= 3 && d > VV_DIM_MAX))
            return vv_fail(err, VV_E_REFUSED, "nifti", "dimension %d is outside 1 to %d", i, VV_DIM_MAX);
        if (i <= 3)
            v->dims[i - 1] = d;
        else if (!vv_mul_size(frames, (size_t)d, 1, &frames))
            return vv_fail(err, VV_E_REFUSED, "nifti", "the dimensions overflow");
    }
    v->frames = (int64_t)frames;
    return VV_OK;
}

/* Four bytes of text read as a number are beyond these; no image is. */
enum { ORIGIN_MAX_MM = 1000000 };
static const double scaling_least = 1e-20, scaling_most = 1e20;

static const struct {
    int nifti;
    vv_dtype type;
} types[] = {
    {DT_UINT8, VV_DT_U8},      {DT_INT8, VV_DT_I8},     {DT_UINT16, VV_DT_U16},    {DT_INT16, VV_DT_I16},
    {DT_UINT32, VV_DT_U32},    {DT_INT32, VV_DT_I32},   {DT_UINT64, VV_DT_U64},    {DT_INT64, VV_DT_I64},
    {DT_FLOAT32, VV_DT_F32},   {DT_FLOAT64, VV_DT_F64}, {DT_FLOAT128, VV_DT_F128}, {DT_RGB24, VV_DT_RGB24},
    {DT_RGBA32, VV_DT_RGBA32},
};

int vv_nifti_code(vv_dtype t)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == t)
            return types[i].nifti;
    }
    return DT_UNKNOWN;
}

static vv_status shape_type(const vv_nifti_head *h, vv_volume *v, vv_err *err)
{
    if (h->datatype == DT_COMPLEX64 || h->datatype == DT_COMPLEX128 || h->datatype == DT_COMPLEX256)
        return vv_fail(err, VV_E_REFUSED, "nifti", "complex voxels are not supported; take the magnitude first");
    v->dtype = VV_DT_NONE;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].nifti == h->datatype)
            v->dtype = types[i].type;
    }
    if (v->dtype == VV_DT_NONE)
        return vv_fail(err, VV_E_REFUSED, "nifti", "voxel type %d is unknown or not supported", h->datatype);
    v->slope = 1;
    v->inter = 0;
    /* A slope of zero, and what cannot be a slope, mean "not scaled" (nifti1.h, DATA SCALING); colours are never
     * scaled. */
    bool colour = v->dtype == VV_DT_RGB24 || v->dtype == VV_DT_RGBA32;
    if (!colour && h->slope != 0 && isfinite(h->slope)) {
        v->slope = h->slope;
        v->inter = isfinite(h->inter) ? h->inter : 0;
        double slope = fabs(v->slope);
        if (slope < scaling_least || slope > scaling_most || fabs(v->inter) > scaling_most)
            return vv_fail(err, VV_E_REFUSED, "nifti", "the header's scl_slope or scl_inter is no likely scaling");
    }
    return VV_OK;
}

/* Millimetres per unit of length of the header (nifti1.h, UNITS). */
static double unit_mm(const vv_nifti_head *h)
{
    switch (XYZT_TO_SPACE(h->units)) {
    case NIFTI_UNITS_METER:
        return 1000;
    case NIFTI_UNITS_MICRON:
        return 0.001;
    default:
        return 1;
    }
}

/* Voxel axes of the six ANALYZE orientations (nifti1.h, analyze_75_orient_code): for each the world axis and its sign.
 * The first stands for unknown codes: patient's right on the left of the array, as ANALYZE programs store it. */
static const struct {
    int axis[3], sign[3];
} analyze_axes[6] = {
    {{0, 1, 2}, {-1, 1, 1}},  /* transverse, unflipped: LAS */
    {{0, 2, 1}, {-1, 1, 1}},  /* coronal: LSA */
    {{1, 2, 0}, {1, 1, -1}},  /* sagittal: ASL */
    {{0, 1, 2}, {-1, -1, 1}}, /* transverse, flipped: LPS */
    {{0, 2, 1}, {-1, -1, 1}}, /* coronal, flipped: LIA */
    {{1, 2, 0}, {1, -1, -1}}, /* sagittal, flipped: AIL */
};

/* An affine where the header gives only the spacing: the grid's centre at the origin. */
static void guess_affine(const vv_nifti_head *h, const double step[3], vv_volume *v)
{
    static const int plain[3] = {0, 1, 2}, positive[3] = {1, 1, 1};
    int code = h->orient < 6 ? h->orient : 0;
    const int *axis = h->version == 0 ? analyze_axes[code].axis : plain;
    const int *sign = h->version == 0 ? analyze_axes[code].sign : positive;
    memset(v->affine, 0, sizeof v->affine);
    for (int c = 0; c < 3; c++) {
        double *row = v->affine + 4 * axis[c];
        row[c] = sign[c] * step[c];
        row[3] = -0.5 * (double)(v->dims[c] - 1) * row[c];
    }
}

static void quaternion_affine(const vv_nifti_head *h, const double step[3], double affine[12])
{
    nifti_dmat44 m = nifti_quatern_to_dmat44(h->quatern[0], h->quatern[1], h->quatern[2], h->qoffset[0], h->qoffset[1],
                                             h->qoffset[2], step[0], step[1], step[2], h->pixdim[0] < 0 ? -1 : 1);
    for (int i = 0; i < 12; i++)
        affine[i] = m.m[i / 4][i % 4];
}

static vv_status shape_grid(const vv_nifti_head *h, vv_volume *v, vv_err *err)
{
    double step[3], unit = unit_mm(h);
    for (int i = 0; i < 3; i++) {
        step[i] = h->pixdim[i + 1];
        if (h->version == 0)
            step[i] = fabs(step[i]); /* SPM writes a negative x spacing: the same left-handed grid, said another way */
        if (i >= h->dim[0] && !(step[i] > 0))
            step[i] = 1; /* a dimension that is not there needs no spacing */
        if (!(step[i] > 0) || !isfinite(step[i]))
            return vv_fail(err, VV_E_REFUSED, "nifti", "the spacing along axis %d is zero, negative or not a number",
                           i + 1);
    }
    v->affine_trusted = h->sform_code > 0 || h->qform_code > 0;
    v->space = h->sform_code > 0 ? h->sform_code : h->qform_code > 0 ? h->qform_code : 0;
    if (h->sform_code > 0)
        memcpy(v->affine, h->srow, sizeof v->affine);
    else if (h->qform_code > 0)
        quaternion_affine(h, step, v->affine);
    else
        guess_affine(h, step, v);
    for (int i = 0; i < 12; i++)
        v->affine[i] *= unit;
    for (int i = 3; i < 12; i += 4) {
        if (isfinite(v->affine[i]) && fabs(v->affine[i]) > ORIGIN_MAX_MM)
            return vv_fail(err, VV_E_REFUSED, "nifti", "the header puts the image over a kilometre from the origin");
    }
    vv_affine_spacing(v->affine, v->spacing);
    return VV_OK;
}

vv_status vv_nifti_shape(const vv_nifti_head *h, vv_volume *v, vv_err *err)
{
    vv_status status = shape_dims(h, v, err);
    if (status == VV_OK)
        status = shape_type(h, v, err);
    if (status == VV_OK)
        status = shape_grid(h, v, err);
    if (status != VV_OK)
        return status;
    if (!vv_mul_size((size_t)vv_volume_voxels(v), (size_t)v->frames, vv_dtype_bytes(v->dtype), &v->bytes))
        return vv_fail(err, VV_E_REFUSED, "nifti", "the dimensions overflow");
    return VV_OK;
}
