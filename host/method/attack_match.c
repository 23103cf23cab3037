/* attack_match.c - pairs of surfaces, aligned, then compared. */
#include "attack_match.h"
#include "alloc.h"
#include "attack_numbers.h"
#include <string.h>

#define NOISE_MM 1.0 /* of a cell's depth */
#define FAR_MM 6.0   /* differences count no more than this */
#define STEEP 3.0    /* slopes beyond which a depth says nothing */
#define ROUNDS 2

/* A known surface, ready to be compared with. */
typedef struct model {
    int n;
    int cell[VV_CELLS];
    double depth[VV_CELLS];
    double way[VV_CELLS][VV_WAYS]; /* mm of depth per likely error */
    double inverse[VV_WAYS * VV_WAYS];
} model;

static bool make_model(const float *cells, model *m)
{
    m->n = 0;
    for (int i = 0; i < VV_CELLS; ++i)
        if (vv_cells_ways(cells, i, STEEP, m->way[m->n])) {
            m->cell[m->n] = i;
            m->depth[m->n++] = (double)cells[i];
        }
    memset(m->inverse, 0, sizeof m->inverse);
    for (int i = 0; i < m->n; ++i)
        for (int a = 0; a < VV_WAYS; ++a)
            for (int b = 0; b < VV_WAYS; ++b)
                m->inverse[a * VV_WAYS + b] += m->way[i][a] * m->way[i][b];
    for (int a = 0; a < VV_WAYS; ++a)
        m->inverse[a * VV_WAYS + a] += NOISE_MM * NOISE_MM;
    return vv_invert_spd(m->inverse, VV_WAYS);
}

static double held(double x)
{
    return x > FAR_MM ? FAR_MM : x < -FAR_MM ? -FAR_MM : x;
}

/* What is left of the difference at cell i, given errors of the pose. */
static double left_over(const model *m, const float *probe, int i, const double error[VV_WAYS])
{
    double left = (double)probe[m->cell[i]] - m->depth[i];
    for (int a = 0; a < VV_WAYS; ++a)
        left -= error[a] * m->way[i][a];
    return held(left);
}

static double compare(const model *m, const float *probe)
{
    double error[VV_WAYS] = {0}, sum = 0;
    int n = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        double pull[VV_WAYS] = {0};
        for (int i = 0; i < m->n; ++i) {
            if (probe[m->cell[i]] < 0)
                continue;
            double left = left_over(m, probe, i, error);
            for (int a = 0; a < VV_WAYS; ++a)
                pull[a] += left * m->way[i][a];
        }
        for (int a = 0; a < VV_WAYS; ++a)
            for (int b = 0; b < VV_WAYS; ++b)
                error[a] += m->inverse[a * VV_WAYS + b] * pull[b];
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
