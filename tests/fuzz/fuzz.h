/* fuzz.h - what the fuzzer and the replay of its corpus share. */
#ifndef FUZZ_H
#define FUZZ_H
#include "err.h"
#include <stdbool.h>

/* Reads the bytes as a file of the target's format; what came of it. Ends the process where that breaks a promise. */
vv_status fuzz_one(const uint8_t *data, size_t n);
#endif
