/* gzip: the same bytes on any number of threads, one member, and what zlib makes of it; and reading what others write.
 */
#include "test.h"
#include "format.h"
#include "gzip.h"
#include "made.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static char folder[512];

static vv_pool *threads(int n)
{
    vv_pool *pool = NULL;
    assert_int_equal(vv_pool_create(n, &pool, NULL), VV_OK);
    return pool;
}

enum fill { ZEROS, NOISE, RAMP };

static uint8_t *fill(size_t n, enum fill kind)
{
    uint8_t *p = malloc(n + 1);
    assert_non_null(p);
    uint32_t x = 12345;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        p[i] = kind == ZEROS ? 0 : kind == NOISE ? (uint8_t)(x >> 24) : (uint8_t)(i >> 4);
    }
    return p;
}

/* The parts as gzip into a file; its bytes as stored. */
static uint8_t *packed(const vv_part *parts, int count, int level, int nthreads, size_t *n)
{
    char path[600];
    snprintf(path, sizeof path, "%s/packed.gz", folder);
    vv_pool *pool = threads(nthreads);
    vv_pending *p = vv_pending_new();
    vv_err err = {0};
    assert_non_null(p);
    assert_int_equal(vv_pending_add(p, path, &err), VV_OK);
    if (vv_parts_gzip(p, parts, count, level, pool, &err) != VV_OK)
        fail_msg("%s", err.message);
    assert_int_equal(vv_file_commit(&p, true, &err), VV_OK);
    vv_pool_destroy(&pool);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *n = (size_t)ftell(f);
    rewind(f);
    uint8_t *bytes = malloc(*n);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *n, f), *n);
    fclose(f);
    remove(path);
    return bytes;
}

/* One gzip member and nothing after it, by zlib. */
static void check_one_member(const uint8_t *gz, size_t n, const uint8_t *want, size_t want_bytes)
{
    uint8_t *out = malloc(want_bytes + 1);
    assert_non_null(out);
    z_stream z = {
        .next_in = (Bytef *)(uintptr_t)gz, .avail_in = (uInt)n, .next_out = out, .avail_out = (uInt)want_bytes + 1};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(z.total_out, want_bytes);
    assert_memory_equal(out, want, want_bytes);
    inflateEnd(&z);
    free(out);
    assert_memory_equal(gz + 4, "\0\0\0\0", 4); /* time */
    assert_int_equal(gz[3], 0);                 /* no name, no comment */
}

static void sizes_fills_threads(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 12345, 19 << 20};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        for (int kind = ZEROS; kind <= RAMP; kind++) {
            uint8_t *data = fill(sizes[s], (enum fill)kind), *first = NULL;
            size_t first_bytes = 0;
            vv_part part = {data, sizes[s], 1};
            static const int counts[] = {1, 2, 7};
            for (int t = 0; t < 3; t++) {
                size_t n;
                uint8_t *gz = packed(&part, 1, 0, counts[t], &n);
                if (first) {
                    assert_int_equal(n, first_bytes);
                    assert_memory_equal(gz, first, n);
                    free(gz);
                } else {
                    check_one_member(gz, n, data, sizes[s]);
                    first = gz;
                    first_bytes = n;
                }
            }
            free(first);
            free(data);
        }
    }
}

static void levels_and_parts(void **state)
{
    (void)state;
    size_t n, a = 348, b = (2 << 20) + 30;
    uint8_t *all = fill(a + b, RAMP);
    for (int level = 1; level <= 9; level++) {
        vv_part parts[3] = {{all, a, 1}, {all, 0, 1}, {all + a, b, 1}};
        uint8_t *gz = packed(parts, 3, level, 2, &n);
        check_one_member(gz, n, all, a + b);
        free(gz);
    }
    /* Swapped on the way out. */
    uint8_t *turned = malloc(b);
    assert_non_null(turned);
    for (size_t i = 0; i < b; i++)
        turned[i] = all[i ^ 1];
    vv_part part = {all, b, 2};
    uint8_t *gz = packed(&part, 1, 0, 2, &n);
    check_one_member(gz, n, turned, b);
    free(gz);
    free(turned);
    free(all);
}

/* Reads a made volume from these bytes; the status. */
static vv_status read_bytes(const uint8_t *gz, size_t n, const made_file *f)
{
    char path[600];
    snprintf(path, sizeof path, "%s/in.nii.gz", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(gz, 1, n, file), n);
    fclose(file);
    vv_pool *pool = threads(2);
    vv_read_result r;
    vv_status status = vv_file_read(path, pool, &r, NULL);
    if (status == VV_OK)
        assert_memory_equal(r.volume.data, made_voxels(f), f->data_bytes);
    vv_file_close(&r);
    vv_pool_destroy(&pool);
    return status;
}

static void foreign_members(void **state)
{
    (void)state;
    made_spec s = made_default();
    made_file f = made_build(&s);
    size_t na, nb, half = 200;
    vv_part a = {f.header, half, 1}, b = {f.header + half, f.header_bytes - half, 1};
    uint8_t *ga = packed(&a, 1, 6, 1, &na), *gb = packed(&b, 1, 6, 1, &nb);
    uint8_t *both = malloc(na + 2 * nb + 4);
    assert_non_null(both);
    memcpy(both, ga, na);
    memcpy(both + na, gb, nb);
    assert_int_equal(read_bytes(both, na + nb, &f), VV_OK); /* two members, split inside the header */
    memset(both + na + nb, 0, 4);
    assert_int_equal(read_bytes(both, na + nb + 4, &f), VV_OK); /* padding after the last */
    memcpy(both + na + nb, gb, nb);
    assert_int_equal(read_bytes(both, na + 2 * nb, &f), VV_OK); /* contents after the voxels */
    both[na + 2 * nb - 6] ^= 1;
    assert_int_equal(read_bytes(both, na + 2 * nb, &f), VV_E_REFUSED); /* and those are checked too */
    assert_int_equal(read_bytes(both, na, &f), VV_E_REFUSED);
    free(ga);
    free(gb);
    free(both);
    made_free(&f);
}

static int setup(void **state)
{
    (void)state;
    made_folder(folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    made_remove_folder(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_fills_threads),
        cmocka_unit_test(levels_and_parts),
        cmocka_unit_test(foreign_members),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
