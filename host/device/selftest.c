#include "selftest.h"
#include "alloc.h"
#include "backend.h"
#include "case_run.h"

const uint64_t vv_selftest_digests[VV_K_COUNT] = {
#define DIGEST(name, value) [VV_K_##name] = value,
#include "selftest_digests.inc"
#undef DIGEST
};

/* Small, odd, with one row longer than a group: enough to cross every edge in a kernel, quick enough for every start.
 */
static const int64_t shapes[][3] = {{19, 11, 7}, {263, 3, 2}};
static const vv_fill_kind fills[] = {VV_FILL_RANDOM, VV_FILL_EXTREME};

/* Fowler, Noll, Vo: FNV-1a, 64 bits. */
static uint64_t fnv1a(uint64_t h, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h;
}

/* Fills and uploads the inputs; outputs start as a fixed pattern, so that an element left out shows. */
static vv_status upload_case(vv_device *dev, const vv_kernel_case *c, const vv_case_bufs *b, vv_fill_kind fill,
                             void *host, vv_err *err)
{
    vv_status st = VV_OK;
    for (int i = 0; i < c->nbufs && st == VV_OK; i++) {
        if (c->buf[i].role == VV_OUT) {
            st = vv_fill(dev, b->buf[i], 0, 0xa5, vv_case_bytes(c, i), err);
        } else {
            vv_case_fill(c, i, fill, host);
            st = vv_upload(dev, b->buf[i], 0, host, vv_case_bytes(c, i), err);
        }
    }
    return st;
}

static vv_status digest_outputs(vv_device *dev, const vv_kernel_case *c, const vv_case_bufs *b, void *host,
                                uint64_t *digest, vv_err *err)
{
    vv_status st = VV_OK;
    for (int i = 0; i < c->nbufs && st == VV_OK; i++) {
        if (c->buf[i].role == VV_IN)
            continue;
        size_t bytes = vv_case_bytes(c, i);
        st = vv_download(dev, host, b->buf[i], 0, bytes, err);
        if (st == VV_OK && c->buf[i].settle)
            c->buf[i].settle(host, c->buf[i].count);
        if (st == VV_OK)
            *digest = fnv1a(*digest, host, bytes);
    }
    return st;
}

static vv_status digest_case(vv_device *dev, const vv_kernel_case *c, uint64_t *digest, vv_err *err)
{
    size_t most = 0;
    for (int i = 0; i < c->nbufs; i++)
        most = vv_case_bytes(c, i) > most ? vv_case_bytes(c, i) : most;
    void *host = vv_malloc(most, 1);
    if (!host)
        return vv_fail(err, VV_E_RESOURCE, "self-test", "out of memory");
    vv_case_bufs b;
    vv_status st = vv_case_create(dev, c, 0, &b, err);
    for (size_t f = 0; f < sizeof fills / sizeof fills[0] && st == VV_OK; f++) {
        st = upload_case(dev, c, &b, fills[f], host, err);
        if (st == VV_OK)
            st = vv_case_launch(dev, c, &b, err);
        if (st == VV_OK)
            st = digest_outputs(dev, c, &b, host, digest, err);
    }
    vv_case_destroy(dev, &b);
    vv_free(host);
    return st;
}

vv_status vv_selftest_digest(vv_device *dev, vv_kernel_id kernel, uint64_t *digest, vv_err *err)
{
    vv_status st = VV_OK;
    vv_kernel_case c;
    *digest = 0xcbf29ce484222325u;
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (int v = 0; st == VV_OK && vv_case_make(kernel, shapes[s], v, &c); v++)
            st = digest_case(dev, &c, digest, err);
    return st;
}

vv_status vv_selftest_run(vv_device *dev, vv_err *err)
{
    for (int k = 0; k < VV_K_COUNT; k++) {
        uint64_t digest;
        if (vv_selftest_digests[k] == 0)
            continue;
        vv_status st = vv_selftest_digest(dev, (vv_kernel_id)k, &digest, err);
        if (st != VV_OK)
            return st;
        if (digest != vv_selftest_digests[k])
            return vv_fail(err, VV_E_RESOURCE, "self-test",
                           "%s is refused: kernel %s gives other bits than it must; use "
                           "--device cpu",
                           dev->name, vv_kernels[k].name);
    }
    return VV_OK;
}
