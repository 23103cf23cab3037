#include "dicom_read.h"
#include "alloc.h"
#include "dicom_series.h"
#include "nifti.h"
#include <math.h>
#include <string.h>

static vv_status check_series(const vv_dicom_series *s, vv_err *err)
{
    const vv_dicom_stack *st = &s->stacks.all[0];
    if (s->unread > 0)
        return vv_fail(err, VV_E_REFUSED, "dicom", "%lld of the files cannot be read (%.90s); mend or remove them",
                       (long long)s->unread, s->first_unread.message);
    if (s->stacks.n != 1)
        return vv_fail(err, VV_E_REFUSED, "dicom",
                       "the images form %lld stacks, not one volume (voxveil info shows them); separate them first",
                       (long long)s->stacks.n);
    if (!st->even || !st->straight)
        return vv_fail(err, VV_E_REFUSED, "dicom",
                       "the slices are not evenly spaced in a line (some are missing, or the spacing changes)");
    for (int64_t i = 0; i < s->slices.n; i++) {
        if (s->slices.all[i].burned_in)
            return vv_fail(err, VV_E_REFUSED, "dicom",
                           "there is text in the pixels (Burned In Annotation), which this version does not remove");
    }
    return VV_OK;
}

/* The same limits as for a NIfTI header: a name can be spelled in a number that cannot be meant. */
static vv_status check_numbers(const vv_volume *v, vv_err *err)
{
    if (!(fabs(v->slope) >= 1e-20 && fabs(v->slope) <= 1e20) || !(fabs(v->inter) <= 1e20))
        return vv_fail(err, VV_E_REFUSED, "dicom", "the rescale slope or intercept cannot be meant");
    return VV_OK;
}

static vv_status read_stack(const vv_dicom_series *s, vv_read_result *out, vv_err *err)
{
    vv_volume v = {0};
    char sha256[65];
    vv_status status = check_series(s, err);
    if (status == VV_OK)
        status = vv_dicom_series_read(s, 0, &v, sha256, err);
    if (status != VV_OK)
        return status;
    status = check_numbers(&v, err);
    if (status == VV_OK)
        status = vv_nifti_new(&v, out, err);
    vv_free(v.data);
    if (status != VV_OK)
        return status;
    out->format = "dicom";
    out->written = "nifti1";
    memcpy(out->sha256, sha256, sizeof sha256);
    out->has_text = true;
    return VV_OK;
}

vv_status vv_dicom_read(const char *path, vv_read_result *out, vv_err *err)
{
    vv_dicom_series *s;
    vv_status status = vv_dicom_series_open(path, &s, err);
    if (status != VV_OK)
        return status;
    status = read_stack(s, out, err);
    vv_dicom_series_close(&s);
    return status;
}
