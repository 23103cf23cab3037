/* attack_blur.c - blurring and deblurring on the host. */
#include "attack_blur.h"
#include "alloc.h"
#include <math.h>
#include <string.h>

#define REACH 4.0  /* standard deviations */
#define RADIUS 64  /* voxels, at most */
#define FLOOR 1e-3 /* what Richardson and Lucy divide by, at least */

/* e^-x for 0 <= x <= 8, to 1e-7: a parabola near 0, squared 16 times. The same on every machine, as libm's is not. */
static double decay(double x)
{
    double part = x / 65536, y = 1 - part + 0.5 * part * part;
    for (int k = 0; k < 16; ++k)
        y *= y;
    return y;
}

/* One side of the kernel, summing to 1 with both; returns its radius. */
static int make_kernel(double sigma, double out[RADIUS + 1])
{
    int radius = (int)(REACH * sigma);
    radius = radius > RADIUS ? RADIUS : radius < 0 ? 0 : radius;
    double sum = 0;
    for (int k = 0; k <= radius; ++k) {
        out[k] = k == 0 ? 1 : decay(0.5 * k * k / (sigma * sigma));
        sum += (k == 0 ? 1 : 2) * out[k];
    }
    for (int k = 0; k <= radius; ++k)
        out[k] /= sum;
    return radius;
}

static int64_t held(int64_t i, int64_t n)
{
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static void blur_line(double *line, int64_t n, int64_t stride, const double *kernel, int radius, double *scratch)
{
    for (int64_t i = 0; i < n; ++i)
        scratch[i] = line[i * stride];
    for (int64_t i = 0; i < n; ++i) {
        double sum = kernel[0] * scratch[i];
        for (int k = 1; k <= radius; ++k)
            sum += kernel[k] * (scratch[held(i - k, n)] + scratch[held(i + k, n)]);
        line[i * stride] = sum;
    }
}

typedef struct blurring {
    const int64_t *dims;
    double kernel[3][RADIUS + 1];
    int radius[3];
    int64_t n;
    double *line; /* the longest row */
} blurring;

static bool begin(blurring *b, const int64_t dims[3], const double spacing[3], double sigma)
{
    int64_t longest = dims[0] > dims[1] ? dims[0] : dims[1];
    longest = dims[2] > longest ? dims[2] : longest;
    b->dims = dims;
    b->n = dims[0] * dims[1] * dims[2];
    for (int a = 0; a < 3; ++a)
        b->radius[a] = make_kernel(sigma / spacing[a], b->kernel[a]);
    b->line = vv_malloc((size_t)longest, sizeof *b->line);
    return b->line != NULL;
}

static void blur(const blurring *b, double *level)
{
    const int64_t *n = b->dims, stride[3] = {1, n[0], n[0] * n[1]};
    for (int a = 0; a < 3; ++a) {
        int u = a == 0, v = a == 2 ? 1 : 2;
        for (int64_t i = 0; i < n[u]; ++i)
            for (int64_t j = 0; j < n[v]; ++j)
                blur_line(level + i * stride[u] + j * stride[v], n[a], stride[a], b->kernel[a], b->radius[a], b->line);
    }
}

static double *as_doubles(const float *level, int64_t n)
{
    double *out = vv_malloc((size_t)n, sizeof *out);
    for (int64_t i = 0; out && i < n; ++i)
        out[i] = (double)level[i];
    return out;
}

static void as_floats(const double *level, int64_t n, float *out)
{
    for (int64_t i = 0; i < n; ++i)
        out[i] = (float)level[i];
}

bool vv_blur(float *level, const int64_t dims[3], const double spacing[3], double sigma)
{
    blurring b = {0};
    double *x = begin(&b, dims, spacing, sigma) ? as_doubles(level, b.n) : NULL;
    if (x) {
        blur(&b, x);
        as_floats(x, b.n, level);
    }
    vv_free(b.line);
    vv_free(x);
    return x != NULL;
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

/* (K K + noise) x = K y by conjugate gradients from x = y: the kernel is even, so K is its own transpose (but for the
 * edges, where there is air). scratch: three times n. */
static void wiener(const blurring *b, double *x, double noise, int steps, double *scratch)
{
    int64_t n = b->n;
    double *rest = scratch, *way = scratch + n, *image = scratch + 2 * n;
    memcpy(image, x, (size_t)n * sizeof *x);
    blur(b, image);
    memcpy(rest, image, (size_t)n * sizeof *x);
    blur(b, image);
    for (int64_t i = 0; i < n; ++i)
        way[i] = rest[i] -= image[i] + noise * x[i];
    double left = dot(rest, rest, n);
    for (int k = 0; k < steps && left > 0; ++k) {
        memcpy(image, way, (size_t)n * sizeof *x);
        blur(b, image);
        blur(b, image);
        for (int64_t i = 0; i < n; ++i)
            image[i] += noise * way[i];
        double step = left / dot(way, image, n), now;
        for (int64_t i = 0; i < n; ++i) {
            x[i] += step * way[i];
            rest[i] -= step * image[i];
        }
        now = dot(rest, rest, n);
        for (int64_t i = 0; i < n; ++i)
            way[i] = rest[i] + now / left * way[i];
        left = now;
    }
}

/* x *= K (y / K x). scratch: twice n. */
static void richardson(const blurring *b, double *x, int steps, double *scratch)
{
    int64_t n = b->n;
    double *y = scratch, *image = scratch + n;
    for (int64_t i = 0; i < n; ++i)
        y[i] = x[i] = x[i] > FLOOR ? x[i] : FLOOR;
    for (int k = 0; k < steps; ++k) {
        memcpy(image, x, (size_t)n * sizeof *x);
        blur(b, image);
        for (int64_t i = 0; i < n; ++i)
            image[i] = y[i] / (image[i] > FLOOR ? image[i] : FLOOR);
        blur(b, image);
        for (int64_t i = 0; i < n; ++i)
            x[i] *= image[i];
    }
}

bool vv_blur_undo(float *level, const int64_t dims[3], const double spacing[3], double sigma, vv_unblur how,
                  double noise, int steps)
{
    blurring b = {0};
    double *x = begin(&b, dims, spacing, sigma) ? as_doubles(level, b.n) : NULL;
    double *scratch = x ? vv_malloc((size_t)b.n, 3 * sizeof *scratch) : NULL;
    bool done = scratch != NULL;
    if (done && how == VV_UNBLUR_WIENER)
        wiener(&b, x, noise, steps, scratch);
    else if (done)
        richardson(&b, x, steps, scratch);
    if (done)
        as_floats(x, b.n, level);
    vv_free(scratch);
    vv_free(x);
    vv_free(b.line);
    return done;
}
