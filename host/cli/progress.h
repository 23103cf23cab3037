/* progress.h - a bar on standard error. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H
#include "args.h"

typedef struct cli_progress {
    bool shown;
    int stage, percent; /* last drawn; -1: nothing on the line yet */
} cli_progress;

/* Decides whether a bar is shown: never with --quiet; "auto" only where standard error is a terminal. */
cli_progress cli_progress_begin(const cli_args *a);
/* Draws the bar where it moved; non-zero once the user has interrupted. */
int cli_progress_step(cli_progress *p, const char *stage, double fraction);
/* Takes the bar off the line. */
void cli_progress_end(cli_progress *p);
#endif
