#include "hash.h"

void vv_sha256_begin(vv_sha256 *h)
{
    crypto_hash_sha256_init(&h->state);
}

void vv_sha256_add(vv_sha256 *h, const void *data, size_t bytes)
{
    if (bytes > 0)
        crypto_hash_sha256_update(&h->state, data, bytes);
}

void vv_sha256_end(vv_sha256 *h, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char raw[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&h->state, raw);
    for (size_t i = 0; i < sizeof raw; i++) {
        hex[2 * i] = digits[raw[i] >> 4];
        hex[2 * i + 1] = digits[raw[i] & 15];
    }
    hex[64] = 0;
}
