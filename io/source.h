/* source.h - the bytes of an input: a regular file, or memory (for the fuzzer and for callers that hold the file). */
#ifndef VV_SOURCE_H
#define VV_SOURCE_H
#include "err.h"

typedef struct vv_source {
    int fd;                /* -1 for memory */
    const uint8_t *memory; /* borrowed */
    uint64_t size;         /* bytes */
} vv_source;

/* VV_E_USAGE: no such file. VV_E_REFUSED: a folder, a pipe, a device, an empty or unreadable file. VV_E_RESOURCE: try
 * again. *s needs no close after a failure. */
VV_NODISCARD vv_status vv_source_open(const char *path, vv_source *s, vv_err *err);
vv_source vv_source_memory(const void *bytes, size_t n);
void vv_source_close(vv_source *s);
/* Up to n bytes from `offset`; *got is less than n only at the end. Safe from several threads. */
VV_NODISCARD vv_status vv_source_read(const vv_source *s, uint64_t offset, void *dst, size_t n, size_t *got,
                                      vv_err *err);
#endif
