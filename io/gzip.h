/* gzip.h - writing gzip on several threads.
 *
 * The output is one gzip member, as every reader takes it, with no name, time 0 and operating system "unknown" (RFC
 * 1952). The input is cut at fixed places, so the bytes do not depend on the number of threads. */
#ifndef VV_GZIP_H
#define VV_GZIP_H
#include "pending.h"
#include "pool.h"

/* One run of input bytes; `swap`: see vv_swap_unit, 1 where the bytes go out as they are. */
typedef struct vv_part {
    const void *data;
    size_t bytes;
    int swap;
} vv_part;

enum { VV_GZIP_LEVEL = 1 }; /* the default; figures in docs/formats.md */

/* Writes the parts one after the other to the last file of `p`: as they are, or as gzip at `level` (1 to 9; 0:
 * default). Each compressed piece is decoded by zlib and compared before it is written. */
VV_NODISCARD vv_status vv_parts_write(vv_pending *p, const vv_part *parts, int count, vv_err *err);
VV_NODISCARD vv_status vv_parts_gzip(vv_pending *p, const vv_part *parts, int count, int level, vv_pool *pool,
                                     vv_err *err);
#endif
