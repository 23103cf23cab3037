/* attack_match.c - pairs of surfaces, aligned, then compared. */
#include "attack_match.h"
#include "alloc.h"
#include "attack_numbers.h"
#include <string.h>

#define WAYS 12
#define SHIFT_MM 2.0 /* likely errors of a pose: of its place */
#define LINEAR 0.02  /* of its turn, size and shear, mm per mm */
#define NOISE_MM 1.0 /* of a cell's depth */
#define FAR_MM 6.0   /* differences count no more than this */
#define STEEP 3.0    /* slopes beyond which a depth says nothing */
#define ROUNDS 2
#define CELL_MM (VV_CELL * VV_MAP_MM)

/* A known surface, ready to be compared with. */
typedef struct model {
    int n;
    int cell[VV_CELLS];
    double depth[VV_CELLS];
    double way[VV_CELLS][WAYS]; /* mm of depth per likely error */
    double inverse[WAYS * WAYS];
} model;

/* Slope of the depth across the map along a step of cells, mm per mm; false beside nothing. */
static bool slope(const float *cells, int at, int step, double *out)
{
    float a = cells[at - step], b = cells[at + step];
    if (a < 0 || b < 0)
        return false;
    *out = ((double)b - (double)a) / (2 * CELL_MM);
    return *out<STEEP && * out> - STEEP;
}

/* What an error of the pose does to the depth of a cell. */
static void find_ways(int view, int column, int row, double depth, double across, double down, double way[WAYS])
{
    double middle = 0.5 * (VV_CELL - 1), at[3], origin[3], step[3];
    vv_maps_place(view, column * VV_CELL, row * VV_CELL, depth, origin);
    for (int k = 0; k < 3; ++k) { /* the middle of the cell */
        vv_maps_place(view, column * VV_CELL + 1, row * VV_CELL + 1, depth, step);
        at[k] = origin[k] + middle * (step[k] - origin[k]);
    }
    for (int k = 0; k < 3; ++k) {
        double base = 0; /* of a shift by 1 mm along axis k */
        for (int d = 0; d < 3; ++d) {
            vv_maps_place(view, column * VV_CELL + (d == 0), row * VV_CELL + (d == 1), depth + (d == 2), step);
            double unit = (step[k] - origin[k]) / (d == 2 ? 1 : VV_MAP_MM);
            base += unit * (d == 0 ? -across : d == 1 ? -down : 1);
        }
        way[k] = SHIFT_MM * base;
        for (int j = 0; j < 3; ++j)
            way[3 + 3 * k + j] = LINEAR * base * at[j];
    }
}

static bool make_model(const float *cells, model *m)
{
    m->n = 0;
    for (int i = 0; i < VV_CELLS; ++i) {
        int view = i / VV_CELLS_VIEW, row = i % VV_CELLS_VIEW / VV_CELLS_WIDTH, column = i % VV_CELLS_WIDTH;
        double across, down;
        if (row == 0 || column == 0 || row == VV_CELLS_HEIGHT - 1 || column == VV_CELLS_WIDTH - 1 || cells[i] < 0 ||
            !slope(cells, i, 1, &across) || !slope(cells, i, VV_CELLS_WIDTH, &down))
            continue;
        m->cell[m->n] = i;
        m->depth[m->n] = (double)cells[i];
        find_ways(view, column, row, (double)cells[i], across, down, m->way[m->n]);
        ++m->n;
    }
    memset(m->inverse, 0, sizeof m->inverse);
    for (int i = 0; i < m->n; ++i)
        for (int a = 0; a < WAYS; ++a)
            for (int b = 0; b < WAYS; ++b)
                m->inverse[a * WAYS + b] += m->way[i][a] * m->way[i][b];
    for (int a = 0; a < WAYS; ++a)
        m->inverse[a * WAYS + a] += NOISE_MM * NOISE_MM;
    return vv_invert_spd(m->inverse, WAYS);
}

static double held(double x)
{
    return x > FAR_MM ? FAR_MM : x < -FAR_MM ? -FAR_MM : x;
}

/* What is left of the difference at cell i, given errors of the pose. */
static double left_over(const model *m, const float *probe, int i, const double error[WAYS])
{
    double left = (double)probe[m->cell[i]] - m->depth[i];
    for (int a = 0; a < WAYS; ++a)
        left -= error[a] * m->way[i][a];
    return held(left);
}

static double compare(const model *m, const float *probe)
{
    double error[WAYS] = {0}, sum = 0;
    int n = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        double pull[WAYS] = {0};
        for (int i = 0; i < m->n; ++i) {
            if (probe[m->cell[i]] < 0)
                continue;
            double left = left_over(m, probe, i, error);
            for (int a = 0; a < WAYS; ++a)
                pull[a] += left * m->way[i][a];
        }
        for (int a = 0; a < WAYS; ++a)
            for (int b = 0; b < WAYS; ++b)
                error[a] += m->inverse[a * WAYS + b] * pull[b];
    }
    for (int i = 0; i < m->n; ++i)
        if (probe[m->cell[i]] >= 0) {
            double left = left_over(m, probe, i, error);
            sum += left * left;
            ++n;
        }
    return n > 0 ? -sum / n : -FAR_MM * FAR_MM;
}

bool vv_match(const float *known, int n_known, const float *probe, int n_probe, double *score)
{
    model *m = vv_malloc(1, sizeof *m);
    bool done = m != NULL;
    for (int k = 0; done && k < n_known; ++k) {
        done = make_model(known + (size_t)k * VV_CELLS, m);
        for (int p = 0; done && p < n_probe; ++p)
            score[(size_t)p * (size_t)n_known + (size_t)k] = compare(m, probe + (size_t)p * VV_CELLS);
    }
    vv_free(m);
    return done;
}
