/* side.h - the files beside the output: mask, preview. */
#ifndef VV_SIDE_H
#define VV_SIDE_H
#include "err.h"
#include <stdbool.h>

/* Refuses (VV_E_USAGE), before work starts, a path that names IN or OUT, exists (without force), is a folder, or whose
 * folder cannot be written to. NULL is fine. `what` names the option in the message. */
VV_NODISCARD vv_status vv_side_check(const char *path, const char *what, const char *in, const char *out, bool force,
                                     vv_err *err);
#endif
