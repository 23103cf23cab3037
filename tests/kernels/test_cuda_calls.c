/* The CUDA backend's use of the driver, against a stand-in for it (standin_cuda.c). No GPU is involved: what the
 * kernels compute on one is for checkkern cuda to say. */
#include "backend.h"
#include "launch.h"
#include "standin_cuda.h"
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static int (*balance)(void);
static void (*fail_next)(void);
static vv_pool *pool;

static int find_stand_in(void **state)
{
    (void)state;
    vv_err err;
    void *library = dlopen("libcuda.so.1", RTLD_NOW);
    if (!library)
        return -1;
    *(void **)&balance = dlsym(library, "standin_cuda_balance");
    *(void **)&fail_next = dlsym(library, "standin_cuda_fail_next");
    return balance && fail_next && vv_pool_create(1, &pool, &err) == VV_OK ? 0 : -1;
}

static int leave_stand_in(void **state)
{
    (void)state;
    vv_pool_destroy(&pool);
    return 0;
}

static void opens_tests_itself_and_returns_everything(void **state)
{
    (void)state;
    vv_device *dev;
    vv_err err;
    assert_int_equal(vv_device_open("cuda", pool, &dev, &err), VV_OK);
    assert_string_equal(vv_device_name(dev), "cuda:0");
    assert_string_equal(vv_device_description(dev), "stand-in");
    assert_int_not_equal(balance(), 0);
    vv_device_close(&dev);
    assert_int_equal(balance(), 0);
    assert_int_equal(vv_device_open("auto", pool, &dev, &err), VV_OK);
    assert_string_equal(vv_device_name(dev), "cuda:0");
    vv_device_close(&dev);
    assert_int_equal(vv_device_open("cuda:1", pool, &dev, &err), VV_E_RESOURCE);
    assert_int_equal(balance(), 0);
}

static void moves_and_launches(void **state)
{
    (void)state;
    vv_device *dev;
    vv_buf *src, *dst;
    vv_err err;
    const float levels[4] = {1, 5, 3, 9};
    unsigned char code[6];
    vk_tissue_p p = {4, 4};
    assert_int_equal(vv_device_open_untested("cuda:0", pool, &dev, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, 32, &src, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, 6, &dst, &err), VV_OK);
    assert_int_equal(vv_upload(dev, src, 16, levels, 16, &err), VV_OK);
    assert_int_equal(vv_copy(dev, src, 0, src, 16, 16, &err), VV_OK);
    assert_int_equal(vv_fill(dev, dst, 1, 7, 5, &err), VV_OK);
    assert_int_equal(vv_launch_tissue(dev, 1, 1, 1, src, dst, &p, &err), VV_OK);
    assert_int_equal(vv_sync(dev, &err), VV_OK);
    assert_int_equal(vv_download(dev, code, dst, 1, 5, &err), VV_OK);
    assert_memory_equal(code, "\1\0\1\7\7", 5);
    vv_buf_destroy(dev, &src);
    vv_buf_destroy(dev, &dst);
    vv_device_close(&dev);
    assert_int_equal(balance(), 0);
}

static void says_so_when_memory_is_out(void **state)
{
    (void)state;
    vv_device *dev;
    vv_buf *a, *b;
    vv_err err;
    assert_int_equal(vv_device_open_untested("cuda:0", pool, &dev, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, (size_t)1 << 40, &a, &err), VV_E_RESOURCE);
    assert_int_equal(vv_buf_create(dev, 40 << 20, &a, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, 40 << 20, &b, &err), VV_E_RESOURCE);
    assert_non_null(strstr(err.message, "out of memory"));
    assert_null(b);
    assert_int_equal(vv_device_peak_bytes(dev), 40 << 20);
    vv_buf_destroy(dev, &a);
    vv_device_close(&dev);
    assert_int_equal(balance(), 0);
}

static void passes_a_fault_on(void **state)
{
    (void)state;
    vv_device *dev;
    vv_buf *a;
    vv_err err;
    char byte = 0;
    assert_int_equal(vv_device_open_untested("cuda:0", pool, &dev, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, 8, &a, &err), VV_OK);
    fail_next();
    assert_int_equal(vv_upload(dev, a, 0, &byte, 1, &err), VV_E_RESOURCE);
    fail_next();
    assert_int_equal(vv_download(dev, &byte, a, 0, 1, &err), VV_E_RESOURCE);
    fail_next();
    assert_int_equal(vv_fill(dev, a, 0, 0, 1, &err), VV_E_RESOURCE);
    fail_next();
    assert_int_equal(vv_copy(dev, a, 4, a, 0, 4, &err), VV_E_RESOURCE);
    fail_next();
    assert_int_equal(vv_sync(dev, &err), VV_E_RESOURCE);
    assert_int_equal(vv_sync(dev, &err), VV_OK);
    vv_buf_destroy(dev, &a);
    vv_device_close(&dev);
    fail_next();
    assert_int_equal(vv_device_open_untested("cuda:0", pool, &dev, &err), VV_E_RESOURCE);
    assert_null(dev);
    assert_int_equal(balance(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_tests_itself_and_returns_everything),
        cmocka_unit_test(moves_and_launches),
        cmocka_unit_test(says_so_when_memory_is_out),
        cmocka_unit_test(passes_a_fault_on),
    };
    return cmocka_run_group_tests(tests, find_stand_in, leave_stand_in);
}
