#include "commands.h"
#include "interrupt.h"
#include "say.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int command;
    int (*run)(const cli_args *a);
    const char *operands, *what;
} commands[] = {
    {"deface", DEFACE, cli_deface, "IN OUT",
     "take the face out of a head scan (NIfTI, ANALYZE, DICOM), prove it, write OUT; --study DIR IN... of a visit"},
    {"verify", VERIFY, cli_verify, "ORIGINAL CLEANED",
     "hold a cleaned file against its original; exit code 0 only if it is proven; changes nothing"},
    {"info", INFO, cli_info, "IN", "what IN is, what identity it carries, its risk grade; changes nothing"},
    {"devices", DEVICES, cli_devices, "", "the backends of this machine and their self-test, as JSON"},
    {"bench", BENCH, cli_bench, "kernels", "GB/s of every kernel beside a device copy, as CSV"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

int cli_command_find(const char *name)
{
    for (int i = 0; i < COMMANDS; i++) {
        if (!strcmp(commands[i].name, name))
            return commands[i].command;
    }
    return 0;
}

static void overview(void)
{
    puts("voxveil takes the identity out of medical image pixels.\n\nUsage:");
    for (int i = 0; i < COMMANDS; i++)
        printf("  voxveil %-8s%-17s  %s\n", commands[i].name, commands[i].operands, commands[i].what);
    puts("\n'voxveil COMMAND --help' lists the options of a command.\n\n"
         "Exit codes: 0 done and verified; 1 a fault in voxveil; 2 the call is wrong; 3 the input is refused;\n"
         "4 cleaned but not proven, in quarantine; 5 out of memory, disk or device; 130 interrupted.");
}

static int run_command(int row, int argc, char **argv)
{
    cli_args args;
    int code = cli_args_parse(&args, commands[row].command, argc, argv);
    if (!code && args.value[OPT_HELP]) {
        printf("Usage: voxveil %s %s [options]\n%s\n\n", commands[row].name, commands[row].operands,
               commands[row].what);
        cli_args_help(commands[row].command);
    } else if (!code) {
        code = commands[row].run(&args);
    }
    cli_args_free(&args);
    return code;
}

int main(int argc, char **argv)
{
    cli_interrupt_install();
    if (argc < 2)
        return cli_fail(VV_E_USAGE, "give a command; voxveil --help lists them");
    if (!strcmp(argv[1], "--version")) {
        printf("voxveil %s\n", vv_version());
        return VV_OK;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        overview();
        return VV_OK;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (!strcmp(argv[1], commands[i].name))
            return run_command(i, argc - 1, argv + 1);
    }
    return cli_fail(VV_E_USAGE, "unknown command; this version has: deface, verify, info, devices, bench");
}
