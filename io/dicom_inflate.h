/* dicom_inflate.h - the deflated data set of a DICOM file (PS3.5 A.5: raw deflate). */
#ifndef VV_DICOM_INFLATE_H
#define VV_DICOM_INFLATE_H
#include "source.h"

/* All that follows `at` in the source, inflated; *out is released with vv_free. VV_E_REFUSED: broken, or over 1 GiB. */
VV_NODISCARD vv_status vv_dicom_inflate(const vv_source *s, uint64_t at, uint8_t **out, size_t *n, vv_err *err);
#endif
