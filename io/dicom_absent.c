/* What stands for DICOM in a build without it: its files are known, and refused with the reason. */
#include "dicom_read.h"
#include "dicom_series.h"

static vv_status absent(vv_err *err)
{
    return vv_fail(err, VV_E_REFUSED, "dicom",
                   "a folder or a DICOM file: this build cannot read DICOM, since DCMTK was missing when it was made");
}

vv_status vv_dicom_series_open(const char *path, vv_dicom_series **out, vv_err *err)
{
    (void)path;
    *out = NULL;
    return absent(err);
}

void vv_dicom_series_close(vv_dicom_series **s)
{
    *s = NULL;
}

vv_status vv_dicom_series_read(const vv_dicom_series *s, int64_t i, vv_volume *v, char sha256[65], vv_err *err)
{
    (void)s;
    (void)i;
    (void)v;
    (void)sha256;
    return absent(err);
}

const vv_dicom_slice *vv_dicom_series_first(const vv_dicom_series *s, int64_t i)
{
    (void)s;
    (void)i;
    return NULL;
}

int64_t vv_dicom_series_files(const vv_dicom_series *s, int64_t i)
{
    (void)s;
    (void)i;
    return 0;
}

vv_status vv_dicom_read(const char *path, vv_read_result *out, vv_err *err)
{
    (void)path;
    (void)out;
    return absent(err);
}
