/* Every allocation of ours fails once while a series is opened and read: the call says so, and loses nothing (the leak
 * check is the sanitizer's). The linker puts the functions below in place of the real ones (--wrap). */
#include "test.h"
#include "alloc.h"
#include "dicom_series.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long countdown; /* 0: never; 1: the next one fails */
static bool struck;
static const char *corpus;
static char folder[] = "/tmp/voxveil-dicom-XXXXXX";
static const char *const files[] = {"ok-explicit",     "ok-deflated", "ok-rle",    "ok-jpegls",
                                    "ok-j2k-lossless", "ok-enhanced", "ok-mosaic", "bad-cut-pixels"};
enum { FILES = sizeof files / sizeof files[0] };

void *__real_vv_malloc(size_t count, size_t size);
void *__real_vv_calloc(size_t count, size_t size);
void *__wrap_vv_malloc(size_t count, size_t size);
void *__wrap_vv_calloc(size_t count, size_t size);

static bool strike(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    struck = true;
    return true;
}

void *__wrap_vv_malloc(size_t count, size_t size)
{
    return strike() ? NULL : __real_vv_malloc(count, size);
}

void *__wrap_vv_calloc(size_t count, size_t size)
{
    return strike() ? NULL : __real_vv_calloc(count, size);
}

static vv_status job(vv_err *err)
{
    vv_dicom_series *s;
    vv_status status = vv_dicom_series_open(folder, &s, err);
    for (int64_t i = 0; status == VV_OK && i < s->stacks.n; i++) {
        vv_volume v = {0};
        char sha256[65];
        status = vv_dicom_series_read(s, i, &v, sha256, err);
        vv_free(v.data);
    }
    vv_dicom_series_close(&s);
    return status;
}

static void test_allocations(void **state)
{
    (void)state;
    vv_err err = {0};
    assert_int_equal(job(&err), VV_OK);
    struck = true;
    for (long n = 1; struck; n++) {
        struck = false;
        countdown = n;
        vv_status status = job(&err);
        countdown = 0;
        if (struck)
            assert_int_equal(status, VV_E_RESOURCE);
        else
            assert_int_equal(status, VV_OK);
    }
}

static void link_files(bool there)
{
    for (int i = 0; i < FILES; i++) {
        char from[1024], to[1024];
        snprintf(from, sizeof from, "%s/%s", corpus, files[i]);
        snprintf(to, sizeof to, "%s/%s", folder, files[i]);
        if (there ? symlink(from, to) != 0 : unlink(to) != 0)
            exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    corpus = argv[1];
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_allocations)};
    if (!mkdtemp(folder))
        return 1;
    link_files(true);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    link_files(false);
    return rmdir(folder) != 0 || failed;
}
