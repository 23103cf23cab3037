/* checkkern - proves the kernels, and measures them.
 *
 *   checkkern cpu|opencl|cuda [--kernel NAME]  every check that this backend has; 77 where there is no such device,
 *                                              2 where no kernel has that name
 *   checkkern --bench DEVICE                   each kernel's GB/s beside a device copy, as CSV
 *   checkkern --print-digests                  the text of host/device/selftest_digests.inc
 */
#include "backend.h"
#include "bench.h"
#include "check.h"
#include "selftest.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SKIPPED = 77, DEVICES_MAX = 16 };

extern const vv_cpu_level vv_cpu_reversed;

/* The slowest level is the reference: plain C or the least this processor family has. */
static const vv_cpu_level *base_level(void)
{
    const vv_cpu_level *const *l = vv_cpu_levels;
    while (l[1])
        l++;
    return *l;
}

static bool is_kernel(const char *name)
{
    for (int k = 0; k < VV_K_COUNT; k++) {
        if (!strcmp(vv_kernels[k].name, name))
            return true;
    }
    return false;
}

static int summary(const check_tally *t, const char *only)
{
    int kernels = only ? 1 : VV_K_COUNT;
    printf("%d kernel%s, %ld cases, %ld comparisons, %ld failures\n", kernels, kernels == 1 ? "" : "s", t->cases,
           t->comparisons, t->failures);
    return t->failures == 0 ? 0 : 1;
}

static int check_cpu(const char *only)
{
    static const int threads[] = {1, 2, 7};
    enum { POOLS = 3 };
    vv_pool *pools[POOLS] = {NULL};
    vv_device *devices[POOLS] = {NULL};
    vv_err err = {0};
    check_tally t = {0, 0, 0};
    bool ok = true;
    for (int i = 0; i < POOLS && ok; i++)
        ok = vv_pool_create(threads[i], &pools[i], &err) == VV_OK &&
             vv_device_open_untested("cpu", pools[i], &devices[i], &err) == VV_OK;
    if (ok) {
        check_plan plan = {base_level(), vv_cpu_levels, &vv_cpu_reversed, devices, POOLS, true, only};
        check_run(&plan, &t);
        check_digests(devices[0], only, &t);
    } else {
        check_fail(&t, "%s", err.message);
    }
    for (int i = 0; i < POOLS; i++) {
        if (devices[i])
            vv_device_close(&devices[i]);
        vv_pool_destroy(&pools[i]);
    }
    return summary(&t, only);
}

/* Every device of a GPU backend. A device that there is must work: one that cannot be opened is a failure. */
static int check_backend(const char *backend, const char *only)
{
    vv_pool *pool;
    vv_device *devices[DEVICES_MAX];
    vv_err err = {0};
    check_tally t = {0, 0, 0};
    int n = 0;
    if (vv_pool_create(1, &pool, &err) != VV_OK)
        return 1;
    for (; n < DEVICES_MAX; n++) {
        char spec[24];
        snprintf(spec, sizeof spec, "%s:%d", backend, n);
        if (vv_device_open_untested(spec, pool, &devices[n], &err) != VV_OK)
            break;
    }
    if (n == 0) {
        printf("skipped: %s\n", err.message);
        vv_pool_destroy(&pool);
        return SKIPPED;
    }
    check_plan plan = {base_level(), NULL, NULL, devices, n, false, only};
    check_run(&plan, &t);
    for (int i = 0; i < n; i++) {
        check_digests(devices[i], only, &t);
        vv_device_close(&devices[i]);
    }
    vv_pool_destroy(&pool);
    return summary(&t, only);
}

static int print_digests(void)
{
    vv_pool *pool;
    vv_device *dev;
    vv_err err = {0};
    if (vv_pool_create(1, &pool, &err) != VV_OK || vv_cpu_open(base_level(), pool, &dev, &err) != VV_OK)
        return 1;
    printf("/* Written by checkkern --print-digests (the target `digests`): what every device must compute. */\n");
    for (int k = 0; k < VV_K_COUNT; k++) {
        uint64_t digest;
        if (vv_selftest_digest(dev, (vv_kernel_id)k, &digest, &err) != VV_OK)
            return 1;
        printf("DIGEST(%s, 0x%016" PRIx64 "u)\n", vv_kernels[k].name, digest);
    }
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return 0;
}

static int print_line(void *user, const vv_bench_line *line)
{
    printf("%s,%s,%.4f,%.2f,%.3f\n", (const char *)user, line->kernel, line->ms, line->gbs, line->share);
    fflush(stdout);
    return 0;
}

static int bench(const char *spec)
{
    vv_pool *pool;
    vv_device *dev;
    vv_err err = {0};
    if (vv_pool_create(0, &pool, &err) != VV_OK)
        return 1;
    vv_status st = vv_device_open_untested(spec, pool, &dev, &err);
    if (st == VV_OK) {
        char name[32];
        snprintf(name, sizeof name, "%s", vv_device_name(dev));
        printf("# %s\ndevice,kernel,ms,gb_per_s,of_copy\n", vv_device_description(dev));
        st = vv_bench_kernels(dev, print_line, name, &err);
        vv_device_close(&dev);
    }
    if (st != VV_OK)
        fprintf(stderr, "checkkern: %s\n", err.message);
    vv_pool_destroy(&pool);
    return st == VV_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *only = argc == 4 && strcmp(argv[2], "--kernel") == 0 ? argv[3] : NULL;
    if (argc == 2 && strcmp(argv[1], "--print-digests") == 0)
        return print_digests();
    if (argc == 3 && strcmp(argv[1], "--bench") == 0)
        return bench(argv[2]);
    if (only && !is_kernel(only)) {
        fprintf(stderr, "checkkern: no kernel has that name; kernels/kernels.def lists them\n");
        return 2;
    }
    if ((argc == 2 || only) && strcmp(argv[1], "cpu") == 0)
        return check_cpu(only);
    if ((argc == 2 || only) && (strcmp(argv[1], "opencl") == 0 || strcmp(argv[1], "cuda") == 0))
        return check_backend(argv[1], only);
    fprintf(stderr, "usage: checkkern cpu|opencl|cuda [--kernel NAME] | --bench DEVICE | --print-digests\n");
    return 2;
}
