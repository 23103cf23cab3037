/* report_dicom.h - the part of a report that says what a DICOM folder or series holds. */
#ifndef VV_REPORT_DICOM_H
#define VV_REPORT_DICOM_H
#include "json.h"
#include "report.h"

void vv_report_put_dicom(vv_json *w, const vv_report_dicom *d);
#endif
