/* The backend table's own promises: what it refuses, what it restores, what the self-test and the binary cache catch.
 */
#include "alloc.h"
#include "backend.h"
#include "binary_cache.h"
#include "cpu.h"
#include "launch.h"
#include "selftest.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

typedef struct fixture {
    vv_pool *pool;
    vv_device *dev;
} fixture;

static int open_cpu(void **state)
{
    static fixture f;
    vv_err err;
    if (vv_pool_create(2, &f.pool, &err) != VV_OK || vv_device_open("cpu", f.pool, &f.dev, &err) != VV_OK)
        return -1;
    *state = &f;
    return 0;
}

static int close_cpu(void **state)
{
    fixture *f = *state;
    vv_device_close(&f->dev);
    vv_pool_destroy(&f->pool);
    return 0;
}

static void refuses_what_is_no_device(void **state)
{
    static const char *const wrong[] = {
        "", "gpu", "cpu:0", "cpu2", "opencl:", "opencl:x", "cuda:-1", "cuda:1x", "cuda:99999"};
    fixture *f = *state;
    vv_device *dev;
    vv_err err;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(vv_device_open(wrong[i], f->pool, &dev, &err), VV_E_USAGE);
        assert_null(dev);
    }
    assert_int_equal(vv_device_open("opencl:999", f->pool, &dev, &err), VV_E_RESOURCE);
    assert_int_equal(vv_device_open("cuda:999", f->pool, &dev, &err), VV_E_RESOURCE);
    assert_true(err.message[0] != '\0');
    assert_int_equal(vv_device_open("cpu", NULL, &dev, &err), VV_E_INTERNAL);
}

static void refuses_ranges_past_the_end(void **state)
{
    fixture *f = *state;
    vv_buf *a, *b;
    vv_err err;
    char bytes[16] = {0};
    assert_int_equal(vv_buf_create(f->dev, 0, &a, &err), VV_E_INTERNAL);
    assert_int_equal(vv_buf_create(f->dev, SIZE_MAX, &a, &err), VV_E_RESOURCE);
    assert_null(a);
    assert_int_equal(vv_buf_create(f->dev, 16, &a, &err), VV_OK);
    assert_int_equal(vv_buf_create(f->dev, 8, &b, &err), VV_OK);
    assert_int_equal(vv_buf_bytes(a), 16);
    assert_int_equal(vv_upload(f->dev, a, 0, bytes, 17, &err), VV_E_INTERNAL);
    assert_int_equal(vv_upload(f->dev, a, SIZE_MAX, bytes, 2, &err), VV_E_INTERNAL);
    assert_int_equal(vv_download(f->dev, bytes, a, 16, 1, &err), VV_E_INTERNAL);
    assert_int_equal(vv_fill(f->dev, a, 8, 1, SIZE_MAX, &err), VV_E_INTERNAL);
    assert_int_equal(vv_copy(f->dev, b, 0, a, 0, 16, &err), VV_E_INTERNAL);
    assert_int_equal(vv_copy(f->dev, a, 4, a, 0, 8, &err), VV_E_INTERNAL);
    assert_int_equal(vv_copy(f->dev, a, 8, a, 0, 8, &err), VV_OK);
    assert_int_equal(vv_upload(f->dev, a, 16, bytes, 0, &err), VV_OK);
    assert_int_equal(vv_upload(f->dev, NULL, 0, bytes, 1, &err), VV_E_INTERNAL);
    vv_buf_destroy(f->dev, &a);
    vv_buf_destroy(f->dev, &b);
    assert_null(a);
    vv_buf_destroy(f->dev, &b);
}

static void moves_bytes(void **state)
{
    fixture *f = *state;
    vv_buf *a, *b;
    vv_err err;
    char out[7] = "";
    uint64_t before = vv_device_peak_bytes(f->dev);
    assert_int_equal(vv_buf_create(f->dev, 1 << 20, &a, &err), VV_OK);
    assert_true(vv_device_peak_bytes(f->dev) >= 1 << 20);
    assert_int_equal(vv_buf_create(f->dev, 6, &b, &err), VV_OK);
    assert_int_equal(vv_fill(f->dev, a, 0, 'x', 100, &err), VV_OK);
    assert_int_equal(vv_upload(f->dev, a, 2, "abc", 3, &err), VV_OK);
    assert_int_equal(vv_copy(f->dev, b, 1, a, 1, 5, &err), VV_OK);
    assert_int_equal(vv_fill(f->dev, b, 0, '-', 1, &err), VV_OK);
    assert_int_equal(vv_sync(f->dev, &err), VV_OK);
    assert_int_equal(vv_download(f->dev, out, b, 0, 6, &err), VV_OK);
    assert_string_equal(out, "-xabcx");
    vv_buf_destroy(f->dev, &a);
    vv_buf_destroy(f->dev, &b);
    assert_true(vv_device_peak_bytes(f->dev) >= before);
}

static void refuses_wrong_launches(void **state)
{
    fixture *f = *state;
    vv_device *other;
    vv_buf *src, *dst, *foreign;
    vv_err err;
    vk_tissue_p p = {4, 0};
    assert_int_equal(vv_device_open_untested("cpu", f->pool, &other, &err), VV_OK);
    assert_int_equal(vv_buf_create(f->dev, 16, &src, &err), VV_OK);
    assert_int_equal(vv_buf_create(f->dev, 4, &dst, &err), VV_OK);
    assert_int_equal(vv_buf_create(other, 16, &foreign, &err), VV_OK);
    assert_int_equal(vv_fill(f->dev, src, 0, 0, 16, &err), VV_OK);
    assert_int_equal(vv_launch_tissue(f->dev, 1, 1, 1, src, dst, &p, &err), VV_OK);
    assert_int_equal(vv_launch_tissue(f->dev, 0, 1, 1, src, dst, &p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch_tissue(f->dev, 1, 65536, 1, src, dst, &p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch_tissue(f->dev, 1, 1, 65536, src, dst, &p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch_tissue(f->dev, 0x80000000u, 1, 1, src, dst, &p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch_tissue(f->dev, 1, 1, 1, src, NULL, &p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch_tissue(f->dev, 1, 1, 1, foreign, dst, &p, &err), VV_E_INTERNAL);
    const uint32_t one[3] = {1, 1, 1};
    vv_buf *const bufs[2] = {src, dst};
    assert_int_equal(vv_launch(f->dev, VV_K_tissue, one, bufs, 1, &p, sizeof p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch(f->dev, VV_K_tissue, one, bufs, 2, &p, sizeof p - 4, &err), VV_E_INTERNAL);
    assert_int_equal(vv_launch(f->dev, VV_K_COUNT, one, bufs, 2, &p, sizeof p, &err), VV_E_INTERNAL);
    assert_int_equal(vv_upload(f->dev, foreign, 0, &p, 4, &err), VV_E_INTERNAL);
    vv_buf_destroy(other, &foreign);
    vv_buf_destroy(f->dev, &src);
    vv_buf_destroy(f->dev, &dst);
    vv_device_close(&other);
}

/* A program that flushes denormals or rounds upwards gets the same voxels, and keeps its own setting. */
static void keeps_floating_point_as_it_must_be(void **state)
{
#if defined(__x86_64__)
    fixture *f = *state;
    vv_buf *src, *dst;
    vv_err err;
    const uint32_t bits[4] = {0x00000001, 0x80000003, 0x007fffff, 0x3f800001};
    uint32_t out[4];
    vk_coarsen_p p = {.sx = 4,
                      .sy = 1,
                      .sz = 1,
                      .nx = 4,
                      .ny = 1,
                      .nz = 1,
                      .fx = 1,
                      .fy = 1,
                      .fz = 1,
                      .dtype = VV_DT_F32,
                      .slope = 1,
                      .weight = 1};
    assert_int_equal(vv_buf_create(f->dev, 16, &src, &err), VV_OK);
    assert_int_equal(vv_buf_create(f->dev, 16, &dst, &err), VV_OK);
    assert_int_equal(vv_upload(f->dev, src, 0, bits, 16, &err), VV_OK);
    unsigned before = _mm_getcsr(), odd = 0x1f80 | 0x8040 | 0x4000; /* flush results and inputs, round upwards */
    _mm_setcsr(odd);
    vv_status st = vv_launch_coarsen(f->dev, 1, 1, 1, src, dst, &p, &err);
    unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    assert_int_equal(st, VV_OK);
    assert_int_equal(after & 0xffc0, odd & 0xffc0);
    assert_int_equal(vv_download(f->dev, out, dst, 0, 16, &err), VV_OK);
    assert_memory_equal(out, bits, 16);
    vv_buf_destroy(f->dev, &src);
    vv_buf_destroy(f->dev, &dst);
#else
    (void)state;
    skip();
#endif
}

static const vv_cpu_level *best_level(void)
{
    const vv_cpu_level *const *l = vv_cpu_levels;
    while (!(*l)->supported())
        l++;
    return *l;
}

/* A kernel that is right but for one voxel. */
static void almost_tissue(const uint32_t groups[3], int64_t first, int64_t last, void *const *bufs, const void *params)
{
    best_level()->run[VV_K_tissue](groups, first, last, bufs, params);
    ((uint8_t *)bufs[1])[0] ^= 1;
}

static void refuses_a_device_with_other_bits(void **state)
{
    fixture *f = *state;
    vv_device *dev;
    vv_err err = {0};
    vv_cpu_level bad = *best_level();
    assert_int_equal(vv_cpu_open(&bad, f->pool, &dev, &err), VV_OK);
    assert_int_equal(vv_selftest_run(dev, &err), VV_OK);
    bad.run[VV_K_tissue] = almost_tissue;
    assert_int_equal(vv_selftest_run(dev, &err), VV_E_RESOURCE);
    assert_non_null(strstr(err.message, "tissue"));
    vv_device_close(&dev);
}

static void count_cpu(void *user, const vv_device_info *info)
{
    int *seen = user;
    if (*seen == 0)
        assert_string_equal(info->name, "cpu");
    if (strcmp(info->name, "cpu") == 0)
        assert_int_equal(info->self_test, VV_SELF_TEST_PASS);
    assert_int_equal(info->available, info->self_test != VV_SELF_TEST_SKIPPED);
    assert_true(info->description[0] != '\0');
    assert_true((info->reason[0] != '\0') == (info->self_test != VV_SELF_TEST_PASS));
    ++*seen;
}

static void lists_every_backend(void **state)
{
    fixture *f = *state;
    vv_err err;
    int seen = 0;
    assert_int_equal(vv_device_list(f->pool, count_cpu, &seen, &err), VV_OK);
    assert_true(seen >= 3);
    assert_int_equal(vv_device_list(NULL, count_cpu, &seen, &err), VV_E_INTERNAL);
}

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* Changes the byte at `at` of the cached file, or cuts the file there. */
static void damage(const char *dir, long at, int cut)
{
    char path[300];
    snprintf(path, sizeof path, "%s/voxveil/%s", dir, key);
    if (cut) {
        assert_int_equal(truncate(path, at), 0);
        return;
    }
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc('!', file), '!');
    assert_int_equal(fclose(file), 0);
}

static int cached(const char *text)
{
    size_t bytes = 0;
    char *got = vv_binary_cache_get(key, &bytes);
    int same = got && bytes == strlen(text) && memcmp(got, text, bytes) == 0;
    vv_free(got);
    return same;
}

static void cache_gives_back_only_what_was_put(void **state)
{
    (void)state;
    char dir[] = "/tmp/voxveil-cache-XXXXXX", path[300];
    struct stat st;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(setenv("XDG_CACHE_HOME", dir, 1), 0);
    snprintf(path, sizeof path, "%s/voxveil/%s", dir, key);
    assert_false(cached("kernels"));
    vv_binary_cache_put(key, "kernels", 7);
    assert_true(cached("kernels"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    damage(dir, 66, 0);
    assert_false(cached("kernels"));
    vv_binary_cache_put(key, "kernels", 7);
    damage(dir, 0, 0);
    assert_false(cached("kernels"));
    vv_binary_cache_put(key, "kernels", 7);
    damage(dir, 68, 1);
    assert_false(cached("kernels"));
    damage(dir, 0, 1);
    assert_false(cached("kernels"));
    vv_binary_cache_put(key, "other", 5);
    assert_true(cached("other"));
    assert_int_equal(chmod(path, 0622), 0);
    assert_false(cached("other"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_false(cached("other"));
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/voxveil", dir);
    assert_int_equal(rmdir(path), 0); /* so no temporary file was left either */
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(setenv("XDG_CACHE_HOME", "/proc/nowhere", 1), 0);
    vv_binary_cache_put(key, "kernels", 7);
    assert_false(cached("kernels"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_device),
        cmocka_unit_test(refuses_ranges_past_the_end),
        cmocka_unit_test(moves_bytes),
        cmocka_unit_test(refuses_wrong_launches),
        cmocka_unit_test(keeps_floating_point_as_it_must_be),
        cmocka_unit_test(refuses_a_device_with_other_bits),
        cmocka_unit_test(lists_every_backend),
        cmocka_unit_test(cache_gives_back_only_what_was_put),
    };
    return cmocka_run_group_tests(tests, open_cpu, close_cpu);
}
