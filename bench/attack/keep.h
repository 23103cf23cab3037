/* keep.h - scans as maps in a file, so that attacks can be tried again on what took long to make. Host byte order. */
#ifndef BENCH_KEEP_H
#define BENCH_KEEP_H
#include "people.h"
#include <stdio.h>

/* Kinds of scan in such a file. */
enum {
    KEPT_KNOWN,
    KEPT_ORIGINAL,
    KEPT_CLEANED,
    KEPT_UNBLURRED = KEPT_CLEANED + CLEANINGS,
    KEPT_LINKED = KEPT_UNBLURRED + 2,
    KEPT_KINDS = KEPT_LINKED + CLEANINGS
};

/* Appends a person. False: it could not be written. */
bool keep_person(FILE *f, const person *p);
/* Reads all persons; *n of them, by people_free. NULL: the file cannot be read. */
person *keep_read(const char *path, int *n);
void people_free(person *people, int n);
#endif
