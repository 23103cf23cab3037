#include "config.h"
#include "commands.h"
#include "say.h"
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct config {
    cli_args *args;
    bool given[OPT_COUNT]; /* stood on the command line, which wins */
    FILE *file;
    int line; /* number of the one read last */
    vv_status status;
} config;

static bool is_yes(const char *s)
{
    return !strcmp(s, "yes") || !strcmp(s, "true") || !strcmp(s, "on") || !strcmp(s, "1");
}

static bool is_no(const char *s)
{
    return !strcmp(s, "no") || !strcmp(s, "false") || !strcmp(s, "off") || !strcmp(s, "0");
}

static void set(config *c, enum cli_option option, const char *value)
{
    cli_args *a = c->args;
    if (cli_option_is_switch(option)) {
        if (!is_yes(value) && !is_no(value)) {
            c->status = cli_fail(VV_E_USAGE, "config: '%s' is a switch; give yes or no", cli_option_name(option));
            return;
        }
        a->value[option] = is_yes(value) ? "yes" : NULL;
        return;
    }
    char *copy = strdup(value);
    if (!copy) {
        c->status = cli_fail(VV_E_RESOURCE, "config: out of memory; try again");
        return;
    }
    free(a->owned[option]);
    a->owned[option] = copy;
    a->value[option] = copy;
}

/* Called by inih for each "name = value"; 0 stops nothing but counts as an error of that line. */
static int on_line(void *user, const char *section, const char *name, const char *value)
{
    config *c = user;
    if (c->status)
        return 1;
    int of = *section ? cli_command_find(section) : 0;
    enum cli_option option = cli_option_find(name);
    if (option == OPT_COUNT || option == OPT_CONFIG || option == OPT_HELP)
        return 0;
    int takers = cli_option_commands(option);
    if (of && !(takers & of))
        return 0;
    bool mine = (takers & c->args->command) && (!of || of == c->args->command);
    if (!mine || c->given[option])
        return 1;
    set(c, option, value);
    return 1;
}

/* "[name]" and nothing behind it but a comment: inih tells nobody of an empty section and drops what follows one. */
static void check_section(config *c, char *line)
{
    char *end = strchr(line, ']');
    if (!end)
        return; /* an error of the line to inih */
    *end = 0;
    if (!cli_command_find(line + 1))
        c->status =
            cli_fail(VV_E_USAGE, "config: line %d: a section is named after no command of this version", c->line);
    *end = ']';
    const char *rest = end + 1 + strspn(end + 1, " \t\r");
    if (!c->status && *rest && *rest != ';' && *rest != '#')
        c->status = cli_fail(VV_E_USAGE, "config: line %d: put what follows the section on a line of its own", c->line);
}

/* One line for inih, without the blanks before it: to inih they would make it part of the line before. NULL at the end
 * of the file and at what must not be passed on: inih would take the rest of a line that is too long for the next one,
 * and never see what follows a zero byte. */
static char *next_line(char *line, int size, void *user)
{
    config *c = user;
    int n = 0, ch = EOF;
    c->line++;
    while (!c->status && (ch = getc(c->file)) != EOF && ch != '\n') {
        if (n == 0 && (ch == ' ' || ch == '\t' || ch == '\r'))
            continue;
        if (ch == 0 || n + 1 >= size)
            c->status = cli_fail(VV_E_USAGE, "config: line %d is too long or holds a zero byte; at most %d bytes",
                                 c->line, size - 1);
        else
            line[n++] = (char)ch;
    }
    if (c->status || (n == 0 && ch == EOF))
        return NULL;
    line[n] = 0;
    char *start = line + (strncmp(line, "\xEF\xBB\xBF", 3) ? 0 : 3); /* the byte order mark of some editors */
    start += strspn(start, " \t\r");
    if (*start == '[')
        check_section(c, start);
    return c->status ? NULL : line;
}

vv_status cli_config_read(cli_args *a, const char *path)
{
    config c = {.args = a, .file = fopen(path, "r")};
    for (int i = 0; i < OPT_COUNT; i++)
        c.given[i] = a->value[i] != NULL;
    if (!c.file)
        return cli_fail(VV_E_USAGE, "config: the configuration file cannot be opened; check --config");
    int line = ini_parse_stream(next_line, &c, on_line, &c);
    bool unreadable = ferror(c.file) != 0;
    fclose(c.file);
    if (c.status)
        return c.status;
    if (unreadable)
        return cli_fail(VV_E_USAGE, "config: the configuration file cannot be read; check --config");
    if (line != 0)
        return cli_fail(
            line < 0 ? VV_E_RESOURCE : VV_E_USAGE,
            "config: line %d is not an option that belongs there; write 'name = value' with the names of --help", line);
    return VV_OK;
}
