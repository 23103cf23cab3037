#include "alloc.h"
#include <stdlib.h>
#include <unistd.h>

bool vv_mul_size(size_t a, size_t b, size_t c, size_t *out)
{
    size_t ab, abc;
    if (__builtin_mul_overflow(a, b, &ab) || __builtin_mul_overflow(ab, c, &abc) || abc > PTRDIFF_MAX)
        return false;
    *out = abc;
    return true;
}

/* The system promises more memory than it has and ends the process that takes it at its word. */
static bool machine_has(size_t bytes)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages <= 0 || page <= 0 || bytes / (size_t)page < (size_t)pages;
}

static bool fits(size_t count, size_t size, size_t *bytes)
{
    static const size_t large = 256u << 20; /* below it the question costs more than it is worth */
    return vv_mul_size(count, size, 1, bytes) && (*bytes < large || machine_has(*bytes));
}

void *vv_malloc(size_t count, size_t size)
{
    size_t bytes;
    if (!fits(count, size, &bytes))
        return NULL;
    return malloc(bytes ? bytes : 1); /* never NULL for an empty request: NULL means that memory is out */
}

void *vv_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (!fits(count, size, &bytes))
        return NULL;
    return calloc(bytes ? bytes : 1, 1);
}

void vv_free(void *p)
{
    free(p);
}
