/* kept.c - places among the kept voxels, and what stands there. */
#include "kept.h"
#include "alloc.h"
#include "atlas.h"
#include "lowpass.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 131072
#define OFF_HEAD 8.0        /* mm from the atlas's head: air beside heads of other shapes too */
#define OFF_HEAD_LEAST 3.0  /* mm, where the field of view holds hardly any such air */
#define NECK -105.0         /* atlas mm: below lie neck and shoulders, which the atlas does not know */
#define IN_HEAD 5.0         /* mm inside the atlas's head */
#define NEIGHBOUR_MOST 3.0  /* mm: neighbours further away say nothing of the same place */
#define FEW 64              /* places that are too few to draw from */
#define CT_PADDING -1150.0  /* HU: below lies what is outside the scanned circle */
#define SHARE_OF_TISSUE 0.3 /* of the way from air to tissue: what is above is no air */
/* r = x - (left + right) / 2 of independent noise has 3/2 of its variance; the middle nine tenths of a normal
 * distribution, which leave out edges of tissue, have 0.7893 of its standard deviation. */
#define GRAIN_SCALE 1.0345
#define GRAIN_TAIL 0.05

uint32_t vv_hash_u32(uint32_t x)
{
    uint32_t s = x * 747796405u + 2891336453u;
    uint32_t w = ((s >> ((s >> 28) + 4)) ^ s) * 277803737u;
    return (w >> 22) ^ w;
}

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "kept", "out of memory; free some and try again");
}

/* The voxel that the n-th try falls on, and where that is in atlas mm. */
static int32_t try_voxel(const vv_volume *v, const double to_atlas[12], uint32_t n, double mm[3])
{
    uint64_t most = (uint64_t)vv_volume_voxels(v);
    int32_t at = (int32_t)((uint64_t)vv_hash_u32(n) * most >> 32);
    double voxel[3] = {(double)(at % v->dims[0]), (double)(at / v->dims[0] % v->dims[1]),
                       (double)(at / v->dims[0] / v->dims[1])};
    double m[12];
    vv_affine_compose(to_atlas, v->affine, m);
    for (int r = 0; r < 3; ++r)
        mm[r] = m[4 * r] * voxel[0] + m[4 * r + 1] * voxel[1] + m[4 * r + 2] * voxel[2] + m[4 * r + 3];
    return at;
}

static uint8_t level_at(const double mm[3])
{
    int c = vv_atlas_class_at(mm);
    return c >= VV_CLASS_DEEP ? (uint8_t)((c - VV_CLASS_DEEP) % VV_KEPT_LEVELS) : VV_KEPT_LEVELS;
}

static void look_around(const vv_volume *v, const double to_atlas[12], double off_head, double neck, vv_kept *out)
{
    out->n_air = out->n_head = 0;
    for (uint32_t n = 0; n < TRIES && (out->n_air < VV_KEPT_MOST || out->n_head < VV_KEPT_MOST); ++n) {
        double mm[3], depth;
        int32_t at = try_voxel(v, to_atlas, n, mm);
        if (out->code[at] & VK_REMOVE || mm[2] < neck || !vv_atlas_field_at(VK_FIELD_HEAD, mm, &depth))
            continue;
        if (depth <= -off_head && out->n_air < VV_KEPT_MOST)
            out->air[out->n_air++] = at;
        if (depth >= IN_HEAD && out->n_head < VV_KEPT_MOST) {
            out->level[out->n_head] = level_at(mm);
            out->head[out->n_head++] = at;
        }
    }
}

vv_status vv_kept_find(const vv_volume *v, const uint8_t *code, const double to_atlas[12], vv_kept *out, vv_err *err)
{
    *out = (vv_kept){.code = code};
    out->air = vv_malloc(VV_KEPT_MOST, sizeof *out->air);
    out->head = vv_malloc(VV_KEPT_MOST, sizeof *out->head);
    out->level = vv_malloc(VV_KEPT_MOST, 1);
    if (!out->air || !out->head || !out->level)
        return out_of_memory(err);
    look_around(v, to_atlas, OFF_HEAD, NECK, out);
    if (out->n_air < FEW)
        look_around(v, to_atlas, OFF_HEAD_LEAST, -1000.0, out);
    return VV_OK;
}

void vv_kept_release(vv_kept *k)
{
    vv_free(k->air);
    vv_free(k->head);
    vv_free(k->level);
    *k = (vv_kept){0};
}

/* One channel of a voxel, stored units. */
static double stored(const void *data, vv_dtype dtype, int channel, int32_t at)
{
    switch (dtype) {
    case VV_DT_U8:
        return ((const uint8_t *)data)[at];
    case VV_DT_I8:
        return ((const int8_t *)data)[at];
    case VV_DT_U16:
        return ((const uint16_t *)data)[at];
    case VV_DT_I16:
        return ((const int16_t *)data)[at];
    case VV_DT_U32:
        return ((const uint32_t *)data)[at];
    case VV_DT_I32:
        return ((const int32_t *)data)[at];
    case VV_DT_U64:
        return (double)((const uint64_t *)data)[at];
    case VV_DT_I64:
        return (double)((const int64_t *)data)[at];
    case VV_DT_F32:
        return ((const float *)data)[at];
    case VV_DT_F64:
        return ((const double *)data)[at];
    case VV_DT_RGB24:
        return ((const uint8_t *)data)[3 * (size_t)at + (size_t)channel];
    case VV_DT_RGBA32:
        return ((const uint8_t *)data)[4 * (size_t)at + (size_t)channel];
    default:
        return 0;
    }
}

typedef struct frame {
    const vv_volume *v;
    const void *data;
    const uint8_t *code;
    int channels;
    int32_t step[3]; /* between neighbours; 0 along an axis whose neighbours are too far away */
} frame;

/* The brightness of a voxel, scaled; NaN where it is not finite. */
static double grey(const frame *f, int32_t at)
{
    if (f->channels > 1)
        return (stored(f->data, f->v->dtype, 0, at) + stored(f->data, f->v->dtype, 1, at) +
                stored(f->data, f->v->dtype, 2, at)) /
               3.0;
    double x = stored(f->data, f->v->dtype, 0, at) * f->v->slope + f->v->inter;
    return x - x == 0 ? x : (double)NAN;
}

/* The neighbour of a voxel along an axis, or -1 where it is not kept. */
static int32_t neighbour(const frame *f, int32_t at, int axis, int way)
{
    const int64_t *d = f->v->dims;
    int64_t place = axis == 0 ? at % d[0] : axis == 1 ? at / d[0] % d[1] : at / d[0] / d[1];
    if (!f->step[axis] || place + way < 0 || place + way >= d[axis])
        return -1;
    int32_t to = at + way * f->step[axis];
    return f->code[to] & VK_REMOVE ? -1 : to;
}

typedef struct place {
    int32_t at;
    double mean; /* with its kept neighbours; NaN where one is not finite */
    bool flat;   /* they all are equal */
} place;

static place look_at(const frame *f, int32_t at)
{
    double first = grey(f, at), sum = first;
    int n = 1;
    bool flat = true;
    for (int k = 0; k < 6; ++k) {
        int32_t to = neighbour(f, at, k / 2, k % 2 ? 1 : -1);
        if (to < 0)
            continue;
        double x = grey(f, to);
        sum += x, ++n;
        flat = flat && x == first;
    }
    return (place){at, sum / n, flat};
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts and gives the value below which a share q lies; n > 0. */
static double sorted_at(double *x, int n, double q)
{
    qsort(x, (size_t)n, sizeof *x, by_value);
    int k = (int)(q * n);
    return x[k < n ? k : n - 1];
}

static int keep_between(place *p, int n, double lo, double hi)
{
    int kept = 0;
    for (int i = 0; i < n; ++i)
        if (p[i].mean >= lo && p[i].mean <= hi)
            p[kept++] = p[i];
    return kept;
}

/* Where part of the air is one constant (masked or outside the scan) and the rest has noise, a mixture of both would
 * look like neither: the larger kind stays. Noise that is only coarse-grained is constant at few places with their
 * neighbours: a level that a share p of the places has would by chance be that of seven in p^7. */
static int keep_one_kind(const frame *f, place *p, int n)
{
    int flat = 0, usual = 0, first = -1, kept = 0;
    for (int i = 0; i < n; ++i) {
        flat += p[i].flat;
        first = first < 0 && p[i].flat ? i : first;
    }
    for (int i = 0; first >= 0 && i < n; ++i)
        usual += grey(f, p[i].at) == grey(f, p[first].at);
    double share = (double)usual / n, chance = share * share * share * share * share * share * share;
    if (first < 0 || (double)flat / n <= 0.5 * (share + chance))
        return n;
    for (int i = 0; i < n; ++i)
        if (p[i].flat == (2 * flat >= n))
            p[kept++] = p[i];
    return kept;
}

/* The places that are air indeed: no head rest, no coil, no part of a head that is larger than the atlas's. scratch: n
 * doubles. */
static int choose_air(const frame *f, place *p, int n, bool ct, double tissue, double *scratch)
{
    n = keep_between(p, n, ct ? CT_PADDING : -(double)INFINITY, (double)INFINITY);
    n = keep_one_kind(f, p, n);
    if (n < FEW)
        return 0;
    for (int i = 0; i < n; ++i)
        scratch[i] = p[i].mean;
    double middle = sorted_at(scratch, n, 0.5), low = sorted_at(scratch, n, 0.1);
    double top = middle + 4.0 * (middle - low), bound = low + SHARE_OF_TISSUE * (tissue - low);
    n = keep_between(p, n, -(double)INFINITY, tissue > low && bound < top ? bound : top);
    return n < FEW ? 0 : n;
}

/* Differences of tissue from the mean of its two neighbours along the finest axis: the middle nine tenths by
 * brightness. Leaves their voxels in `at`. */
static int choose_grain(const frame *f, const vv_kept *k, int axis, double *scratch, double *value, int32_t *at)
{
    int n = 0, kept = 0;
    for (int i = 0; i < k->n_head; ++i) {
        int32_t a = neighbour(f, k->head[i], axis, -1), b = neighbour(f, k->head[i], axis, 1);
        double d = a < 0 || b < 0 ? (double)NAN : grey(f, k->head[i]) - 0.5 * (grey(f, a) + grey(f, b));
        if (d - d == 0)
            value[n] = scratch[n] = d, at[n++] = k->head[i];
    }
    if (n < FEW)
        return 0;
    double lo = sorted_at(scratch, n, GRAIN_TAIL), hi = sorted_at(scratch, n, 1 - GRAIN_TAIL);
    for (int i = 0; i < n; ++i)
        if (value[i] >= lo && value[i] <= hi)
            at[kept++] = at[i];
    return kept;
}

/* Medians of the tissue of one channel, all and by level. */
static void measure_tissue(const frame *f, const vv_kept *k, int c, double *scratch, vv_kept_levels *out)
{
    bool known[VV_KEPT_LEVELS + 1] = {false};
    for (int level = 0; level <= VV_KEPT_LEVELS; ++level) {
        int n = 0;
        for (int i = 0; i < k->n_head; ++i) {
            double x = stored(f->data, f->v->dtype, c, k->head[i]);
            if (x - x == 0 && (level == VV_KEPT_LEVELS || k->level[i] == level))
                scratch[n++] = x;
        }
        known[level] = n >= FEW;
        double middle = n ? sorted_at(scratch, n, 0.5) : 0.0;
        if (level < VV_KEPT_LEVELS) {
            out->level[c][level] = (float)middle;
        } else {
            out->tissue[c] = (float)middle;
            out->low[c] = n ? (float)scratch[n / 50] : 0.0f;
            out->high[c] = n ? (float)scratch[n - 1 - n / 50] : 0.0f;
        }
    }
    float full[VV_KEPT_LEVELS];
    memcpy(full, out->level[c], sizeof full);
    for (int level = 0; level < VV_KEPT_LEVELS; ++level)
        for (int d = 0, found = known[level]; !found && d < VV_KEPT_LEVELS; ++d) {
            int below = level - d, above = level + d;
            int other = below >= 0 && known[below] ? below : above < VV_KEPT_LEVELS && known[above] ? above : -1;
            found = other >= 0;
            out->level[c][level] = found ? full[other] : out->tissue[c];
        }
}

static void fill_table(const frame *f, int c, int axis, const int32_t *grain_at, double *scratch, vv_kept_levels *out)
{
    float *table = out->table + (size_t)c * (size_t)(out->n_air + out->n_grain);
    for (int i = 0; i < out->n_air; ++i) {
        scratch[i] = stored(f->data, f->v->dtype, c, out->air_at[i]);
        table[i] = (float)scratch[i];
    }
    out->air[c] = out->n_air ? (float)sorted_at(scratch, out->n_air, 0.5) : 0.0f;
    for (int i = 0; i < out->n_grain; ++i) {
        int32_t at = grain_at[i], step = f->step[axis];
        double d = stored(f->data, f->v->dtype, c, at) -
                   0.5 * (stored(f->data, f->v->dtype, c, at - step) + stored(f->data, f->v->dtype, c, at + step));
        table[out->n_air + i] = (float)(d * GRAIN_SCALE);
    }
}

typedef struct room {
    place *place;
    double *a, *b;
    int32_t *at;
} room;

static vv_status measure(const frame *f, const vv_kept *k, bool ct, int axis, room *w, vv_kept_levels *out, vv_err *err)
{
    int heads = 0;
    for (int i = 0; i < k->n_head; ++i) {
        double x = grey(f, k->head[i]);
        if (x - x == 0)
            w->a[heads++] = x;
    }
    double tissue = heads ? sorted_at(w->a, heads, 0.5) : -(double)INFINITY;
    for (int i = 0; i < k->n_air; ++i)
        w->place[i] = look_at(f, k->air[i]);
    out->n_air = choose_air(f, w->place, k->n_air, ct, tissue, w->a);
    for (int i = 0; i < out->n_air; ++i)
        out->air_at[i] = w->place[i].at;
    out->n_grain = choose_grain(f, k, axis, w->a, w->b, w->at);
    size_t count = (size_t)(out->n_air + out->n_grain) * (size_t)f->channels;
    out->table = vv_malloc(count ? count : 1, sizeof *out->table);
    if (!out->table)
        return out_of_memory(err);
    for (int c = 0; c < f->channels; ++c) {
        fill_table(f, c, axis, w->at, w->a, out);
        measure_tissue(f, k, c, w->a, out);
    }
    return VV_OK;
}

vv_status vv_kept_measure(const vv_volume *v, int64_t number, const vv_kept *k, bool ct, vv_kept_levels *out,
                          vv_err *err)
{
    size_t bytes = (size_t)vv_volume_voxels(v) * vv_dtype_bytes(v->dtype);
    frame f = {v,
               (const char *)v->data + (size_t)number * bytes,
               k->code,
               vv_channels(v),
               {1, (int32_t)v->dims[0], (int32_t)(v->dims[0] * v->dims[1])}};
    int axis = 0;
    for (int a = 1; a < 3; ++a)
        axis = v->spacing[a] < v->spacing[axis] - 0.01 ? a : axis;
    for (int a = 0; a < 3; ++a)
        f.step[a] = a != axis && v->spacing[a] > NEIGHBOUR_MOST ? 0 : f.step[a];
    *out = (vv_kept_levels){.air_at = vv_malloc(VV_KEPT_MOST, sizeof *out->air_at)};
    room w = {vv_malloc(VV_KEPT_MOST, sizeof *w.place), vv_malloc(VV_KEPT_MOST, sizeof *w.a),
              vv_malloc(VV_KEPT_MOST, sizeof *w.b), vv_malloc(VV_KEPT_MOST, sizeof *w.at)};
    vv_status s =
        out->air_at && w.place && w.a && w.b && w.at ? measure(&f, k, ct, axis, &w, out, err) : out_of_memory(err);
    vv_free(w.place);
    vv_free(w.a);
    vv_free(w.b);
    vv_free(w.at);
    return s;
}

void vv_kept_levels_release(vv_kept_levels *l)
{
    vv_free(l->air_at);
    vv_free(l->table);
    l->air_at = NULL;
    l->table = NULL;
}
