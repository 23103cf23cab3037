/* Two decoders: libdeflate for whole files whose contents are as long as the header says (all but a few), and zlib
 * where only the start is wanted or where more follows than the header says. Neither trusts the length that gzip
 * stores. */
#include "unpack.h"
#include "alloc.h"
#include <libdeflate.h>
#include <stdbool.h>
#include <zlib.h>

enum { STEP = 1 << 16 };
static const uint64_t slack = 64 << 20; /* contents after the voxels that are still read through to check them */
static const uint64_t max_ratio = 1032; /* deflate cannot do better: 258 bytes from 2 bits */

static bool is_gzip(const uint8_t *b, size_t n)
{
    return n >= 2 && b[0] == 0x1f && b[1] == 0x8b;
}

static vv_status damaged(vv_err *err)
{
    return vv_fail(err, VV_E_REFUSED, "gzip", "the gzip data are truncated or damaged; get a whole copy of the file");
}

static vv_status too_short(vv_err *err)
{
    return vv_fail(err, VV_E_REFUSED, "input",
                   "the file is shorter than its header says; get a whole copy of the file");
}

/* State of a zlib pass over a source. */
struct stream {
    const vv_source *source;
    uint64_t at; /* of the next byte to load */
    z_stream z;
    uint8_t in[STEP];
    uint8_t dropped[STEP];
};

static vv_status load(struct stream *st, vv_err *err)
{
    size_t got;
    vv_status status = vv_source_read(st->source, st->at, st->in, STEP, &got, err);
    st->at += got;
    st->z.next_in = st->in;
    st->z.avail_in = (uInt)got;
    return status;
}

/* At the end of a gzip member: goes on with the next one, if the source holds one. */
static vv_status next_member(struct stream *st, bool *more, vv_err *err)
{
    uint8_t start[2];
    size_t got;
    uint64_t here = st->at - st->z.avail_in;
    vv_status status = vv_source_read(st->source, here, start, sizeof start, &got, err);
    *more = status == VV_OK && is_gzip(start, got);
    if (*more)
        inflateReset(&st->z);
    return status;
}

/* Fills dst; when `through`, goes on to the end of the source, dropping what follows. *got: bytes in dst. Broken data
 * end the pass with *whole false. */
static vv_status run_stream(struct stream *st, uint8_t *dst, size_t want, bool through, size_t *got, bool *whole,
                            vv_err *err)
{
    uint64_t extra = 0;
    *got = 0;
    *whole = false;
    for (;;) {
        if (st->z.avail_in == 0) {
            vv_status status = load(st, err);
            if (status != VV_OK || st->z.avail_in == 0)
                return status;
        }
        bool full = *got == want;
        size_t room = full ? STEP : want - *got < STEP ? want - *got : STEP;
        st->z.next_out = full ? st->dropped : dst + *got;
        st->z.avail_out = (uInt)room;
        int rc = inflate(&st->z, Z_NO_FLUSH);
        size_t made = room - st->z.avail_out;
        if (full)
            extra += made;
        else
            *got += made;
        if (rc == Z_MEM_ERROR)
            return vv_fail(err, VV_E_RESOURCE, "gzip", "out of memory");
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return VV_OK;
        if (!through && *got == want)
            return VV_OK;
        if (extra > slack)
            return vv_fail(err, VV_E_REFUSED, "input", "the file is much longer than its header says");
        if (rc == Z_STREAM_END) {
            bool more;
            vv_status status = next_member(st, &more, err);
            if (status != VV_OK || !more) {
                *whole = status == VV_OK;
                return status;
            }
        }
    }
}

static vv_status inflate_source(const vv_source *s, uint8_t *dst, size_t want, bool through, size_t *got, bool *whole,
                                vv_err *err)
{
    struct stream *st = vv_calloc(1, sizeof *st);
    if (!st || inflateInit2(&st->z, 15 + 16) != Z_OK) {
        vv_free(st);
        return vv_fail(err, VV_E_RESOURCE, "gzip", "out of memory");
    }
    st->source = s;
    vv_status status = run_stream(st, dst, want, through, got, whole, err);
    inflateEnd(&st->z);
    vv_free(st);
    return status;
}

static vv_status source_is_gzip(const vv_source *s, bool *gzip, vv_err *err)
{
    uint8_t start[2];
    size_t got;
    vv_status status = vv_source_read(s, 0, start, sizeof start, &got, err);
    *gzip = status == VV_OK && is_gzip(start, got);
    return status;
}

vv_status vv_peek(const vv_source *s, uint8_t *dst, size_t cap, size_t *got, vv_err *err)
{
    bool gzip, whole;
    *got = 0;
    vv_status status = source_is_gzip(s, &gzip, err);
    if (status != VV_OK)
        return status;
    if (!gzip)
        return vv_source_read(s, 0, dst, cap, got, err);
    return inflate_source(s, dst, cap, false, got, &whole, err);
}

vv_status vv_unpack_check(const vv_source *s, uint64_t want, vv_err *err)
{
    bool gzip;
    vv_status status = source_is_gzip(s, &gzip, err);
    if (status != VV_OK)
        return status;
    return want / (gzip ? max_ratio : 1) > s->size ? too_short(err) : VV_OK;
}

/* Hashes the source from `at` to its end. */
static vv_status hash_rest(const vv_source *s, uint64_t at, vv_sha256 *hash, vv_err *err)
{
    uint8_t step[STEP];
    for (;;) {
        size_t got;
        vv_status status = vv_source_read(s, at, step, sizeof step, &got, err);
        if (status != VV_OK || got == 0)
            return status;
        vv_sha256_add(hash, step, got);
        at += got;
    }
}

static vv_status unpack_plain(const vv_source *s, uint8_t *dst, size_t want, vv_sha256 *hash, vv_err *err)
{
    size_t done = 0;
    while (done < want) { /* in steps, so that the bytes are still in the cache when they are hashed */
        size_t got, n = want - done < STEP ? want - done : STEP;
        vv_status status = vv_source_read(s, done, dst + done, n, &got, err);
        if (status != VV_OK)
            return status;
        vv_sha256_add(hash, dst + done, got);
        done += got;
        if (got < n)
            return too_short(err);
    }
    return hash_rest(s, want, hash, err);
}

/* Inflating and hashing a whole gzip file side by side. */
struct whole_file {
    const uint8_t *file;
    size_t bytes;
    uint8_t *dst;
    size_t want, got;
    enum libdeflate_result result;
    struct libdeflate_decompressor *decompressor;
    vv_sha256 *hash;
};

static void inflate_members(struct whole_file *w)
{
    size_t at = 0;
    w->result = LIBDEFLATE_SUCCESS;
    while (w->result == LIBDEFLATE_SUCCESS && is_gzip(w->file + at, w->bytes - at)) {
        size_t in = 0, out = 0;
        w->result = libdeflate_gzip_decompress_ex(w->decompressor, w->file + at, w->bytes - at, w->dst + w->got,
                                                  w->want - w->got, &in, &out);
        if (w->result == LIBDEFLATE_SUCCESS) {
            at += in;
            w->got += out;
        }
    }
}

static void inflate_or_hash(void *arg, int64_t task)
{
    struct whole_file *w = arg;
    if (task == 0)
        inflate_members(w);
    else
        vv_sha256_add(w->hash, w->file, w->bytes);
}

static vv_status inflate_whole(const vv_source *s, struct whole_file *w, vv_pool *pool, vv_err *err)
{
    size_t got;
    vv_status status = vv_source_read(s, 0, (uint8_t *)w->file, w->bytes, &got, err);
    if (status != VV_OK)
        return status;
    if (got < w->bytes)
        return too_short(err);
    vv_pool_run(pool, 2, inflate_or_hash, w);
    if (w->result == LIBDEFLATE_INSUFFICIENT_SPACE) { /* more follows than the header says */
        bool whole;
        status = inflate_source(s, w->dst, w->want, true, &w->got, &whole, err);
        if (status != VV_OK)
            return status;
        w->result = whole ? LIBDEFLATE_SUCCESS : LIBDEFLATE_BAD_DATA;
    }
    if (w->result != LIBDEFLATE_SUCCESS)
        return damaged(err);
    return w->got < w->want ? too_short(err) : VV_OK;
}

vv_status vv_unpack(const vv_source *s, vv_pool *pool, uint8_t *dst, size_t want, vv_sha256 *hash, vv_err *err)
{
    bool gzip;
    vv_status status = source_is_gzip(s, &gzip, err);
    if (status != VV_OK)
        return status;
    if (!gzip)
        return unpack_plain(s, dst, want, hash, err);
    if (s->size > 2 * (uint64_t)want + slack)
        return vv_fail(err, VV_E_REFUSED, "input", "the file is much longer than its header says");
    struct whole_file w = {.bytes = (size_t)s->size, .dst = dst, .want = want, .hash = hash};
    uint8_t *file = vv_malloc(w.bytes, 1);
    w.file = file;
    w.decompressor = libdeflate_alloc_decompressor();
    if (file && w.decompressor)
        status = inflate_whole(s, &w, pool, err);
    else
        status = vv_fail(err, VV_E_RESOURCE, "gzip", "out of memory");
    libdeflate_free_decompressor(w.decompressor);
    vv_free(file);
    return status;
}
