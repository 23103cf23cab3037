#include "say.h"
#include <stdarg.h>
#include <stdio.h>

static void say(const char *fmt, va_list ap)
{
    fputs("voxveil: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

void cli_say(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
}

vv_status cli_fail(vv_status status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(fmt, ap);
    va_end(ap);
    return status;
}

vv_status cli_fail_err(vv_status status, const vv_err *err)
{
    cli_say("%s: %s", err->where[0] ? err->where : "fault", err->message[0] ? err->message : "no details; report it");
    return status;
}
