#include "err.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is one line whatever was printed into it: a control character would break a caller's log. */
static void one_line(char *s)
{
    for (; *s; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            *s = ' ';
    }
}

vv_status vv_fail(vv_err *err, vv_status status, const char *where, const char *fmt, ...)
{
    if (!err)
        return status;
    memset(err, 0, sizeof *err);
    err->status = status;
    snprintf(err->where, sizeof err->where, "%s", where);
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    one_line(err->message);
    return status;
}
