/* err.h - filling a vv_err. */
#ifndef VV_ERR_H
#define VV_ERR_H
#include "voxveil.h"

/* Fills *err (NULL allowed) and returns `status`, so that a failure is one line: return vv_fail(err, ...).
 * The message says what happened and what to do; no path, no patient text. Truncated to fit. */
vv_status vv_fail(vv_err *err, vv_status status, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
#endif
