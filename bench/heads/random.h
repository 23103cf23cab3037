/* random.h - numbers that are the same in every run. */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H
#include <stdint.h>

typedef struct random_stream {
    uint64_t state;
} random_stream;

/* A stream for one draw: of the run's seed and up to two words. */
random_stream random_for(uint64_t seed, const char *a, const char *b);
/* Uniform in 0..2^64-1 (splitmix64, Steele et al., OOPSLA 2014). */
uint64_t random_bits(random_stream *r);
/* Uniform in [lo, hi). */
double random_between(random_stream *r, double lo, double hi);
/* Uniform in 0..n-1. */
int64_t random_below(random_stream *r, int64_t n);
/* Mean 0, deviation 1 (Box-Muller). */
double random_normal(random_stream *r);
#endif
