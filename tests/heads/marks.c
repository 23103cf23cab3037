/* marks.c - the table of landmarks. */
#include "judge.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[MARKS] = {"nasion", "nose", "eye_l", "eye_r", "mouth", "chin", "ear_l", "ear_r"};

const char *mark_name(int mark)
{
    return names[mark];
}

/* The entry of `file`, which is the last one if any: the lines of a file stand together. NULL: out of memory. */
static marks *entry(marks **all, int *n, const char *file)
{
    if (*n > 0 && !strcmp((*all)[*n - 1].file, file))
        return &(*all)[*n - 1];
    marks *more = realloc(*all, ((size_t)*n + 1) * sizeof *more);
    if (!more)
        return NULL;
    *all = more;
    marks *m = &more[(*n)++];
    memset(m, 0, sizeof *m);
    snprintf(m->file, sizeof m->file, "%s", file);
    return m;
}

int marks_read(const char *path, marks **out)
{
    FILE *f = fopen(path, "r");
    char line[256], file[96], name[16];
    double at[3];
    int n = 0;
    *out = NULL;
    if (!f)
        return -1;
    while (fgets(line, sizeof line, f)) {
        /* A line without numbers is a landmark out of view; the heading has none either. */
        if (sscanf(line, "%95[^,],%15[^,],%lf,%lf,%lf", file, name, &at[0], &at[1], &at[2]) != 5)
            continue;
        marks *m = entry(out, &n, file);
        for (int i = 0; m && i < MARKS; i++)
            if (!strcmp(name, names[i])) {
                memcpy(m->at[i], at, sizeof at);
                m->known[i] = true;
            }
    }
    fclose(f);
    return n;
}
