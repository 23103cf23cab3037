/* say.h - the one line on standard error that says what happened and what to do. */
#ifndef CLI_SAY_H
#define CLI_SAY_H
#include "voxveil.h"

/* Prints "voxveil: " and the line. The text never holds an operand or a value of the user's: they may name a patient.
 */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same, and returns `status`. */
vv_status cli_fail(vv_status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints what the library reported and returns its status. */
vv_status cli_fail_err(vv_status status, const vv_err *err);
#endif
