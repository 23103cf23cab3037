#include "progress.h"
#include "interrupt.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where each stage begins and ends on the bar, in percent; shares of the time of a 1 mm head on two cores. */
static const struct {
    const char *name;
    int from, to;
} stages[] = {
    {"read", 0, 15}, {"upload", 15, 20}, {"find", 20, 55}, {"remove", 55, 60}, {"verify", 60, 70}, {"write", 70, 100},
};

cli_progress cli_progress_begin(const cli_args *a)
{
    bool shown = a->progress == PROGRESS_ALWAYS || (a->progress == PROGRESS_AUTO && isatty(STDERR_FILENO));
    return (cli_progress){.shown = shown && !a->quiet, .stage = -1, .percent = -1};
}

/* The stage's row, or -1 for one that is not on the bar. */
static int stage_find(const char *name)
{
    for (int i = 0; i < (int)(sizeof stages / sizeof *stages); i++) {
        if (!strcmp(stages[i].name, name))
            return i;
    }
    return -1;
}

int cli_progress_step(cli_progress *p, const char *stage, double fraction)
{
    int i = p->shown ? stage_find(stage) : -1;
    int percent = i < 0 ? -1 : stages[i].from + (int)(fraction * (stages[i].to - stages[i].from));
    /* A stage begins at the percent where the one before it ended. */
    if (i >= 0 && (i != p->stage || percent != p->percent)) {
        static const char bar[] = "########################################";
        int width = (int)sizeof bar - 1, done = percent * width / 100;
        fprintf(stderr, "\r[%.*s%*s] %3d%% %-6s", done, bar, width - done, "", percent, stage);
        fflush(stderr);
        p->stage = i;
        p->percent = percent;
    }
    return cli_interrupted();
}

void cli_progress_end(cli_progress *p)
{
    if (p->percent >= 0)
        fputs("\r\033[K", stderr);
    p->stage = p->percent = -1;
}
