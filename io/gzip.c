/* How one member comes out of many pieces: each piece is compressed by itself to a whole deflate stream (libdeflate
 * writes no other). zlib then walks it (Z_BLOCK) to find the first bit of its last block and the bit after its end; the
 * "last" mark is cleared and an empty stored block brings the end to a byte boundary, so that the pieces can simply
 * stand one behind the other (RFC 1951, 3.2.3 and 3.2.4; the way of zlib's example gzjoin.c). The walk decodes the
 * piece, and so proves it. */
#include "gzip.h"
#include "alloc.h"
#include "swap.h"
#include <libdeflate.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 1 << 20, TAIL = 8, MAX_BATCH = 16 };

/* Room for one piece; two sets of these alternate between compressing and writing. */
struct slot {
    const uint8_t *input; /* the piece in file order: in the volume, or `swapped` */
    uint8_t *swapped, *out, *check;
    size_t in_bytes, out_bytes;
    struct libdeflate_compressor *compressor;
    vv_status status;
};

struct job {
    const vv_part *parts;
    int count;
    vv_pending *pending;
    size_t out_room;
    int batch;          /* slots in a set */
    struct slot *slots; /* 2 * batch */
    int64_t pieces;
    int64_t first;         /* piece in the first slot of the set being compressed */
    int filling, emptying; /* pieces in the two sets */
    int set;               /* 0 or 1: which set is being compressed */
    uint32_t crc;
    uint32_t length;
    vv_status status; /* of writing */
    vv_err *err;
};

static int64_t pieces_of(const vv_part *p)
{
    return (int64_t)(p->bytes / PIECE + (p->bytes % PIECE != 0));
}

/* Piece number `piece` of all parts: where it starts, how long it is. */
static size_t find_piece(const vv_part *parts, int64_t piece, const vv_part **part, size_t *at)
{
    for (*part = parts; piece >= pieces_of(*part); (*part)++)
        piece -= pieces_of(*part);
    *at = (size_t)piece * PIECE;
    size_t left = (*part)->bytes - *at;
    return left < PIECE ? left : PIECE;
}

/* Bits [*last, *end) of the deflate stream are its last block. False where it is not the stream of `input`. */
static vv_status find_last_block(const struct slot *s, uint64_t *last, uint64_t *end)
{
    z_stream z = {
        .next_in = s->out, .avail_in = (uInt)s->out_bytes, .next_out = s->check, .avail_out = (uInt)s->in_bytes};
    if (inflateInit2(&z, -15) != Z_OK)
        return VV_E_RESOURCE;
    vv_status status = VV_OK;
    *last = *end = 0;
    for (;;) {
        int rc = inflate(&z, Z_BLOCK);
        bool boundary = z.data_type & 128, in_last = z.data_type & 64;
        uint64_t here = 8 * (uint64_t)z.total_in - (unsigned)(z.data_type & 7);
        if ((rc != Z_OK && rc != Z_STREAM_END) || !boundary) {
            status = rc == Z_MEM_ERROR ? VV_E_RESOURCE : VV_E_INTERNAL;
            break;
        }
        if (in_last) {
            *end = here;
            break;
        }
        *last = here;
    }
    if (status == VV_OK && (z.total_out != s->in_bytes || memcmp(s->check, s->input, s->in_bytes) != 0))
        status = VV_E_INTERNAL;
    inflateEnd(&z);
    return status;
}

/* Makes the stream one that more can follow. There is room for TAIL bytes after it. */
static vv_status open_end(struct slot *s)
{
    uint64_t last, end;
    vv_status status = find_last_block(s, &last, &end);
    if (status != VV_OK)
        return status;
    s->out[last >> 3] &= (uint8_t) ~(1u << (last & 7));
    size_t n = (size_t)(end >> 3);
    unsigned used = end & 7;
    if (used > 0)
        s->out[n] &= (uint8_t)((1u << used) - 1);
    else
        s->out[n] = 0;
    n++;
    if (used > 5) /* the three bits of the empty block's head do not fit in */
        s->out[n++] = 0;
    memcpy(s->out + n, "\0\0\xff\xff", 4);
    s->out_bytes = n + 4;
    return VV_OK;
}

static void compress_piece(struct job *j, int index)
{
    struct slot *s = &j->slots[j->set * j->batch + index];
    const vv_part *part;
    size_t at;
    s->in_bytes = find_piece(j->parts, j->first + index, &part, &at);
    s->input = (const uint8_t *)part->data + at;
    if (part->swap > 1) {
        vv_swap_copy(s->swapped, s->input, s->in_bytes, part->swap);
        s->input = s->swapped;
    }
    s->out_bytes = libdeflate_deflate_compress(s->compressor, s->input, s->in_bytes, s->out, j->out_room - TAIL);
    s->status = s->out_bytes > 0 ? open_end(s) : VV_E_INTERNAL;
}

static vv_status write_set(struct job *j)
{
    for (int i = 0; i < j->emptying; i++) {
        struct slot *s = &j->slots[(1 - j->set) * j->batch + i];
        if (s->status == VV_E_RESOURCE)
            return vv_fail(j->err, s->status, "gzip", "out of memory");
        if (s->status != VV_OK)
            return vv_fail(j->err, s->status, "gzip", "a compressed piece did not decode to its input; report this");
        j->crc = libdeflate_crc32(j->crc, s->input, s->in_bytes);
        j->length += (uint32_t)s->in_bytes; /* modulo 2^32, as the format wants it */
        vv_status status = vv_pending_write(j->pending, s->out, s->out_bytes, j->err);
        if (status != VV_OK)
            return status;
    }
    return VV_OK;
}

/* Task 0 writes the set before, the others compress this one. */
static void write_or_compress(void *arg, int64_t task)
{
    struct job *j = arg;
    if (task == 0)
        j->status = write_set(j);
    else
        compress_piece(j, (int)task - 1);
}

static vv_status all_pieces(struct job *j, vv_pool *pool)
{
    for (j->first = 0; j->first < j->pieces || j->emptying > 0; j->first += j->filling) {
        j->filling = j->pieces - j->first < j->batch ? (int)(j->pieces - j->first) : j->batch;
        vv_pool_run(pool, 1 + j->filling, write_or_compress, j);
        if (j->status != VV_OK)
            return j->status;
        j->emptying = j->filling;
        j->set = 1 - j->set;
        if (j->filling == 0)
            break;
    }
    return VV_OK;
}

static vv_status make_slots(struct job *j, int level)
{
    bool swap = false;
    for (int i = 0; i < j->count; i++)
        swap = swap || j->parts[i].swap > 1;
    j->slots = vv_calloc((size_t)(2 * j->batch), sizeof *j->slots);
    for (int i = 0; j->slots && i < 2 * j->batch; i++) {
        struct slot *s = &j->slots[i];
        s->compressor = libdeflate_alloc_compressor(level);
        if (!s->compressor)
            return VV_E_RESOURCE;
        if (i == 0)
            j->out_room = libdeflate_deflate_compress_bound(s->compressor, PIECE) + TAIL;
        s->out = vv_malloc(j->out_room, 1);
        s->check = vv_malloc(PIECE, 1);
        s->swapped = swap ? vv_malloc(PIECE, 1) : NULL;
        if (!s->out || !s->check || (swap && !s->swapped))
            return VV_E_RESOURCE;
    }
    return j->slots ? VV_OK : VV_E_RESOURCE;
}

static void free_slots(struct job *j)
{
    for (int i = 0; j->slots && i < 2 * j->batch; i++) {
        libdeflate_free_compressor(j->slots[i].compressor);
        vv_free(j->slots[i].out);
        vv_free(j->slots[i].check);
        vv_free(j->slots[i].swapped);
    }
    vv_free(j->slots);
}

static vv_status write_trailer(struct job *j)
{
    uint8_t tail[13] = {1, 0, 0, 0xff, 0xff}; /* an empty stored block, the last; then CRC and length */
    for (int i = 0; i < 4; i++) {
        tail[5 + i] = (uint8_t)(j->crc >> (8 * i));
        tail[9 + i] = (uint8_t)(j->length >> (8 * i));
    }
    return vv_pending_write(j->pending, tail, sizeof tail, j->err);
}

vv_status vv_parts_gzip(vv_pending *p, const vv_part *parts, int count, int level, vv_pool *pool, vv_err *err)
{
    static const uint8_t head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    struct job j = {.parts = parts, .count = count, .pending = p, .err = err};
    for (int i = 0; i < count; i++)
        j.pieces += pieces_of(&parts[i]);
    j.batch = 2 * vv_pool_threads(pool) < MAX_BATCH ? 2 * vv_pool_threads(pool) : MAX_BATCH;
    if (j.pieces < j.batch)
        j.batch = j.pieces > 0 ? (int)j.pieces : 1;
    vv_status status = make_slots(&j, level == 0 ? VV_GZIP_LEVEL : level);
    if (status != VV_OK)
        status = vv_fail(err, status, "gzip", "out of memory");
    if (status == VV_OK)
        status = vv_pending_write(p, head, sizeof head, err);
    if (status == VV_OK)
        status = all_pieces(&j, pool);
    if (status == VV_OK)
        status = write_trailer(&j);
    free_slots(&j);
    return status;
}

vv_status vv_parts_write(vv_pending *p, const vv_part *parts, int count, vv_err *err)
{
    uint8_t *step = vv_malloc(PIECE, 1);
    if (!step)
        return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    int64_t pieces = 0;
    for (int i = 0; i < count; i++)
        pieces += pieces_of(&parts[i]);
    vv_status status = VV_OK;
    for (int64_t i = 0; i < pieces && status == VV_OK; i++) {
        const vv_part *part;
        size_t at, n = find_piece(parts, i, &part, &at);
        const uint8_t *piece = (const uint8_t *)part->data + at;
        if (part->swap > 1) {
            vv_swap_copy(step, piece, n, part->swap);
            piece = step;
        }
        status = vv_pending_write(p, piece, n, err);
    }
    vv_free(step);
    return status;
}
