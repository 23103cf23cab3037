/* levels.c - quantiles by histogram, and the window of a volume. */
#include "levels.h"
#include "alloc.h"
#include "launch.h"
#include <string.h>

#define BINS 1024
#define PER_GROUP 16384
#define SAMPLES 200000    /* pairs of neighbours looked at for the noise */
#define NOISE_AWAY 3.5    /* standard deviations that tissue stands above the middle of the air */
#define CORNER_MM 8.0     /* side of the block at each corner */
#define CORNERS_BRIGHT 6  /* of 8, in a negative */
#define CORNER_BRIGHT 0.7 /* of the way from the 2nd percentile to the 98th */

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

/* Levels of the grid on the host, the caller's to free. */
static vv_status fetch(vv_device *dev, const vv_grid *g, float **level, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    *level = vv_malloc(n, sizeof **level);
    return *level ? vv_download(dev, *level, g->level, 0, n * sizeof **level, err)
                  : vv_fail(err, VV_E_RESOURCE, "levels", "out of memory; free some and try again");
}

/* Otsu's threshold (IEEE Trans. SMC 1979) of the levels between lo and hi, from every `step`-th voxel. */
static double otsu(const float *level, size_t n, size_t step, double lo, double hi)
{
    double count[256] = {0}, total = 0, sum = 0, below = 0, low = 0, best = 0, at = hi;
    for (size_t i = 0; i < n; i += step) {
        double b = (level[i] - lo) / (hi - lo) * 256;
        int bin = b > 0 ? (b < 255 ? (int)b : 255) : 0;
        count[bin] += 1, total += 1, sum += bin;
    }
    for (int b = 0; b < 255; ++b) {
        below += count[b], low += b * count[b];
        double above = total - below;
        if (below <= 0 || above <= 0)
            continue;
        double d = low / below - (sum - low) / above, between = below * above * d * d;
        if (between > best)
            best = between, at = lo + (hi - lo) * (b + 1) / 256;
    }
    return at;
}

/* The level that tells tissue from noisy air: the mean of the air and NOISE_AWAY of its standard deviations, which
 * neighbours' differences give (their mean size is 1.128 of it). What varies slowly, as dark tissue, adds nothing. */
static double above_noise(const vv_grid *g, const float *level, double air, double bright)
{
    size_t n = (size_t)vv_grid_voxels(g), step = n / SAMPLES + 1;
    double split = otsu(level, n, step, air, bright), sum = 0, size = 0, pairs = 0;
    for (size_t i = 0; i + 1 < n; i += step) {
        if ((i + 1) % (size_t)g->dims[0] == 0 || !(level[i] < split) || !(level[i + 1] < split))
            continue;
        double d = (double)level[i + 1] - level[i];
        sum += level[i], size += d < 0 ? -d : d, pairs += 1;
    }
    double limit = pairs > 0 ? (sum + NOISE_AWAY / 1.128 * size) / pairs : air;
    return limit < split ? limit : split;
}

vv_status vv_window_find(vv_device *dev, const vv_grid *g, vv_buf *code, bool negative, vv_window *out, vv_err *err)
{
    static const double q[3] = {0.02, 0.10, 0.98};
    double level[3];
    vv_status s = vv_quantiles(dev, g, code, 0, 0, q, 3, level, NULL, err);
    if (s)
        return s;
    *out = (vv_window){.air = level[0], .bright = level[2], .ct = !negative && level[1] < -500.0 && level[2] < 4000.0};
    if (out->ct && level[0] < -1000.0)
        out->air = -1000.0; /* the padding outside the scan circle is no level */
    out->tissue = vv_tissue_threshold(out->air, out->bright, out->ct);
    if (out->ct || !(out->bright > out->air))
        return VV_OK;
    float *levels = NULL;
    s = fetch(dev, g, &levels, err);
    double least = s ? 0 : above_noise(g, levels, out->air, out->bright);
    out->tissue = least > out->tissue ? least : out->tissue;
    vv_free(levels);
    return s;
}

static double corner_mean(const vv_grid *g, const float *level, int corner)
{
    int32_t first[3], side[3];
    double sum = 0, n = 0;
    for (int a = 0; a < 3; ++a) {
        side[a] = (int32_t)(CORNER_MM / g->spacing[a]) + 1;
        side[a] = side[a] < g->dims[a] ? side[a] : g->dims[a];
        first[a] = corner >> a & 1 ? g->dims[a] - side[a] : 0;
    }
    for (int32_t z = first[2]; z < first[2] + side[2]; ++z)
        for (int32_t y = first[1]; y < first[1] + side[1]; ++y)
            for (int32_t x = first[0]; x < first[0] + side[0]; ++x)
                sum += level[((size_t)z * (size_t)g->dims[1] + (size_t)y) * (size_t)g->dims[0] + (size_t)x], n += 1;
    return sum / n;
}

vv_status vv_is_negative(vv_device *dev, const vv_grid *g, vv_buf *code, bool *out, vv_err *err)
{
    static const double q[2] = {0.02, 0.98};
    double level[2];
    float *levels = NULL;
    int bright = 0;
    vv_status s = vv_quantiles(dev, g, code, 0, 0, q, 2, level, NULL, err);
    if (!s)
        s = fetch(dev, g, &levels, err);
    for (int k = 0; !s && k < 8; ++k)
        bright += corner_mean(g, levels, k) > level[0] + CORNER_BRIGHT * (level[1] - level[0]);
    *out = !s && level[1] > level[0] && bright >= CORNERS_BRIGHT;
    vv_free(levels);
    return s;
}
