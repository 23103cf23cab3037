/* fuzz.h - what the fuzzer and the replay of its corpus share. */
#ifndef FUZZ_H
#define FUZZ_H
#include "format.h"

/* Reads the bytes as a NIfTI or ANALYZE file; what came of it. Ends the process where that breaks a promise. */
vv_status fuzz_nifti(const uint8_t *data, size_t n);
#endif
