#include "nifti.h"
#include "alloc.h"
#include <nifti1.h>
#include <string.h>

/* The affine goes into the sform, in the precision that NIfTI-1 has; where the input gave none, neither does the new
 * header, so that a viewer lays both on each other. */
static void set_grid(nifti_1_header *n, const vv_volume *v, int space)
{
    n->xyzt_units = NIFTI_UNITS_MM;
    n->pixdim[0] = 1;
    for (int i = 0; i < 3; i++)
        n->pixdim[i + 1] = (float)v->spacing[i];
    if (!v->affine_trusted)
        return;
    n->sform_code = (short)space;
    for (int i = 0; i < 4; i++) {
        n->srow_x[i] = (float)v->affine[i];
        n->srow_y[i] = (float)v->affine[4 + i];
        n->srow_z[i] = (float)v->affine[8 + i];
    }
}

static vv_status make(const vv_volume *v, int space, vv_read_result *out, vv_err *err)
{
    memset(out, 0, sizeof *out);
    if (v->frames > VV_DIM_MAX)
        return vv_fail(err, VV_E_REFUSED, "nifti", "more frames than NIfTI-1 can hold");
    vv_nifti_meta *m = vv_calloc(1, sizeof *m);
    if (!m)
        return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
    nifti_1_header n;
    memset(&n, 0, sizeof n);
    n.sizeof_hdr = sizeof n;
    n.regular = 'r';
    n.dim[0] = v->frames > 1 ? 4 : 3;
    for (int i = 1; i < 8; i++)
        n.dim[i] = i <= 3 ? (short)v->dims[i - 1] : 1;
    n.dim[4] = (short)v->frames;
    n.datatype = (short)vv_nifti_code(v->dtype);
    n.bitpix = (short)(8 * vv_dtype_bytes(v->dtype));
    n.scl_slope = (float)v->slope;
    n.scl_inter = (float)v->inter;
    memcpy(n.magic, "n+1", 4);
    set_grid(&n, v, space);
    memcpy(m->header, &n, sizeof n);
    m->base.format = &vv_format_nifti;
    m->header_bytes = sizeof n;
    m->version = 1;
    m->single = true;
    out->meta = &m->base;
    return VV_OK;
}

vv_status vv_nifti_new(vv_volume *v, vv_read_result *out, vv_err *err)
{
    vv_status status = make(v, NIFTI_XFORM_SCANNER_ANAT, out, err);
    if (status != VV_OK)
        return status;
    /* The geometry and the scaling that a reader of the new header finds. */
    vv_nifti_head h;
    out->volume = *v;
    status = vv_nifti_parse(((vv_nifti_meta *)out->meta)->header, VV_N1_BYTES, &h, err);
    if (status == VV_OK)
        status = vv_nifti_shape(&h, &out->volume, err);
    if (status != VV_OK)
        return status;
    out->ndim = v->frames > 1 ? 4 : 3;
    for (int i = 0; i < 3; i++)
        out->all_dims[i] = v->dims[i];
    out->all_dims[3] = v->frames > 1 ? v->frames : 0;
    ((vv_nifti_meta *)out->meta)->block = v->data;
    v->data = NULL;
    return VV_OK;
}

vv_status vv_nifti_new_mask(const vv_volume *v, vv_read_result *out, vv_err *err)
{
    vv_volume mask = *v;
    mask.frames = 1;
    mask.dtype = VV_DT_U8;
    mask.slope = 1;
    mask.inter = 0;
    mask.data = NULL;
    mask.bytes = (size_t)vv_volume_voxels(v);
    vv_status status = make(&mask, NIFTI_XFORM_ALIGNED_ANAT, out, err);
    out->volume = mask;
    return status;
}
