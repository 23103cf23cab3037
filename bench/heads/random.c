/* random.c - numbers that are the same in every run. */
#include "random.h"
#include <math.h>

uint64_t random_bits(random_stream *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void stir(random_stream *r, const char *word)
{
    for (; *word; word++) {
        r->state ^= (unsigned char)*word;
        random_bits(r);
        r->state *= 0x100000001b3u;
    }
    random_bits(r);
}

random_stream random_for(uint64_t seed, const char *a, const char *b)
{
    random_stream r = {seed};
    stir(&r, a);
    stir(&r, b);
    return r;
}

double random_between(random_stream *r, double lo, double hi)
{
    return lo + (hi - lo) * ((double)(random_bits(r) >> 11) * 0x1p-53);
}

int64_t random_below(random_stream *r, int64_t n)
{
    return (int64_t)(random_bits(r) % (uint64_t)n);
}

double random_normal(random_stream *r)
{
    double u = 1 - random_between(r, 0, 1), v = random_between(r, 0, 1);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}
