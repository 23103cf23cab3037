/* info_dicom.h - what a DICOM folder or series is. */
#ifndef VV_INFO_DICOM_H
#define VV_INFO_DICOM_H
#include "engine.h"
#include "report.h"

/* vv_info_file for DICOM: every stack is searched for a face. The verdict is that of the stack that shows most: "face"
 * before "review" before "no_face". */
VV_NODISCARD vv_status vv_info_dicom(vv_engine *e, const char *in, vv_report **report, vv_err *err);
#endif
