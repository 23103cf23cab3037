/* opinion.c - the network's answer beside a pose, and the pose that fits the answer. */
#include "opinion.h"
#include "alloc.h"
#include "network.h"
#include "search.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_LEAST 12
/* mm: half of the head, as the network sees it, is no farther than this from where the pose has it. */
#define CONFIRMS_MM 7.5
#define CONFIRMS_PART 13.0 /* the same for every part of the head */
#define CONFIRMS_SCORE 7.0
#define STRONG_MM 6.2
#define STRONG_PART 8.0
#define STRONG_SCORE 8.5
#define NEAR 20.0 /* mm */
#define NO_OPINION 1000.0
#define ERROR_LEAST 3.0 /* mm: no cell counts as if it knew better */
/* A sum of the errors along three axes is about this many times their length. */
#define SUM_OF_AXES 1.6
#define MISFIT_MOST 8.0
/* The fit is drawn to a similarity as if by so much of every axis's spread (mm^2): a slab says little of its own
 * thickness. A head's spread is about 2500. */
#define RIDGE 600.0
/* CT: air, and 1.6 times as far above it as water and soft tissue are, as for other levels. */
#define CT_AIR -1000.0
#define CT_TOP 680.0

/* The cube's middle in the atlas (mm), as models/localiser/net.py has it. */
#define MIDDLE_X 0.0
#define MIDDLE_Y 8.0
#define MIDDLE_Z -28.0

typedef struct mark {
    double at[3];    /* mm in the cube's frame */
    double atlas[3]; /* mm */
    double error, log_error;
    double weight;
} mark;

/* exp(x) for x in -4..2: a series for x / 64, squared six times; no library's rounding. */
static double exponential(double x)
{
    double t = x / 64, e = 1 + t * (1 + t / 2 * (1 + t / 3 * (1 + t / 4 * (1 + t / 5))));
    for (int i = 0; i < 6; ++i)
        e *= e;
    return e;
}

static double sure(const mark *m)
{
    double e = m->error > ERROR_LEAST ? m->error : ERROR_LEAST;
    return 1.0 / (e * e);
}

static double apart(const double t[12], const mark *m)
{
    double sum = 0;
    for (int r = 0; r < 3; ++r) {
        double d = t[4 * r] * m->at[0] + t[4 * r + 1] * m->at[1] + t[4 * r + 2] * m->at[2] + t[4 * r + 3] - m->atlas[r];
        sum += d * d;
    }
    return sqrt(sum);
}

/* Weighted moments about the weighted means: spread of `at`, and of `atlas` against `at`. */
typedef struct moments {
    double at[3], atlas[3];
    double spread[12], cross[12];
} moments;

static moments moments_of(const mark *m, int n)
{
    moments s = {0};
    double total = 0;
    for (int i = 0; i < n; ++i) {
        total += m[i].weight;
        for (int a = 0; a < 3; ++a)
            s.at[a] += m[i].weight * m[i].at[a], s.atlas[a] += m[i].weight * m[i].atlas[a];
    }
    for (int a = 0; a < 3; ++a)
        s.at[a] /= total, s.atlas[a] /= total;
    for (int i = 0; i < n; ++i)
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c) {
                double w = m[i].weight / total * (m[i].at[c] - s.at[c]);
                s.spread[4 * r + c] += w * (m[i].at[r] - s.at[r]);
                s.cross[4 * r + c] += w * (m[i].atlas[r] - s.atlas[r]);
            }
    return s;
}

static void set_shift(const moments *s, double t[12])
{
    for (int r = 0; r < 3; ++r)
        t[4 * r + 3] = s->atlas[r] - t[4 * r] * s->at[0] - t[4 * r + 1] * s->at[1] - t[4 * r + 2] * s->at[2];
}

/* Rotation, one size and a shift (Umeyama, IEEE PAMI 1991); t stays where there is none. */
static void fit_similarity(const moments *s, double t[12])
{
    double turn[12] = {0}, along = 0, spread = s->spread[0] + s->spread[5] + s->spread[10];
    if (!vv_affine_rotation(s->cross, turn))
        return;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            along += turn[4 * r + c] * s->cross[4 * r + c];
    double size = spread > 0 ? along / spread : 1;
    size = size < 0.8 ? 0.8 : size > 1.5 ? 1.5 : size;
    for (int i = 0; i < 12; ++i)
        t[i] = size * turn[i];
    set_shift(s, t);
}

/* The affine of least squares, drawn towards the similarity. */
static void fit_affine(const moments *s, double t[12])
{
    double left[12] = {0}, spread[12], inverse[12];
    fit_similarity(s, t);
    memcpy(spread, s->spread, sizeof spread);
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            left[4 * r + c] = s->cross[4 * r + c] + RIDGE * t[4 * r + c];
    for (int a = 0; a < 3; ++a)
        spread[5 * a] += RIDGE;
    if (!vv_affine_invert(spread, inverse))
        return;
    vv_affine_compose(left, inverse, t);
    set_shift(s, t);
}

/* Marks that lie far from the fit count less and less; t: where to begin, and the fit. */
static void fit(mark *m, int n, double t[12])
{
    static const double scale[] = {40, 25, 15, 10, 10, 10, 10, 10, 10, 10}; /* mm */
    enum { FITS = sizeof scale / sizeof scale[0], SIMILAR = 6 };
    for (int i = 0; i < n; ++i)
        m[i].weight = sure(&m[i]);
    for (int k = 0; k < FITS; ++k) {
        moments s = moments_of(m, n);
        (k < SIMILAR ? fit_similarity : fit_affine)(&s, t);
        for (int i = 0; i < n; ++i) {
            double d = apart(t, &m[i]) / scale[k];
            m[i].weight = sure(&m[i]) / ((1 + d * d) * (1 + d * d));
        }
    }
}

typedef struct distance {
    double mm, weight;
} distance;

static int by_mm(const void *a, const void *b)
{
    double x = ((const distance *)a)->mm, y = ((const distance *)b)->mm;
    return (x > y) - (x < y);
}

/* The weighted middle of n distances; sorts them. */
static double median_of(distance *d, int n)
{
    double total = 0, seen = 0;
    for (int i = 0; i < n; ++i)
        total += d[i].weight;
    qsort(d, (size_t)n, sizeof *d, by_mm);
    int i = 0;
    while (i < n - 1 && seen + d[i].weight < 0.5 * total)
        seen += d[i++].weight;
    return d[i].mm;
}

/* Parts of the head, by the atlas's axes: the sign of an axis and how far out (mm). A pose may be right but for a nod
 * or a wrong size, which tells where the face and the ears are. */
static const struct {
    int axis;
    double from;
} part[] = {{0, -40}, {0, 40}, {1, -50}, {1, 55}, {2, -30}, {2, 35}};
enum { PARTS = sizeof part / sizeof part[0], PART_LEAST = 10 };

static bool in_part(const double t[12], const mark *m, int k)
{
    const double *row = t + 4 * part[k].axis;
    double x = row[0] * m->at[0] + row[1] * m->at[1] + row[2] * m->at[2] + row[3];
    return part[k].from < 0 ? x < part[k].from : x > part[k].from;
}

/* The pose as the frame has it, t, against the marks; d: room for n. */
static void compare(const mark *m, int n, const double t[12], distance *d, vv_opinion *out)
{
    double total = 0, near = 0;
    for (int i = 0; i < n; ++i) {
        d[i] = (distance){apart(t, &m[i]), sure(&m[i])};
        total += d[i].weight;
        near += d[i].mm < NEAR ? d[i].weight : 0;
    }
    out->median_mm = median_of(d, n);
    out->share = near / total;
    out->worst_mm = out->median_mm;
    for (int k = 0; k < PARTS; ++k) {
        int count = 0;
        for (int i = 0; i < n; ++i)
            if (in_part(t, &m[i], k))
                d[count++] = (distance){apart(t, &m[i]), sure(&m[i])};
        double mm = count >= PART_LEAST ? median_of(d, count) : 0;
        out->worst_mm = mm > out->worst_mm ? mm : out->worst_mm;
    }
}

/* The mean logarithm of a Laplace distribution of the error that the network expects, held where it is far off. */
static double score_of(const mark *m, int n, const double t[12])
{
    double sum = 0;
    for (int i = 0; i < n; ++i) {
        double misfit = SUM_OF_AXES * apart(t, &m[i]) / m[i].error;
        sum -= 3 * m[i].log_error + (misfit < MISFIT_MOST ? misfit : MISFIT_MOST);
    }
    return sum / n;
}

static bool in_view(const vv_grid *g, const double to_voxel[12], const double at[3])
{
    for (int a = 0; a < 3; ++a) {
        double x =
            to_voxel[4 * a] * at[0] + to_voxel[4 * a + 1] * at[1] + to_voxel[4 * a + 2] * at[2] + to_voxel[4 * a + 3];
        if (!(x >= -0.5 && x <= g->dims[a] - 0.5))
            return false;
    }
    return true;
}

/* The cells that count. Returns how many. */
static int take_marks(const vv_grid *g, const double frame[12], const vv_cell *cells, mark *m)
{
    double to_voxel[12], voxel[12];
    int n = 0;
    if (!vv_affine_invert(g->affine, to_voxel))
        return 0;
    vv_affine_compose(to_voxel, frame, voxel);
    for (int v = 0; v < VV_CELLS; ++v) {
        mark k = {.at = {vv_cell_mm(v % VV_CELL_SIDE), vv_cell_mm(v / VV_CELL_SIDE % VV_CELL_SIDE),
                         vv_cell_mm(v / VV_CELL_SIDE / VV_CELL_SIDE)},
                  .log_error = cells[v].log_error};
        memcpy(k.atlas, cells[v].atlas, sizeof k.atlas);
        k.error = 100 * exponential(k.log_error);
        if (cells[v].head > 0 && in_view(g, voxel, k.at))
            m[n++] = k;
    }
    return n;
}

/* Levels of the grid that the network sees as nothing and as bright, as in its training. */
static vv_status bounds_of(vv_device *dev, const vv_grid *g, bool ct, vv_buf *code, double bounds[2], vv_err *err)
{
    bounds[0] = CT_AIR, bounds[1] = CT_TOP;
    return ct ? VV_OK : vv_level_bounds(dev, g, false, code, bounds, err);
}

static vv_status ask(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, const double frame[12],
                     vv_cell *cells, vv_err *err)
{
    double bounds[2];
    vv_grid coarse;
    vv_grid_shape(g->dims, g->affine, VV_CUBE_STEP, 0, NULL, &coarse);
    vv_status s = vv_grid_create(dev, &coarse, err);
    if (!s)
        s = vv_grid_from_grid(dev, g, &coarse, err);
    if (!s)
        s = bounds_of(dev, &coarse, window->ct, code, bounds, err);
    if (!s)
        s = vv_network_run(dev, &coarse, bounds[0], bounds[1], frame, cells, err);
    vv_grid_release(dev, &coarse);
    return s;
}

/* The cube's frame: as the pose has the head in the atlas. mm there to subject mm. */
static bool frame_of(const double to_atlas[12], double frame[12])
{
    static const double lay[12] = {1, 0, 0, MIDDLE_X, 0, 1, 0, MIDDLE_Y, 0, 0, 1, MIDDLE_Z};
    double inverse[12];
    if (!vv_affine_invert(to_atlas, inverse))
        return false;
    vv_affine_compose(inverse, lay, frame);
    return true;
}

bool vv_opinion_confirms(const vv_opinion *o)
{
    return o->median_mm <= CONFIRMS_MM && o->worst_mm <= CONFIRMS_PART && o->score >= CONFIRMS_SCORE;
}

bool vv_opinion_confirms_strongly(const vv_opinion *o)
{
    return o->median_mm <= STRONG_MM && o->worst_mm <= STRONG_PART && o->score >= STRONG_SCORE;
}

vv_status vv_opinion_form(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                          const double to_atlas[12], vv_opinion *out, vv_err *err)
{
    double frame[12], to_frame[12], t[12];
    *out = (vv_opinion){.median_mm = NO_OPINION, .worst_mm = NO_OPINION};
    memcpy(out->pose, to_atlas, sizeof out->pose);
    if (!frame_of(to_atlas, frame) || !vv_affine_invert(frame, to_frame))
        return VV_OK;
    vv_cell *cells = vv_malloc(VV_CELLS, sizeof *cells);
    mark *m = vv_malloc(VV_CELLS, sizeof *m);
    distance *d = vv_malloc(VV_CELLS, sizeof *d);
    vv_status s = cells && m && d ? ask(dev, g, code, window, frame, cells, err)
                                  : vv_fail(err, VV_E_RESOURCE, "opinion", "out of memory; free some and try again");
    if (!s)
        out->cells = take_marks(g, frame, cells, m);
    if (!s && out->cells >= CELLS_LEAST) {
        vv_affine_compose(to_atlas, frame, t);
        compare(m, out->cells, t, d, out);
        fit(m, out->cells, t);
        out->score = score_of(m, out->cells, t);
        vv_affine_compose(t, to_frame, out->pose);
    }
    vv_free(d);
    vv_free(m);
    vv_free(cells);
    return s;
}
