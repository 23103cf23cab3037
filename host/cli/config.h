/* config.h - options from an INI file. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H
#include "args.h"

/* Sets the options that the command line left open from the INI file at `path`. Options stand before any section (for
 * every command that takes them) or in a section named after a command. VV_E_USAGE (unreadable, a line that is no
 * option) or VV_E_RESOURCE (out of memory) after one line on standard error. */
vv_status cli_config_read(cli_args *a, const char *path);
#endif
