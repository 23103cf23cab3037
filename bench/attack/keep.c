/* keep.c - maps to a file and back: three 32-bit numbers (kind, person, group), then the depths. */
#include "keep.h"
#include <stdlib.h>
#include <string.h>

static bool keep_maps(FILE *f, int kind, const person *p, const vv_maps *m)
{
    const int32_t words[3] = {kind, p->number, p->group};
    return !m || (fwrite(words, sizeof words, 1, f) == 1 && fwrite(m, sizeof *m, 1, f) == 1);
}

bool keep_person(FILE *f, const person *p)
{
    bool done = keep_maps(f, KEPT_KNOWN, p, &p->known) && keep_maps(f, KEPT_ORIGINAL, p, &p->original);
    for (int k = 0; k < CLEANINGS; k++)
        done = done && keep_maps(f, KEPT_CLEANED + k, p, p->cleaned[k]);
    for (int k = 0; k < 2; k++)
        done = done && keep_maps(f, KEPT_UNBLURRED + k, p, p->unblurred[k]);
    for (int k = 0; k < CLEANINGS; k++)
        done = done && keep_maps(f, KEPT_LINKED + k, p, p->linked[k]);
    return done && fflush(f) == 0;
}

static void put(person *p, int kind, const vv_maps *m)
{
    if (kind == KEPT_KNOWN || kind == KEPT_ORIGINAL) {
        *(kind == KEPT_KNOWN ? &p->known : &p->original) = *m;
        return;
    }
    vv_maps **to = kind < KEPT_UNBLURRED ? &p->cleaned[kind - KEPT_CLEANED]
                   : kind < KEPT_LINKED  ? &p->unblurred[kind - KEPT_UNBLURRED]
                                         : &p->linked[kind - KEPT_LINKED];
    free(*to);
    *to = need(1, sizeof **to);
    **to = *m;
}

person *keep_read(const char *path, int *n)
{
    FILE *f = fopen(path, "rb");
    person *people = NULL;
    int32_t words[3];
    vv_maps *m = need(1, sizeof *m);
    *n = 0;
    while (f && fread(words, sizeof words, 1, f) == 1 && fread(m, sizeof *m, 1, f) == 1) {
        if (words[0] < 0 || words[0] >= KEPT_KINDS)
            break;
        if (*n == 0 || people[*n - 1].number != words[1]) {
            person *more = realloc(people, (size_t)(*n + 1) * sizeof *people);
            if (!more)
                exit(1);
            people = more;
            people[(*n)++] = (person){.number = words[1], .group = words[2], .there = true};
        }
        put(&people[*n - 1], words[0], m);
    }
    if (f)
        fclose(f);
    free(m);
    return people;
}

void people_free(person *people, int n)
{
    for (int i = 0; i < n; i++)
        person_free(&people[i]);
    free(people);
}
