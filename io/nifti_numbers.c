/* The header's numbers that say nothing about the image, and so could say something else: fields that are not in use,
 * and values that none of their meanings allow. Fields in use with a value that can be meant stay as they are. */
#include "nifti.h"
#include "swap.h"
#include <math.h>
#include <string.h>

/* Offsets and widths: nifti1.h, nifti2.h. cal_max, cal_min, slice_duration and toffset follow each other. */
struct layout {
    uint16_t dim, params, pixdim, slope, cal, slice_start, slice_end, slice_code, qform, sform, quatern, srow, units,
        intent, bitpix;
    int real, dim_bytes, slice_bytes, code_bytes, small_bytes; /* small: slice_code and xyzt_units */
};
static const struct layout layouts[2] = {
    {40, 56, 76, 112, 124, 74, 120, 122, 252, 254, 256, 280, 123, 68, 72, 4, 2, 2, 2, 1},
    {16, 80, 104, 176, 192, 224, 232, 496, 344, 348, 352, 400, 500, 504, 14, 8, 8, 8, 4, 4},
};

struct cleaner {
    uint8_t *header;
    bool swapped;
    bool odd; /* something was there that is no likely number */
};

/* Two printable characters read as a number are above SHORT_MAX, four above LONG_LIKELY. */
enum { SHORT_MAX = 0x1fff, LONG_LIKELY = 1 << 24, CODE_MAX = 5, CODE_ALIGNED = 2, SLICE_CODE_MAX = 6, UNITS = 63 };

static int width(int bytes)
{
    return bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3;
}

static int64_t get_int(const struct cleaner *c, size_t at, int bytes)
{
    int8_t b;
    int16_t s;
    int32_t l;
    int64_t q;
    void *const to[] = {&b, &s, &l, &q};
    int k = width(bytes);
    vv_swap_copy(to[k], c->header + at, (size_t)bytes, c->swapped ? bytes : 1);
    return k == 0 ? b : k == 1 ? s : k == 2 ? l : q;
}

static void set_int(struct cleaner *c, size_t at, int bytes, int64_t value)
{
    const int8_t b = (int8_t)value;
    const int16_t s = (int16_t)value;
    const int32_t l = (int32_t)value;
    const void *const from[] = {&b, &s, &l, &value};
    vv_swap_copy(c->header + at, from[width(bytes)], (size_t)bytes, c->swapped ? bytes : 1);
}

static double get_real(const struct cleaner *c, size_t at, int bytes)
{
    float f;
    double d;
    vv_swap_copy(bytes == 4 ? (void *)&f : &d, c->header + at, (size_t)bytes, c->swapped ? bytes : 1);
    return bytes == 4 ? (double)f : d;
}

static void set_real(struct cleaner *c, size_t at, int bytes, double value)
{
    float f = (float)value;
    vv_swap_copy(c->header + at, bytes == 4 ? (const void *)&f : &value, (size_t)bytes, c->swapped ? bytes : 1);
}

static bool within(double x, double least, double most)
{
    return x == 0 || (isfinite(x) && fabs(x) >= least && fabs(x) <= most);
}

/* Whether a number of no known range can be one: words read as numbers are huge, tiny or printable. */
static bool likely(const struct cleaner *c, size_t at, int bytes)
{
    bool printable = true;
    for (int i = 0; i < bytes; i++)
        printable = printable && c->header[at + (size_t)i] >= 0x20 && c->header[at + (size_t)i] < 0x7f;
    return !printable && within(get_real(c, at, bytes), 1e-20, 1e20);
}

static void replace_int(struct cleaner *c, size_t at, int bytes, bool right, int64_t value)
{
    if (right)
        return;
    c->odd = true;
    set_int(c, at, bytes, value);
}

static void keep_int(struct cleaner *c, size_t at, int bytes, int64_t least, int64_t most)
{
    int64_t x = get_int(c, at, bytes);
    replace_int(c, at, bytes, x >= least && x <= most, 0);
}

static void replace_real(struct cleaner *c, size_t at, int bytes, bool right, double value)
{
    if (right)
        return;
    c->odd = true;
    set_real(c, at, bytes, value);
}

static void keep_likely(struct cleaner *c, size_t at, int bytes, int count)
{
    for (int i = 0; i < count; i++, at += (size_t)bytes)
        replace_real(c, at, bytes, likely(c, at, bytes), 0);
}

/* Numbers out of use. Likely ones are left behind by many writers: they go, but are no sign of words. */
static void drop_reals(struct cleaner *c, size_t at, int bytes, int count)
{
    keep_likely(c, at, bytes, count);
    memset(c->header + at, 0, (size_t)(bytes * count));
}

static void drop_bytes(struct cleaner *c, size_t at, size_t bytes)
{
    for (size_t i = at; i < at + bytes; i++) {
        c->odd = c->odd || c->header[i] != 0;
        c->header[i] = 0;
    }
}

/* Sizes and steps of dimensions that are not there. The first three steps and that of time can be meant all the same.
 */
static void clean_dims(struct cleaner *c, size_t dim, int dim_bytes, size_t pixdim, int real)
{
    int64_t ndim = get_int(c, dim, dim_bytes);
    double side = get_real(c, pixdim, real);
    replace_real(c, pixdim, real, side == 0 || fabs(side) == 1, side < 0 ? -1 : 1);
    for (int i = 1; i < 8; i++) {
        size_t size = dim + (size_t)(i * dim_bytes), step = pixdim + (size_t)(i * real);
        int64_t n = get_int(c, size, dim_bytes);
        double x = get_real(c, step, real);
        if (i > ndim)
            replace_int(c, size, dim_bytes, n == 0 || n == 1, 1);
        if (i <= 3 || i <= ndim)
            replace_real(c, step, real, within(x, 1e-6, 1e6), 1);
        else
            replace_real(c, step, real, x == 0 || x == 1 || (i == 4 && within(x, 1e-6, 1e6) && likely(c, step, real)),
                         0);
    }
}

/* A slope of zero or of no number is out of use, and the intercept with it (nifti1.h, DATA SCALING). */
static void clean_scaling(struct cleaner *c, const struct layout *l)
{
    double slope = get_real(c, l->slope, l->real);
    size_t inter = (size_t)l->slope + (size_t)l->real;
    if (slope == 0 || !isfinite(slope)) {
        keep_likely(c, l->slope, l->real, 2);
    } else {
        double x = get_real(c, inter, l->real);
        replace_real(c, inter, l->real, isfinite(x), 0);
    }
}

static void clean_slices(struct cleaner *c, const struct layout *l)
{
    int64_t most = 0;
    for (int i = 1; i <= 3; i++) {
        int64_t n = get_int(c, l->dim + (size_t)(i * l->dim_bytes), l->dim_bytes);
        most = n > most ? n : most;
    }
    keep_int(c, l->slice_start, l->slice_bytes, 0, most);
    keep_int(c, l->slice_end, l->slice_bytes, 0, most);
    keep_int(c, l->slice_code, l->small_bytes, 0, SLICE_CODE_MAX);
    int64_t units = get_int(c, l->units, l->small_bytes);
    replace_int(c, l->units, l->small_bytes, units >= 0 && units <= UNITS, units & UNITS);
}

/* A code that is not one of the standard's counts as its sign does when the file is read. */
static int64_t clean_code(struct cleaner *c, size_t at, int bytes)
{
    int64_t code = get_int(c, at, bytes);
    replace_int(c, at, bytes, code >= 0 && code <= CODE_MAX, code > 0 ? CODE_ALIGNED : 0);
    return get_int(c, at, bytes);
}

/* The sform counts before the qform, so a qform that is no rotation counts for nothing beside it. */
static void clean_geometry(struct cleaner *c, const struct layout *l)
{
    int64_t qform = clean_code(c, l->qform, l->code_bytes), sform = clean_code(c, l->sform, l->code_bytes);
    bool rotation = true;
    for (int i = 0; i < 6; i++)
        rotation =
            rotation && within(get_real(c, l->quatern + (size_t)(i * l->real), l->real), 1e-40, i < 3 ? 1.01 : 1e6);
    if (sform > 0)
        replace_int(c, l->qform, l->code_bytes, qform == 0 || rotation, 0);
    if (qform == 0 || (sform > 0 && !rotation))
        drop_reals(c, l->quatern, l->real, 6);
    if (sform == 0)
        drop_reals(c, l->srow, l->real, 12);
}

static void clean_nifti(struct cleaner *c, int version)
{
    const struct layout *l = &layouts[version - 1];
    clean_dims(c, l->dim, l->dim_bytes, l->pixdim, l->real);
    clean_scaling(c, l);
    clean_slices(c, l);
    clean_geometry(c, l);
    keep_likely(c, l->cal, l->real, 4);
    keep_int(c, l->bitpix, 2, 0, SHORT_MAX);
    keep_int(c, l->intent, l->code_bytes, 0, SHORT_MAX);
    if (get_int(c, l->intent, l->code_bytes) == 0)
        drop_reals(c, l->params, l->real, 3);
    else
        keep_likely(c, l->params, l->real, 3);
}

/* extents, session_error and regular, of no meaning since ANALYZE: but for what every ANALYZE writer puts there. */
static void clean_key(struct cleaner *c)
{
    int64_t extents = get_int(c, 32, 4);
    replace_int(c, 32, 4, extents == 0 || extents == 16384, 0);
    drop_bytes(c, 36, 2);
    replace_int(c, 38, 1, c->header[38] == 'r' || c->header[38] == 0, 0);
}

/* dbh.h */
static void clean_analyze(struct cleaner *c)
{
    clean_key(c);
    drop_bytes(c, 39, 1); /* hkey_un0 */
    clean_dims(c, 40, 2, 76, 4);
    drop_bytes(c, 68, 2);                    /* unused1 */
    keep_int(c, 72, 2, 0, SHORT_MAX);        /* bitpix */
    drop_bytes(c, 74, 2);                    /* dim_un0 */
    keep_likely(c, 112, 4, 5);               /* funused1 to 3 (SPM's scaling), cal_max, cal_min */
    drop_bytes(c, 132, 8);                   /* compressed, verified */
    for (size_t at = 140; at < 148; at += 4) /* glmax, glmin */
        keep_int(c, at, 4, -LONG_LIKELY, LONG_LIKELY);
    replace_int(c, 252, 1, c->header[252] < 6, 0); /* orient */
    drop_bytes(c, 316, 32);                        /* views to smin */
}

bool vv_nifti_clean_numbers(uint8_t *header, int version, bool swapped)
{
    struct cleaner c = {header, swapped, false};
    if (version == 0) {
        clean_analyze(&c);
        return c.odd;
    }
    clean_nifti(&c, version);
    if (version == 1) {
        clean_key(&c);
        for (size_t at = 140; at < 148; at += 4) { /* glmax, glmin */
            keep_int(&c, at, 4, -LONG_LIKELY, LONG_LIKELY);
            set_int(&c, at, 4, 0);
        }
    }
    return c.odd;
}
