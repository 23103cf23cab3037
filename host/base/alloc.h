/* alloc.h - sizes checked before memory is taken. */
#ifndef VV_ALLOC_H
#define VV_ALLOC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* a*b*c in *out; false, with *out unchanged, where it does not fit PTRDIFF_MAX. */
bool vv_mul_size(size_t a, size_t b, size_t c, size_t *out);
/* NULL where count*size overflows, is more than the machine's memory, or memory is out; never NULL for an empty
 * request. vv_calloc zeroes. The caller owns the result and releases it with vv_free. */
void *vv_malloc(size_t count, size_t size);
void *vv_calloc(size_t count, size_t size);
void vv_free(void *p); /* NULL allowed */
#endif
