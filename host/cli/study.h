/* study.h - deface --study DIR IN...: the series of one visit. */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H
#include "args.h"

/* Returns the exit code of the process. */
int cli_study(const cli_args *a);
#endif
