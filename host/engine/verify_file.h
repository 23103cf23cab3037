/* verify_file.h - a cleaned file against its original, for those who need more than the report. */
#ifndef VV_VERIFY_FILE_H
#define VV_VERIFY_FILE_H
#include "engine.h"
#include "face.h"

/* As vv_verify_file; *face holds the gates, the verdict and the pose, *pictures (may be NULL) both files. VV_OK with
 * any verdict. */
VV_NODISCARD vv_status vv_verify_pair(vv_engine *engine, const char *original, const char *cleaned,
                                      const vv_deface_options *opt, vv_face_result *face, vv_face_pictures *pictures,
                                      vv_report **report, vv_err *err);
#endif
