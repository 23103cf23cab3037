/* table.h - one way of cleaning attacked, as lines of text. */
#ifndef BENCH_ATTACK_TABLE_H
#define BENCH_ATTACK_TABLE_H
#include "people.h"

/* Runs the attacks on all people cleaned so, and prints the figures. False: a line on standard error says why not. */
bool table_print(const person *people, int n, cleaning how);
#endif
