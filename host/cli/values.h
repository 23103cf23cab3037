/* values.h - from the text of the options to values. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H
#include "args.h"

/* Fills the understood part of *a from a->value. VV_E_USAGE after one line on standard error. */
vv_status cli_values(cli_args *a);
#endif
