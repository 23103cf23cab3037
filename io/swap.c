#include "swap.h"
#include <string.h>

enum { CHUNK = 1 << 20 };

#define SWAP_LOOP(type, reverse)                                                                                       \
    for (size_t i = 0; i < bytes; i += sizeof(type)) {                                                                 \
        type x;                                                                                                        \
        memcpy(&x, s + i, sizeof x);                                                                                   \
        x = reverse(x);                                                                                                \
        memcpy(d + i, &x, sizeof x);                                                                                   \
    }

static void swap16(unsigned char *d, const unsigned char *s, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 16) {
        uint64_t low, high;
        memcpy(&low, s + i, 8);
        memcpy(&high, s + i + 8, 8);
        low = __builtin_bswap64(low);
        high = __builtin_bswap64(high);
        memcpy(d + i, &high, 8);
        memcpy(d + i + 8, &low, 8);
    }
}

void vv_swap_copy(void *dst, const void *src, size_t bytes, int unit)
{
    unsigned char *d = dst;
    const unsigned char *s = src;
    switch (unit) {
    case 2:
        SWAP_LOOP(uint16_t, __builtin_bswap16);
        break;
    case 4:
        SWAP_LOOP(uint32_t, __builtin_bswap32);
        break;
    case 8:
        SWAP_LOOP(uint64_t, __builtin_bswap64);
        break;
    case 16:
        swap16(d, s, bytes);
        break;
    default:
        if (d != s)
            memcpy(d, s, bytes);
    }
}

struct job {
    unsigned char *data;
    size_t bytes;
    int unit;
};

static void swap_chunk(void *arg, int64_t task)
{
    const struct job *j = arg;
    size_t at = (size_t)task * CHUNK, left = j->bytes - at;
    vv_swap_copy(j->data + at, j->data + at, left < CHUNK ? left : CHUNK, j->unit);
}

void vv_swap_all(void *data, size_t bytes, int unit, vv_pool *pool)
{
    struct job j = {data, bytes, unit};
    if (unit > 1)
        vv_pool_run(pool, (int64_t)((bytes + CHUNK - 1) / CHUNK), swap_chunk, &j);
}

int vv_swap_unit(vv_dtype t)
{
    switch (t) {
    case VV_DT_U16:
    case VV_DT_I16:
        return 2;
    case VV_DT_U32:
    case VV_DT_I32:
    case VV_DT_F32:
        return 4;
    case VV_DT_U64:
    case VV_DT_I64:
    case VV_DT_F64:
        return 8;
    case VV_DT_F128:
        return 16;
    default:
        return 1;
    }
}
