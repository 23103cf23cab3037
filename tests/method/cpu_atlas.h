/* cpu_atlas.h - a CPU device with one thread and the atlas on it, for the tests of a group. */
#ifndef TESTS_CPU_ATLAS_H
#define TESTS_CPU_ATLAS_H
#include "atlas.h"

static vv_device *dev;
static vv_pool *pool;
static vv_atlas atlas;

static int set_up(void **unused)
{
    (void)unused;
    vv_err err;
    return vv_pool_create(1, &pool, &err) || vv_device_open("cpu", pool, &dev, &err) ||
           vv_atlas_upload(dev, &atlas, &err);
}
static int tear_down(void **unused)
{
    (void)unused;
    vv_atlas_release(dev, &atlas);
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return 0;
}
#endif
