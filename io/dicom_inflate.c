#include "dicom_inflate.h"
#include "alloc.h"
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum { STEP = 1 << 16, INFLATED_MAX = 1 << 30 };

struct growing {
    uint8_t *bytes;
    size_t used, room;
};

static bool grow(struct growing *g)
{
    size_t room = g->room ? 2 * g->room : STEP;
    uint8_t *more = vv_malloc(room, 1);
    if (!more)
        return false;
    if (g->used)
        memcpy(more, g->bytes, g->used);
    vv_free(g->bytes);
    g->bytes = more;
    g->room = room;
    return true;
}

static vv_status inflate_all(const vv_source *s, uint64_t at, z_stream *z, struct growing *g, vv_err *err)
{
    uint8_t in[STEP];
    int rc = Z_OK;
    while (rc != Z_STREAM_END) {
        if (z->avail_in == 0) {
            size_t got;
            vv_status status = vv_source_read(s, at, in, sizeof in, &got, err);
            if (status != VV_OK)
                return status;
            if (got == 0)
                return vv_fail(err, VV_E_REFUSED, "dicom",
                               "the deflated data set is truncated; get a whole copy of the file");
            at += got;
            z->next_in = in;
            z->avail_in = (uInt)got;
        }
        if (g->used == INFLATED_MAX)
            return vv_fail(err, VV_E_REFUSED, "dicom", "the deflated data set is over 1 GiB");
        if (g->used == g->room && !grow(g))
            return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
        z->next_out = g->bytes + g->used;
        z->avail_out = (uInt)(g->room - g->used);
        rc = inflate(z, Z_NO_FLUSH);
        g->used = g->room - z->avail_out;
        if (rc == Z_MEM_ERROR)
            return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return vv_fail(err, VV_E_REFUSED, "dicom",
                           "the deflated data set is damaged; get a whole copy of the file");
    }
    return VV_OK;
}

vv_status vv_dicom_inflate(const vv_source *s, uint64_t at, uint8_t **out, size_t *n, vv_err *err)
{
    struct growing g = {0};
    z_stream z = {0};
    if (inflateInit2(&z, -15) != Z_OK)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    vv_status status = inflate_all(s, at, &z, &g, err);
    inflateEnd(&z);
    if (status != VV_OK) {
        vv_free(g.bytes);
        return status;
    }
    *out = g.bytes;
    *n = g.used;
    return VV_OK;
}
