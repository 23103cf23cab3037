/* base64.h - bytes as text (RFC 4648) through libsodium. */
#ifndef VV_BASE64_H
#define VV_BASE64_H
#include <stddef.h>

/* A string of the caller's, released with vv_free; NULL: memory is out. */
char *vv_base64(const void *data, size_t bytes);
#endif
