/* brain.c - the brain's surface: how far it lies from the atlas's along the atlas's normals, by what the levels of this
 * very subject say of inside and outside. No contrast is assumed. Made small and on the host: some thousand profiles.
 */
#include "brain.h"
#include "alloc.h"
#include "brain_nodes.h"
#include "removal.h"
#include <math.h>

#define INWARD 14 /* a profile: mm from the atlas's surface inward, and as many outward */
#define SAMPLES (2 * INWARD + 1)
#define LEAST (-8) /* mm: the surface is looked for between these */
#define MOST 12
#define BINS 64
#define BRAIN_BIN 24.0   /* where the local level of the brain falls */
#define SURE_INSIDE 4.0  /* mm below the surface where all is brain */
#define OUTSIDE_FROM 3.0 /* mm above the surface where nothing is */
#define OUTSIDE_TO 9.0
#define ROUNDS 2
#define GAIN 0.7       /* what a mm that looks like brain counts against the spread of shapes */
#define MORE 1.0        /* mm: beside the margin learned for each place, since a pose found anew differs a little */
#define SPREAD 4.0     /* mm: of the surface about the atlas's */
#define NEIGHBOURS 3.0 /* mm: of the surface about what its neighbours say */
/* Reach of the means over neighbours, mm. */
#define REACH_LEVEL 36.0
#define REACH_EVIDENCE 18.0
#define REACH_SURFACE 9.0
/* Hounsfield units: all that is lighter is one to the brain. */
#define CT_FLOOR (-200.0)
#define CELLS ((size_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY * VV_ATLAS_FIELD_NZ)

typedef struct surface {
    vv_brain_node *node;
    int n;
    double *value;  /* SAMPLES per node: level above the floor, evidence, its sum */
    double *mean;   /* the same, over neighbours */
    uint8_t *seen;  /* the sample is in the field of view */
    uint8_t *bin;   /* of the sample's level against that of the brain nearby */
    double *offset; /* of the surface, mm outward */
    double *column; /* two scratch columns */
} surface;

static void release(surface *s)
{
    vv_free(s->node);
    vv_free(s->value);
    vv_free(s->mean);
    vv_free(s->seen);
    vv_free(s->bin);
    vv_free(s->offset);
    vv_free(s->column);
}

static vv_status create(surface *s, vv_err *err)
{
    vv_status status = vv_brain_nodes(&s->node, &s->n, err);
    if (status)
        return status;
    size_t n = (size_t)s->n, all = n * SAMPLES;
    s->value = vv_malloc(all, sizeof *s->value);
    s->mean = vv_malloc(all, sizeof *s->mean);
    s->seen = vv_malloc(all, 1);
    s->bin = vv_malloc(all, 1);
    s->offset = vv_calloc(n, sizeof *s->offset);
    s->column = vv_malloc(n, 4 * sizeof *s->column);
    return s->value && s->mean && s->seen && s->bin && s->offset && s->column
               ? VV_OK
               : vv_fail(err, VV_E_RESOURCE, "brain", "out of memory; free some and try again");
}

/* The level at a place of the grid, trilinear; false where that is out of the field of view. */
static bool level_at(const vv_grid *g, const float *level, const double at[3], double *out)
{
    int32_t low[3], step[3] = {1, g->dims[0], g->dims[0] * g->dims[1]};
    double part[3], sum = 0;
    size_t base = 0;
    for (int a = 0; a < 3; ++a) {
        if (!(at[a] >= -0.5 && at[a] <= g->dims[a] - 0.5))
            return false;
        double x = at[a] < 0 ? 0 : at[a] > g->dims[a] - 1 ? g->dims[a] - 1 : at[a];
        low[a] = (int32_t)floor(x);
        part[a] = x - low[a];
        base += (size_t)low[a] * (size_t)step[a];
        step[a] = low[a] + 1 < g->dims[a] ? step[a] : 0;
    }
    for (int k = 0; k < 8; ++k) {
        size_t v = base;
        double w = 1;
        for (int a = 0; a < 3; ++a) {
            v += k >> a & 1 ? (size_t)step[a] : 0;
            w *= k >> a & 1 ? part[a] : 1 - part[a];
        }
        sum += w * level[v];
    }
    *out = sum;
    return true;
}

static void take_profiles(surface *s, const vv_grid *g, const float *level, const double m[12], double lowest)
{
    for (int i = 0; i < s->n; ++i)
        for (int k = 0; k < SAMPLES; ++k) {
            const vv_brain_node *node = &s->node[i];
            size_t v = (size_t)i * SAMPLES + (size_t)k;
            double at[3], mm[3], x = lowest;
            for (int a = 0; a < 3; ++a)
                mm[a] = node->at[a] + (k - INWARD) * node->normal[a];
            for (int r = 0; r < 3; ++r)
                at[r] = m[4 * r] * mm[0] + m[4 * r + 1] * mm[1] + m[4 * r + 2] * mm[2] + m[4 * r + 3];
            s->seen[v] = level_at(g, level, at, &x);
            s->value[v] = x > lowest ? x - lowest : 0;
        }
}

/* Each sample's level against the mean of the brain's within REACH_LEVEL: a coil's brightness is out of it. */
static void take_bins(surface *s)
{
    double sum = 0, count = 0, *local = s->column, *mean = s->column + 2 * s->n;
    for (int i = 0; i < s->n; ++i) {
        local[2 * i] = local[2 * i + 1] = 0;
        for (int k = 0; k <= INWARD - (int)SURE_INSIDE; ++k) {
            size_t v = (size_t)i * SAMPLES + (size_t)k;
            local[2 * i] += s->seen[v] ? s->value[v] : 0;
            local[2 * i + 1] += s->seen[v];
        }
        sum += local[2 * i], count += local[2 * i + 1];
    }
    double all = count > 0 ? sum / count : 0;
    vv_brain_smooth(s->node, s->n, REACH_LEVEL, local, 2, mean);
    for (int i = 0; i < s->n; ++i) {
        double brain = (mean[2 * i] + all) / (mean[2 * i + 1] + 1);
        brain = brain > 0.05 * all ? brain : 0.05 * all;
        for (int k = 0; k < SAMPLES; ++k) {
            size_t v = (size_t)i * SAMPLES + (size_t)k;
            double b = brain > 0 ? floor(s->value[v] / brain * BRAIN_BIN) : 0;
            s->bin[v] = (uint8_t)(b < 0 ? 0 : b > BINS - 1 ? BINS - 1 : b);
        }
    }
}

/* Shares of the bins, each mixed with its neighbours. */
static void share(const double count[BINS], double out[BINS])
{
    double sum = 0;
    for (int b = 0; b < BINS; ++b) {
        out[b] = 0.25 * count[b > 0 ? b - 1 : 0] + 0.5 * count[b] + 0.25 * count[b < BINS - 1 ? b + 1 : b];
        sum += out[b];
    }
    for (int b = 0; b < BINS; ++b)
        out[b] /= sum > 1 ? sum : 1;
}

/* Per bin: how much more it is seen inside the surface than outside it, -2..2. */
static void learn(const surface *s, double out[BINS])
{
    double inside[BINS] = {0}, outside[BINS] = {0}, in[BINS], off[BINS];
    for (int i = 0; i < s->n; ++i)
        for (int k = 0; k < SAMPLES; ++k) {
            size_t v = (size_t)i * SAMPLES + (size_t)k;
            double above = k - INWARD - s->offset[i];
            if (s->seen[v] && above <= -SURE_INSIDE)
                inside[s->bin[v]] += 1;
            else if (s->seen[v] && above >= OUTSIDE_FROM && above <= OUTSIDE_TO)
                outside[s->bin[v]] += 1;
        }
    share(inside, in);
    share(outside, off);
    for (int b = 0; b < BINS; ++b)
        out[b] = 2 * (in[b] - off[b]) / (in[b] + off[b] + 0.002);
}

/* One round: evidence summed outward along each profile, shared with the neighbours; the best place; smooth. */
static void move(surface *s, bool first)
{
    double evidence[BINS], *near = s->column, *best = s->column + s->n;
    learn(s, evidence);
    for (int i = 0; i < s->n; ++i) {
        double sum = 0;
        for (int k = 0; k < SAMPLES; ++k) {
            size_t v = (size_t)i * SAMPLES + (size_t)k;
            sum += s->seen[v] ? evidence[s->bin[v]] : 0;
            s->value[v] = sum;
        }
    }
    vv_brain_smooth(s->node, s->n, REACH_EVIDENCE, s->value, SAMPLES, s->mean);
    vv_brain_smooth(s->node, s->n, REACH_EVIDENCE, s->offset, 1, near);
    for (int i = 0; i < s->n; ++i) {
        double most = -1e30;
        for (int mm = LEAST; mm <= MOST; ++mm) {
            double off = mm - near[i], worth = GAIN * s->mean[(size_t)i * SAMPLES + (size_t)(mm + INWARD)];
            worth -= mm * mm / (2 * SPREAD * SPREAD) + (first ? 0 : off * off / (2 * NEIGHBOURS * NEIGHBOURS));
            if (worth > most)
                most = worth, best[i] = mm;
        }
    }
    vv_brain_smooth(s->node, s->n, REACH_SURFACE, best, 1, s->offset);
}

static double shape_off(const surface *s)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < s->n; ++i)
        sum += s->offset[i], squares += s->offset[i] * s->offset[i];
    double mean = sum / s->n, variance = squares / s->n - mean * mean;
    return sqrt(variance > 0 ? variance : 0);
}

/* Sums over 5 cells along each axis, twice: from the cells of the nodes out to all within 12 mm. scratch: as large. */
static void spread_cells(double *cell, double *scratch)
{
    static const int n[3] = {VV_ATLAS_FIELD_NX, VV_ATLAS_FIELD_NY, VV_ATLAS_FIELD_NZ};
    static const size_t step[3] = {1, VV_ATLAS_FIELD_NX, (size_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY};
    for (int pass = 0; pass < 6; ++pass) {
        int axis = pass % 3;
        double *from = pass % 2 ? scratch : cell, *to = pass % 2 ? cell : scratch;
        for (size_t v = 0; v < CELLS; ++v) {
            int at = (int)(v / step[axis] % (size_t)n[axis]);
            double sum = from[v];
            for (int k = 1; k <= 2; ++k) {
                sum += at - k >= 0 ? from[v - (size_t)k * step[axis]] : 0;
                sum += at + k < n[axis] ? from[v + (size_t)k * step[axis]] : 0;
            }
            to[v] = sum;
        }
    }
}

/* The pairs of the whole grid of fields: the atlas's distance, moved by what the nodes nearby say and their margin. */
static void fill_pairs(const surface *s, double *moved, double *weight, double *scratch, float *pair)
{
    for (size_t v = 0; v < CELLS; ++v)
        moved[v] = weight[v] = 0;
    for (int i = 0; i < s->n; ++i) {
        moved[s->node[i].cell] = s->offset[i] + vv_atlas_brain_margin(s->node[i].cell) + MORE;
        weight[s->node[i].cell] = 1;
    }
    spread_cells(moved, scratch);
    spread_cells(weight, scratch);
    for (size_t v = 0; v < CELLS; ++v) {
        double mm = vv_atlas_brain_mm((int)v), core = mm - VV_BRAIN_CORE;
        mm += weight[v] > 0 ? moved[v] / weight[v] : 0;
        pair[2 * v] = (float)-mm;
        pair[2 * v + 1] = (float)core;
    }
}

static vv_status make_pairs(vv_device *dev, const surface *s, vv_buf **pairs, vv_err *err)
{
    double *cells = vv_malloc(CELLS, 3 * sizeof *cells);
    float *pair = vv_malloc(CELLS, 2 * sizeof *pair);
    vv_status status = cells && pair ? vv_buf_create(dev, CELLS * 2 * sizeof *pair, pairs, err)
                                     : vv_fail(err, VV_E_RESOURCE, "brain", "out of memory; free some and try again");
    if (!status) {
        fill_pairs(s, cells, cells + CELLS, cells + 2 * CELLS, pair);
        status = vv_upload(dev, *pairs, 0, pair, CELLS * 2 * sizeof *pair, err);
    }
    vv_free(cells);
    vv_free(pair);
    return status;
}

/* Profiles of the grid's levels along the normals of the nodes. */
static vv_status look(vv_device *dev, surface *s, const vv_grid *g, const vv_window *window, const double to_atlas[12],
                      vv_err *err)
{
    double there[12], back[12];
    size_t n = (size_t)vv_grid_voxels(g);
    vv_affine_compose(to_atlas, g->affine, there);
    if (!vv_affine_invert(there, back))
        return vv_fail(err, VV_E_INTERNAL, "brain", "the pose has no inverse; report this fault");
    float *level = vv_malloc(n, sizeof *level);
    vv_status status = level ? vv_download(dev, level, g->level, 0, n * sizeof *level, err)
                             : vv_fail(err, VV_E_RESOURCE, "brain", "out of memory; free some and try again");
    if (!status)
        take_profiles(s, g, level, back, window->ct ? CT_FLOOR : window->air);
    vv_free(level);
    return status;
}

vv_status vv_brain_find(vv_device *dev, const vv_grid *g, const vv_window *window, const double to_atlas[12],
                        vv_buf **pairs, double *shape, vv_err *err)
{
    surface s = {0};
    vv_status status = create(&s, err);
    if (!status)
        status = look(dev, &s, g, window, to_atlas, err);
    if (!status) {
        take_bins(&s);
        for (int round = 0; round < ROUNDS; ++round)
            move(&s, round == 0);
        *shape = shape_off(&s);
        status = make_pairs(dev, &s, pairs, err);
    }
    release(&s);
    return status;
}
