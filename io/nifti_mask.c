#include "nifti.h"
#include "alloc.h"
#include <nifti1.h>
#include <string.h>

/* The affine goes into the sform, in the precision that NIfTI-1 has; where the input gave none, neither does the mask,
 * so that a viewer lays both on each other. */
static void set_grid(nifti_1_header *n, const vv_volume *v)
{
    n->xyzt_units = NIFTI_UNITS_MM;
    n->pixdim[0] = 1;
    for (int i = 0; i < 3; i++)
        n->pixdim[i + 1] = (float)v->spacing[i];
    if (!v->affine_trusted)
        return;
    n->sform_code = NIFTI_XFORM_ALIGNED_ANAT;
    for (int i = 0; i < 4; i++) {
        n->srow_x[i] = (float)v->affine[i];
        n->srow_y[i] = (float)v->affine[4 + i];
        n->srow_z[i] = (float)v->affine[8 + i];
    }
}

vv_status vv_nifti_new_mask(const vv_volume *v, vv_read_result *out, vv_err *err)
{
    memset(out, 0, sizeof *out);
    vv_nifti_meta *m = vv_calloc(1, sizeof *m);
    if (!m)
        return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
    nifti_1_header n;
    memset(&n, 0, sizeof n);
    n.sizeof_hdr = sizeof n;
    n.regular = 'r';
    n.dim[0] = 3;
    for (int i = 1; i < 8; i++)
        n.dim[i] = i <= 3 ? (short)v->dims[i - 1] : 1;
    n.datatype = DT_UINT8;
    n.bitpix = 8;
    n.scl_slope = 1;
    memcpy(n.magic, "n+1", 4);
    set_grid(&n, v);
    memcpy(m->header, &n, sizeof n);
    m->base.format = &vv_format_nifti;
    m->header_bytes = sizeof n;
    m->version = 1;
    m->single = true;
    out->meta = &m->base;
    out->volume = *v;
    out->volume.frames = 1;
    out->volume.dtype = VV_DT_U8;
    out->volume.data = NULL;
    out->volume.bytes = (size_t)vv_volume_voxels(v);
    return VV_OK;
}
