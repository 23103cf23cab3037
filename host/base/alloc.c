#include "alloc.h"
#include <stdlib.h>

bool vv_mul_size(size_t a, size_t b, size_t c, size_t *out)
{
    size_t ab, abc;
    if (__builtin_mul_overflow(a, b, &ab) || __builtin_mul_overflow(ab, c, &abc) || abc > PTRDIFF_MAX)
        return false;
    *out = abc;
    return true;
}

void *vv_malloc(size_t count, size_t size)
{
    size_t bytes;
    if (!vv_mul_size(count, size, 1, &bytes))
        return NULL;
    return malloc(bytes ? bytes : 1); /* never NULL for an empty request: NULL means that memory is out */
}

void *vv_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (!vv_mul_size(count, size, 1, &bytes))
        return NULL;
    return calloc(bytes ? bytes : 1, 1);
}

void vv_free(void *p)
{
    free(p);
}
