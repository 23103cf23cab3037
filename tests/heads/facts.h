/* facts.h - what a report says, as numbers. */
#ifndef HEADS_FACTS_H
#define HEADS_FACTS_H
#include <stdbool.h>

enum { FACTS_GATES = 24, FACTS_FAILED = 240 };

typedef struct facts {
    struct {
        char name[40];
        double value;
    } gate[FACTS_GATES];
    int gates;
    char failed[FACTS_FAILED]; /* names of the gates that failed, a space between */
    bool placed;               /* there is a pose */
    double pose[16];           /* atlas mm to subject mm, row-major */
    double find_ms, total_ms;
} facts;

/* Reads the JSON of vv_report_json. False: it is none. */
bool facts_read(const char *json, facts *out);
/* The value of a gate, or `none` where the report has no such gate. */
double fact_of(const facts *f, const char *gate, double none);
#endif
