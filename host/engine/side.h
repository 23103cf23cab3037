/* side.h - what is written beside the output: mask, preview, report, quarantine. */
#ifndef VV_SIDE_H
#define VV_SIDE_H
#include "err.h"
#include <stdbool.h>

/* Refuses (VV_E_USAGE), before work starts, a path that names IN or OUT, exists (without force), is a folder, or whose
 * folder cannot be written to. NULL is fine. `what` names the option in the message. */
VV_NODISCARD vv_status vv_side_check(const char *path, const char *what, const char *in, const char *out, bool force,
                                     vv_err *err);

/* Refuses (VV_E_USAGE), before work starts, a quarantine that is no folder, cannot be written to, or is missing and
 * cannot be made. NULL is fine. */
VV_NODISCARD vv_status vv_side_check_quarantine(const char *dir, vv_err *err);

/* Returns `status`; where it is a failure, err->where says that it befell `what` and not the output. */
VV_NODISCARD vv_status vv_side_named(vv_status status, const char *what, vv_err *err);
#endif
