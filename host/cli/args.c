#include "args.h"
#include "config.h"
#include "say.h"
#include "values.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *value;
    int commands;
    const char *help;
} options[OPT_COUNT] = {
#define OPTION(id, name, value, commands, help) [OPT_##id] = {name, value, commands, help},
#include "options.def"
#undef OPTION
};

const char *cli_option_name(enum cli_option option)
{
    return options[option].name;
}

int cli_option_commands(enum cli_option option)
{
    return options[option].commands;
}

bool cli_option_is_switch(enum cli_option option)
{
    return !options[option].value;
}

enum cli_option cli_option_find(const char *name)
{
    int i = 0;
    while (i < OPT_COUNT && strcmp(options[i].name, name) != 0)
        i++;
    return (enum cli_option)i;
}

void cli_args_help(int command)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        if (!(options[i].commands & command))
            continue;
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        printf("  %-40s %s\n", left, options[i].help);
    }
}

static vv_status take_operand(cli_args *a, const char *text)
{
    if (a->operands == CLI_OPERANDS_MAX)
        return cli_fail(VV_E_USAGE, "too many operands; see --help");
    a->operand[a->operands++] = text;
    return VV_OK;
}

static vv_status parse_line(cli_args *a, int argc, char **argv)
{
    enum { FIRST_LONG = 256 }; /* above any short option */
    struct option table[OPT_COUNT + 1] = {0};
    for (int i = 0; i < OPT_COUNT; i++) {
        table[i].name = options[i].name;
        table[i].has_arg = options[i].value ? required_argument : no_argument;
        table[i].val = FIRST_LONG + i;
    }
    opterr = 0;
    int c;
    while ((c = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
        if (c == ':')
            return cli_fail(VV_E_USAGE, "an option needs a value; see --help");
        if (c == '?')
            return cli_fail(VV_E_USAGE, "unknown or ambiguous option; see --help");
        int i = c == 'h' ? OPT_HELP : c - FIRST_LONG;
        a->value[i] = options[i].value ? optarg : "yes";
    }
    vv_status status = VV_OK;
    while (!status && optind < argc)
        status = take_operand(a, argv[optind++]);
    return status;
}

/* Every option on the command line must be one that this command takes. */
static vv_status check_takers(const cli_args *a)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        if (!a->value[i])
            continue;
        if (!(options[i].commands & a->command))
            return cli_fail(VV_E_USAGE, "--%s does not belong to this command; see --help", options[i].name);
    }
    return VV_OK;
}

vv_status cli_args_parse(cli_args *a, int command, int argc, char **argv)
{
    *a = (cli_args){.command = command, .deface = {.size = sizeof a->deface}};
    vv_status status = parse_line(a, argc, argv);
    if (!status && a->value[OPT_HELP])
        return VV_OK;
    if (!status)
        status = check_takers(a);
    if (!status && a->value[OPT_CONFIG])
        status = cli_config_read(a, a->value[OPT_CONFIG]);
    return status ? status : cli_values(a);
}

void cli_args_free(cli_args *a)
{
    for (int i = 0; i < OPT_COUNT; i++)
        free(a->owned[i]);
}
