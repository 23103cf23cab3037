/* unpack.h - the contents of a source, gunzipped where it is gzip; told by its first bytes, not by its name. */
#ifndef VV_UNPACK_H
#define VV_UNPACK_H
#include "hash.h"
#include "pool.h"
#include "source.h"

/* The first bytes of the contents, at most `cap`; *got is less only when the contents end or the gzip data break there.
 */
VV_NODISCARD vv_status vv_peek(const vv_source *s, uint8_t *dst, size_t cap, size_t *got, vv_err *err);
/* Before memory is taken for them: whether the source can hold `want` bytes of contents at all. VV_E_REFUSED: it
 * cannot. */
VV_NODISCARD vv_status vv_unpack_check(const vv_source *s, uint64_t want, vv_err *err);
/* The first `want` bytes of the contents into dst, and every byte of the source as stored into *hash. Contents after
 * `want` are checked and dropped. VV_E_REFUSED: fewer than `want`, broken gzip data, or far more than `want`. */
VV_NODISCARD vv_status vv_unpack(const vv_source *s, vv_pool *pool, uint8_t *dst, size_t want, vv_sha256 *hash,
                                 vv_err *err);
#endif
