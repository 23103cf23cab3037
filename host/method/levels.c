/* levels.c - quantiles by histogram, and the window of a volume. */
#include "levels.h"
#include "alloc.h"
#include "launch.h"
#include <string.h>

#define BINS 1024
#define PER_GROUP 16384

static vv_status range(vv_device *dev, const vv_grid *g, double *lo, double *hi, vv_err *err)
{
    vk_range_p p = {.n = vv_grid_voxels(g), .per_group = PER_GROUP};
    uint32_t groups = (uint32_t)((p.n + PER_GROUP - 1) / PER_GROUP);
    size_t bytes = (size_t)groups * 2 * sizeof(float);
    float *part = vv_malloc(groups, 2 * sizeof(float));
    vv_buf *buf = NULL;
    vv_status s = part ? vv_buf_create(dev, bytes, &buf, err)
                       : vv_fail(err, VV_E_RESOURCE, "levels", "out of memory; free some and try again");
    if (!s)
        s = vv_launch_range(dev, groups, 1, 1, g->level, buf, &p, err);
    if (!s)
        s = vv_download(dev, part, buf, 0, bytes, err);
    if (!s) {
        *lo = part[0], *hi = part[1];
        for (uint32_t i = 1; i < groups; ++i) {
            *lo = part[2 * i] < *lo ? part[2 * i] : *lo;
            *hi = part[2 * i + 1] > *hi ? part[2 * i + 1] : *hi;
        }
    }
    vv_buf_destroy(dev, &buf);
    vv_free(part);
    return s;
}

typedef struct histogram {
    float lo, scale;
    uint32_t bins[BINS];
    int64_t total;
} histogram;

static vv_status count(vv_device *dev, const vv_grid *g, vv_buf *code, int bits, int want, double lo, double hi,
                       vv_buf *bins, histogram *h, vv_err *err)
{
    h->lo = (float)lo;
    h->scale = hi > lo ? (float)(BINS / (hi - lo)) : 0.0f;
    vk_histogram_p p = {
        .n = vv_grid_voxels(g), .per_group = PER_GROUP, .bits = bits, .want = want, .lo = h->lo, .scale = h->scale};
    uint32_t groups = (uint32_t)((p.n + PER_GROUP - 1) / PER_GROUP);
    vv_status s = vv_fill(dev, bins, 0, 0, sizeof h->bins, err);
    if (!s)
        s = vv_launch_histogram(dev, groups, 1, 1, g->level, code, bins, &p, err);
    if (!s)
        s = vv_download(dev, h->bins, bins, 0, sizeof h->bins, err);
    h->total = 0;
    for (int b = 0; !s && b < BINS; ++b)
        h->total += h->bins[b];
    return s;
}

/* Level below which a share q of the counted voxels lies, linear inside a bin. */
static double quantile(const histogram *h, double q)
{
    if (!h->total || h->scale <= 0.0f)
        return h->lo;
    double want = q * (double)h->total, seen = 0;
    for (int b = 0; b < BINS; ++b) {
        if (h->bins[b] && seen + h->bins[b] >= want)
            return h->lo + (b + (want - seen) / h->bins[b]) / h->scale;
        seen += h->bins[b];
    }
    return h->lo + BINS / h->scale;
}

vv_status vv_quantiles(vv_device *dev, const vv_grid *g, vv_buf *code, int bits, int want, const double *q, int n,
                       double *out, int64_t *counted, vv_err *err)
{
    histogram h;
    double lo = 0, hi = 0;
    vv_buf *bins = NULL;
    vv_status s = vv_buf_create(dev, sizeof h.bins, &bins, err);
    if (!s)
        s = range(dev, g, &lo, &hi, err);
    if (!s)
        s = count(dev, g, code, bits, want, lo, hi, bins, &h, err);
    /* a few extreme voxels must not cost the resolution: count again between the outermost thousandths */
    if (!s && h.total) {
        double a = quantile(&h, 0.001), b = quantile(&h, 0.999);
        if (b > a)
            s = count(dev, g, code, bits, want, a, b, bins, &h, err);
    }
    for (int i = 0; !s && i < n; ++i)
        out[i] = h.total ? quantile(&h, q[i]) : 0.0;
    if (counted && !s)
        *counted = h.total;
    vv_buf_destroy(dev, &bins);
    return s;
}

double vv_tissue_threshold(double air, double bright, bool ct)
{
    return ct ? -350.0 : air + 0.14 * (bright - air);
}

vv_status vv_window_find(vv_device *dev, const vv_grid *g, vv_buf *code, vv_window *out, vv_err *err)
{
    static const double q[3] = {0.02, 0.10, 0.98};
    double level[3];
    vv_status s = vv_quantiles(dev, g, code, 0, 0, q, 3, level, NULL, err);
    if (s)
        return s;
    *out = (vv_window){.air = level[0], .bright = level[2], .ct = level[1] < -500.0 && level[2] < 4000.0};
    if (out->ct && level[0] < -1000.0)
        out->air = -1000.0; /* the padding outside the scan circle is no level */
    out->tissue = vv_tissue_threshold(out->air, out->bright, out->ct);
    return VV_OK;
}
