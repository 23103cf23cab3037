/* hash.h - SHA-256 (FIPS 180-4) through libsodium. */
#ifndef VV_HASH_H
#define VV_HASH_H
#include <sodium/crypto_hash_sha256.h>
#include <stddef.h>

/* A digest in progress: begin, add any number of times, end once. Belongs to one thread at a time; holds no memory. */
typedef struct vv_sha256 {
    crypto_hash_sha256_state state;
} vv_sha256;

void vv_sha256_begin(vv_sha256 *h);
void vv_sha256_add(vv_sha256 *h, const void *data, size_t bytes);
/* 64 lower-case hexadecimal digits and a NUL. */
void vv_sha256_end(vv_sha256 *h, char hex[65]);
#endif
