/* args.h - what the user asked for: command line first, then the configuration file. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H
#include "voxveil.h"
#include <stdbool.h>

/* A set of commands, as the option table uses it. */
enum { DEFACE = 1, INFO = 2, DEVICES = 4, BENCH = 8, VERIFY = 16 };

enum cli_option {
#define OPTION(id, name, value, commands, help) OPT_##id,
#include "options.def"
#undef OPTION
    OPT_COUNT
};

enum cli_progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

#define CLI_OPERANDS_MAX 256 /* inputs of a study */

typedef struct cli_args {
    int command;
    const char *value[OPT_COUNT]; /* as given, NULL where not; "yes" for a switch that is on */
    char *owned[OPT_COUNT];       /* the values that came from the configuration file */
    const char *operand[CLI_OPERANDS_MAX];
    int operands;
    /* The values above, understood. */
    int threads;
    enum cli_progress_mode progress;
    bool quiet, force;
    vv_deface_options deface; /* paths and on_report are left to the command */
} cli_args;

/* Parses argv[1..] for `command` (argv[0] is its name), reads --config, and checks every value. Returns VV_OK, or
 * VV_E_USAGE or VV_E_RESOURCE after one line on standard error. Release with cli_args_free in either case. */
vv_status cli_args_parse(cli_args *a, int command, int argc, char **argv);
void cli_args_free(cli_args *a);

/* One line per option that `command` takes, on standard output. */
void cli_args_help(int command);
const char *cli_option_name(enum cli_option option);
/* The commands that take `option`. */
int cli_option_commands(enum cli_option option);
/* OPT_COUNT where no option has that name. */
enum cli_option cli_option_find(const char *name);
bool cli_option_is_switch(enum cli_option option);
#endif
