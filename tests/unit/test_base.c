/* base: errors, sizes, digests, paths, the pool. */
#include "test.h"
#include "alloc.h"
#include "err.h"
#include "hash.h"
#include "path.h"
#include "pool.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void errors(void **state)
{
    (void)state;
    vv_err e;
    char lengthy[400];
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = 0;
    assert_int_equal(vv_fail(NULL, VV_E_REFUSED, "part", "%d", 1), VV_E_REFUSED);
    assert_int_equal(vv_fail(&e, VV_E_USAGE, "part", "two\nlines %d\t", 7), VV_E_USAGE);
    assert_int_equal(e.status, VV_E_USAGE);
    assert_string_equal(e.where, "part");
    assert_string_equal(e.message, "two lines 7 ");
    assert_int_equal(vv_fail(&e, VV_E_INTERNAL, lengthy, "%s", lengthy), VV_E_INTERNAL);
    assert_int_equal(strlen(e.message), sizeof e.message - 1);
    assert_int_equal(strlen(e.where), sizeof e.where - 1);
}

static void sizes(void **state)
{
    (void)state;
    size_t n = 77;
    assert_true(vv_mul_size(3, 4, 5, &n));
    assert_int_equal(n, 60);
    assert_true(vv_mul_size(PTRDIFF_MAX, 1, 1, &n));
    assert_false(vv_mul_size((size_t)PTRDIFF_MAX + 1, 1, 1, &n));
    assert_false(vv_mul_size((size_t)1 << 32, (size_t)1 << 32, 1, &n));
    assert_false(vv_mul_size((size_t)1 << 30, (size_t)1 << 30, 1 << 30, &n));
    assert_int_equal(n, PTRDIFF_MAX);
    assert_null(vv_malloc(SIZE_MAX, 2));
    assert_null(vv_calloc((size_t)1 << 60, 16));
    /* What malloc itself would promise. */
    assert_null(vv_malloc((size_t)sysconf(_SC_PHYS_PAGES) + 1, (size_t)sysconf(_SC_PAGESIZE)));
    void *p = vv_malloc(0, 4);
    assert_non_null(p);
    vv_free(p);
    uint8_t *zeros = vv_calloc(7, 3);
    for (int i = 0; i < 21; i++)
        assert_int_equal(zeros[i], 0);
    vv_free(zeros);
    vv_free(NULL);
}

static void digests(void **state)
{
    (void)state;
    vv_sha256 h;
    char hex[65];
    vv_sha256_begin(&h);
    vv_sha256_end(&h, hex); /* FIPS 180-4, the empty message and "abc" */
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vv_sha256_begin(&h);
    vv_sha256_add(&h, "a", 1);
    vv_sha256_add(&h, NULL, 0);
    vv_sha256_add(&h, "bc", 2);
    vv_sha256_end(&h, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void expect_path(char *got, const char *want)
{
    assert_string_equal(got, want);
    vv_free(got);
}

static void paths(void **state)
{
    (void)state;
    assert_string_equal(vv_path_base("a/b.nii"), "b.nii");
    assert_string_equal(vv_path_base("b.nii"), "b.nii");
    assert_string_equal(vv_path_base("a/"), "");
    expect_path(vv_path_dir("a/b.nii"), "a");
    expect_path(vv_path_dir("b.nii"), ".");
    expect_path(vv_path_dir("/b.nii"), "/");
    expect_path(vv_path_dir("a//b.nii"), "a");
    expect_path(vv_path_join("a", "b"), "a/b");
    expect_path(vv_path_join("a/", "b"), "a/b");
    expect_path(vv_path_resuffix("x.hdr", 4, ".img"), "x.img");
    expect_path(vv_path_resuffix("x", 9, "y"), "y");
    assert_true(vv_path_has_suffix("x.NII.gz", ".nii.gz"));
    assert_false(vv_path_has_suffix(".nii", ".nii"));
    assert_false(vv_path_has_suffix("a/.nii", ".nii"));
    assert_false(vv_path_has_suffix("x.nii", ".nii.gz"));
}

enum { TASKS = 10000 };
static _Atomic int done[TASKS];

static void count(void *arg, int64_t task)
{
    atomic_fetch_add((_Atomic int64_t *)arg, task);
    atomic_fetch_add(&done[task], 1);
}

static void every_task_once(void **state)
{
    (void)state;
    static const int counts[] = {1, 2, 7};
    for (int i = 0; i < 3; i++) {
        vv_pool *pool = NULL;
        assert_int_equal(vv_pool_create(counts[i], &pool, NULL), VV_OK);
        assert_int_equal(vv_pool_threads(pool), counts[i]);
        for (int round = 0; round < 50; round++) {
            int64_t tasks = round % 5 == 0 ? round : TASKS;
            _Atomic int64_t sum = 0;
            memset(done, 0, sizeof done);
            vv_pool_run(pool, tasks, count, &sum);
            assert_int_equal(sum, tasks * (tasks - 1) / 2);
            for (int64_t t = 0; t < TASKS; t++)
                assert_int_equal(done[t], t < tasks);
        }
        vv_pool_destroy(&pool);
        assert_null(pool);
        vv_pool_destroy(&pool);
    }
}

static void signals_blocked(void *arg, int64_t task)
{
    sigset_t now;
    (void)task;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    if (pthread_equal(*(pthread_t *)arg, pthread_self()))
        return;
    if (!sigismember(&now, SIGTERM) || !sigismember(&now, SIGINT))
        abort();
}

static void pool_arguments(void **state)
{
    (void)state;
    vv_pool *pool = NULL;
    vv_err err = {0};
    assert_int_equal(vv_pool_create(-1, &pool, &err), VV_E_USAGE);
    assert_null(pool);
    assert_int_equal(vv_pool_create(100000, &pool, &err), VV_E_USAGE);
    assert_int_equal(vv_pool_create(0, &pool, &err), VV_OK);
    assert_true(vv_pool_threads(pool) >= 1);
    vv_pool_destroy(&pool);
    pthread_t self = pthread_self();
    assert_int_equal(vv_pool_create(4, &pool, &err), VV_OK);
    vv_pool_run(pool, 1000, signals_blocked, &self);
    vv_pool_destroy(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors), cmocka_unit_test(sizes),           cmocka_unit_test(digests),
        cmocka_unit_test(paths),  cmocka_unit_test(every_task_once), cmocka_unit_test(pool_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
