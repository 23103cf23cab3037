/* Every allocation fails once: the call says so, crashes nowhere and loses nothing (the leak check is the sanitizer's).
 * The linker puts the functions below in place of the real ones (--wrap). */
#include "test.h"
#include "format.h"
#include "made.h"
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static long countdown; /* 0: never; 1: the next one fails */
static bool struck;

static bool strike(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    struck = true;
    return true;
}

void *__real_vv_malloc(size_t count, size_t size);
void *__real_vv_calloc(size_t count, size_t size);
struct libdeflate_compressor *__real_libdeflate_alloc_compressor(int level);
struct libdeflate_decompressor *__real_libdeflate_alloc_decompressor(void);
int __real_inflateInit2_(z_streamp z, int bits, const char *version, int size);

void *__wrap_vv_malloc(size_t count, size_t size)
{
    return strike() ? NULL : __real_vv_malloc(count, size);
}
void *__wrap_vv_calloc(size_t count, size_t size)
{
    return strike() ? NULL : __real_vv_calloc(count, size);
}

struct libdeflate_compressor *__wrap_libdeflate_alloc_compressor(int level)
{
    return strike() ? NULL : __real_libdeflate_alloc_compressor(level);
}

struct libdeflate_decompressor *__wrap_libdeflate_alloc_decompressor(void)
{
    return strike() ? NULL : __real_libdeflate_alloc_decompressor();
}

int __wrap_inflateInit2_(z_streamp z, int bits, const char *version, int size)
{
    return strike() ? Z_MEM_ERROR : __real_inflateInit2_(z, bits, version, size);
}

static char folder[512];

/* Reads, checks the output, writes, commits: one whole job. */
static vv_status job(const char *in, const char *out, vv_err *err)
{
    vv_pool *pool = NULL;
    vv_read_result r = {0};
    vv_pending *p = NULL;
    vv_write_options opt = {.keep_extensions = true};
    vv_status status = vv_file_check_out(in, out, true, err);
    if (status == VV_OK)
        status = vv_pool_create(1, &pool, err);
    if (status == VV_OK)
        status = vv_file_read(in, pool, &r, err);
    if (status == VV_OK)
        status = vv_file_write(out, &r, &opt, pool, &p, err);
    if (status == VV_OK)
        status = vv_file_commit(&p, true, err);
    if (status == VV_OK)
        status = vv_file_write_mask(out, &r.volume, r.volume.data, true, pool, err);
    assert_null(p);
    vv_file_close(&r);
    vv_pool_destroy(&pool);
    return status;
}

static int fail_each(const char *in, const char *out)
{
    for (long n = 1; n < 1000; n++) {
        vv_err err = {0};
        countdown = n;
        struck = false;
        vv_status status = job(in, out, &err);
        countdown = 0;
        if (!struck) {
            assert_int_equal(status, VV_OK);
            return (int)n - 1;
        }
        if (status != VV_E_RESOURCE)
            fail_msg("allocation %ld: status %d %s", n, status, err.message);
        assert_non_null(strstr(err.message, "out of memory"));
    }
    fail_msg("no end");
    return 0;
}

static void every_container(void **state)
{
    (void)state;
    for (int bits = 0; bits < 4; bits++) {
        char in[512], out[600];
        made_spec s = made_default();
        s.big = true; /* so that a copy is swapped on the way out */
        s.pair = bits & 1;
        s.with = MADE_EXTENSION;
        made_file f = made_build(&s);
        made_save_as(&f, folder, "in", bits & 2, in);
        snprintf(out, sizeof out, "%s/out.%s%s", folder, s.pair ? "img" : "nii", bits & 2 ? ".gz" : "");
        assert_true(fail_each(in, out) > 10);
        made_free(&f);
    }
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_container)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
