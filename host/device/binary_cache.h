/* binary_cache.h - compiled device code kept between runs. Private to host/device.
 *
 * One file per key in $XDG_CACHE_HOME/voxveil (or ~/.cache/voxveil), readable by its owner only, replaced atomically.
 * It holds device code alone. Nothing here is an error to the caller: what cannot be read is compiled again, what
 * cannot be written is left. */
#ifndef VV_BINARY_CACHE_H
#define VV_BINARY_CACHE_H
#include <stddef.h>

/* The bytes stored under `key` (64 hexadecimal digits), to be released with vv_free; NULL where there are none, or they
 * are damaged, or the file is not the user's own. */
void *vv_binary_cache_get(const char *key, size_t *bytes);
void vv_binary_cache_put(const char *key, const void *data, size_t bytes);
#endif
