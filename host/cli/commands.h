/* commands.h - the sub-commands. Each returns the exit code of the process. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H
#include "args.h"

int cli_deface(const cli_args *a);
int cli_verify(const cli_args *a);
int cli_info(const cli_args *a);
int cli_devices(const cli_args *a);
int cli_bench(const cli_args *a);

/* DEFACE, INFO, ... by name; 0 where this version has no such command. */
int cli_command_find(const char *name);
#endif
