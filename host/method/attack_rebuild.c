/* attack_rebuild.c - ridge regression from what is left to the face. */
#include "attack_rebuild.h"
#include "alloc.h"
#include "attack_numbers.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PENALTIES 4
static const double penalties[PENALTIES] = {0.03, 0.3, 3, 30}; /* of the mean of K's diagonal */
#define PERMUTATIONS 99
#define PERMUTED_RANK 94 /* of 0..98: the 95th percentile */
#define STEEP 1.5        /* mm per mm */
#define WAYS_RIDGE 1e-6
#define MEAN_WEIGHT 100 /* of the constant in K, of the mean of its diagonal */

typedef struct work {
    int n, q;               /* persons; cells of the face */
    int *cell;              /* the cells of the truth */
    double (*way)[VV_WAYS]; /* what errors of the pose do to each */
    double *x, *y;          /* cells of what is left, centred; of the face, less the mean: rows of VV_CELLS and q */
    double *k, *m;          /* n x n */
    double *weight;         /* n x n: the guess for i without i is the sum of weight[i][j] y_j */
    double *products;       /* n x n: inner products of faces */
    const int *group;
    bool grouped; /* some group has two persons, and there are several */
} work;

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

/* Rows become differences from the mean of those who have the cell; 0 where it is missing. */
static void centre(const float *cells, int n, const int *cell, int q, double *out)
{
    for (int c = 0; c < q; ++c) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < n; ++i) {
            float d = cells[(size_t)i * VV_CELLS + (size_t)cell[c]];
            sum += d >= 0 ? (double)d : 0;
            count += d >= 0;
        }
        for (int i = 0; i < n; ++i) {
            float d = cells[(size_t)i * VV_CELLS + (size_t)cell[c]];
            out[(size_t)i * (size_t)q + (size_t)c] = d >= 0 ? (double)d - sum / count : 0;
        }
    }
}

static void products_of(const double *rows, int n, int q, double *out)
{
    for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j)
            out[i * n + j] = out[j * n + i] = dot(rows + (size_t)i * (size_t)q, rows + (size_t)j * (size_t)q, q);
}

/* The mean of those who have the cell, or VV_MAP_NONE where somebody has not. */
static void mean_face(const float *face, int n, float mean[VV_CELLS])
{
    for (int c = 0; c < VV_CELLS; ++c) {
        double sum = 0;
        bool all = c / VV_CELLS_VIEW == VV_MAP_FRONT;
        for (int i = 0; i < n && all; ++i) {
            all = face[(size_t)i * VV_CELLS + (size_t)c] >= 0;
            sum += (double)face[(size_t)i * VV_CELLS + (size_t)c];
        }
        mean[c] = all ? (float)(sum / n) : VV_MAP_NONE;
    }
}

/* Whether all cells within `rim` rows and columns of the front view can be of the truth, too. */
static bool inside(const float mean[VV_CELLS], int cell, int rim)
{
    int row = cell % VV_CELLS_VIEW / VV_CELLS_WIDTH, column = cell % VV_CELLS_WIDTH;
    double way[VV_WAYS];
    if (row < rim || column < rim || row >= VV_CELLS_HEIGHT - rim || column >= VV_CELLS_WIDTH - rim)
        return false;
    for (int i = -rim; i <= rim; ++i)
        for (int j = -rim; j <= rim; ++j)
            if (!vv_cells_ways(mean, cell + i * VV_CELLS_WIDTH + j, STEEP, way))
                return false;
    return true;
}

/* The cells of the truth, and what errors of the pose do to each; returns how many. mean: scratch. */
static int choose_cells(const float *face, int n, int rim, float mean[VV_CELLS], int *cell, double (*way)[VV_WAYS])
{
    int q = 0;
    mean_face(face, n, mean);
    for (int c = VV_MAP_FRONT * VV_CELLS_VIEW; c < (VV_MAP_FRONT + 1) * VV_CELLS_VIEW; ++c)
        if (inside(mean, c, rim) && vv_cells_ways(mean, c, STEEP, way[q]))
            cell[q++] = c;
    return q;
}

/* Takes the part of each row of y that the ways can make out of it. */
static bool take_ways_out(const work *w)
{
    double m[VV_WAYS * VV_WAYS] = {0};
    for (int c = 0; c < w->q; ++c)
        for (int a = 0; a < VV_WAYS; ++a)
            for (int b = 0; b < VV_WAYS; ++b)
                m[a * VV_WAYS + b] += w->way[c][a] * w->way[c][b];
    for (int a = 0; a < VV_WAYS; ++a)
        m[a * VV_WAYS + a] = m[a * VV_WAYS + a] * (1 + WAYS_RIDGE) + WAYS_RIDGE; /* some are nearly others */
    if (!vv_invert_spd(m, VV_WAYS))
        return false;
    for (int i = 0; i < w->n; ++i) {
        double *y = w->y + (size_t)i * (size_t)w->q, pull[VV_WAYS] = {0}, size[VV_WAYS] = {0};
        for (int c = 0; c < w->q; ++c)
            for (int a = 0; a < VV_WAYS; ++a)
                pull[a] += w->way[c][a] * y[c];
        for (int a = 0; a < VV_WAYS; ++a)
            for (int b = 0; b < VV_WAYS; ++b)
                size[a] += m[a * VV_WAYS + b] * pull[b];
        for (int c = 0; c < w->q; ++c)
            for (int a = 0; a < VV_WAYS; ++a)
                y[c] -= size[a] * w->way[c][a];
    }
    return true;
}

/* M for one penalty, and the weights of the guesses without oneself. */
static bool train(work *w, double penalty)
{
    int n = w->n;
    double mean = 0;
    for (int i = 0; i < n; ++i)
        mean += w->k[i * n + i] / n;
    if (!(mean > 0))
        mean = 1; /* nothing is left that differs between persons */
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            w->m[i * n + j] = w->k[i * n + j] + MEAN_WEIGHT * mean + (i == j ? penalty * mean : 0);
    if (!vv_invert_spd(w->m, n))
        return false;
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            w->weight[i * n + j] = i == j ? 0 : -w->m[i * n + j] / w->m[i * n + i];
    return true;
}

/* Sum over persons of the squared distance of the guess from the face; order: whose face person i is said to have. */
static double squared_error(const work *w, const int *order)
{
    int n = w->n;
    double sum = 0;
    for (int i = 0; i < n; ++i) {
        const double *row = w->weight + (size_t)i * (size_t)n, *own = w->products + (size_t)order[i] * (size_t)n;
        sum += own[order[i]];
        for (int j = 0; j < n; ++j) {
            const double *other = w->products + (size_t)order[j] * (size_t)n;
            double inner = -2 * own[order[j]];
            for (int k = 0; k < n; ++k)
                inner += row[k] * other[order[k]];
            sum += row[j] * inner;
        }
    }
    return sum;
}

/* The mean face of the other persons (of the group). */
static void mean_of_others(const work *w, int i, double *out)
{
    int count = 0;
    memset(out, 0, (size_t)w->q * sizeof *out);
    for (int j = 0; j < w->n; ++j) {
        if (j == i || (w->grouped && w->group[j] != w->group[i]))
            continue;
        ++count;
        for (int c = 0; c < w->q; ++c)
            out[c] += w->y[(size_t)j * (size_t)w->q + (size_t)c];
    }
    for (int c = 0; c < w->q && count > 0; ++c)
        out[c] /= count;
}

/* Guess for i from the weights. */
static void guess(const work *w, int i, double *out)
{
    memset(out, 0, (size_t)w->q * sizeof *out);
    for (int j = 0; j < w->n; ++j)
        for (int c = 0; c < w->q; ++c)
            out[c] += w->weight[i * w->n + j] * w->y[(size_t)j * (size_t)w->q + (size_t)c];
}

/* Persons exchanged at random (Fisher and Yates), only within groups where there are any. */
static void exchange(const work *w, uint64_t *state, int *order)
{
    for (int i = 0; i < w->n; ++i)
        order[i] = i;
    for (int i = w->n - 1; i > 0; --i) {
        int candidates = 0, at = 0;
        for (int j = 0; j <= i; ++j)
            candidates += !w->grouped || w->group[j] == w->group[i];
        uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al., OOPSLA 2014) */
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        int pick = (int)((z ^ z >> 31) % (uint64_t)candidates);
        for (int j = 0; j <= i; ++j)
            if ((!w->grouped || w->group[j] == w->group[i]) && pick-- == 0)
                at = j;
        int t = order[i];
        order[i] = order[at], order[at] = t;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double variance_between(const work *w, double *mean)
{
    double sum = 0;
    for (int i = 0; i < w->n; ++i) {
        mean_of_others(w, i, mean);
        for (int c = 0; c < w->q; ++c) {
            double d = w->y[(size_t)i * (size_t)w->q + (size_t)c] - mean[c];
            sum += d * d;
        }
    }
    return sum;
}

/* The explained share of the faces as they are posed, with the best of the penalties. */
static bool explain_posed(work *w, double *mean, double *share)
{
    double total = variance_between(w, mean);
    int *order = vv_malloc((size_t)w->n, sizeof *order);
    bool done = order && total > 0;
    for (int i = 0; i < w->n && done; ++i)
        order[i] = i;
    products_of(w->y, w->n, w->q, w->products);
    for (int p = 0; p < PENALTIES && done; ++p) {
        done = train(w, penalties[p]);
        double now = done ? 1 - squared_error(w, order) / total : 0;
        *share = p == 0 || now > *share ? now : *share;
    }
    vv_free(order);
    return done;
}

/* Explained shares: of the persons as they are, and the best penalty's of each exchange. */
static bool explain(work *w, double total, double explained[PENALTIES], double *permuted)
{
    double best[PERMUTATIONS];
    int *order = vv_malloc((size_t)w->n, sizeof *order);
    bool done = order != NULL;
    for (int p = 0; p < PENALTIES && done; ++p) {
        uint64_t state = 1;
        done = train(w, penalties[p]);
        for (int i = 0; i < w->n && done; ++i)
            order[i] = i;
        explained[p] = done ? 1 - squared_error(w, order) / total : 0;
        for (int k = 0; k < PERMUTATIONS && done; ++k) {
            exchange(w, &state, order);
            double share = 1 - squared_error(w, order) / total;
            best[k] = p == 0 || share > best[k] ? share : best[k];
        }
    }
    vv_free(order);
    if (done)
        qsort(best, PERMUTATIONS, sizeof *best, by_size);
    *permuted = done ? best[PERMUTED_RANK] : 0;
    return done;
}

/* Mean distances of guess and average from the truth; `a` and `b` hold q doubles. */
static void distances(const work *w, double *a, double *b, vv_rebuild_figure *out)
{
    for (int i = 0; i < w->n; ++i) {
        guess(w, i, a);
        mean_of_others(w, i, b);
        for (int c = 0; c < w->q; ++c) {
            double y = w->y[(size_t)i * (size_t)w->q + (size_t)c];
            out->error_mm += fabs(a[c] - y) / w->q / w->n;
            out->average_mm += fabs(b[c] - y) / w->q / w->n;
        }
    }
}

/* Those who are not in the fold, or, where `in` is set, who are. Returns how many. */
static int members(const int *fold, int n, int which, bool in, int *out)
{
    int count = 0;
    for (int i = 0; i < n; ++i)
        if ((fold[i] == which) == in)
            out[count++] = i;
    return count;
}

static void submatrix(const double *a, int n, const int *who, int count, double *out)
{
    for (int i = 0; i < count; ++i)
        for (int j = 0; j < count; ++j)
            out[i * count + j] = a[who[i] * n + who[j]];
}

/* Trains on some persons with the penalty that explains these best; *constant: what stands for the mean in K. */
static bool train_on(const work *w, const int *who, int count, work *part, int *order, double *constant)
{
    double least = 0;
    int best = 0;
    part->n = count;
    submatrix(w->k, w->n, who, count, part->k);
    submatrix(w->products, w->n, who, count, part->products);
    *constant = 0;
    for (int i = 0; i < count; ++i) {
        order[i] = i;
        *constant += MEAN_WEIGHT * part->k[i * count + i] / count;
    }
    if (!(*constant > 0))
        *constant = MEAN_WEIGHT;
    for (int p = 0; p < PENALTIES; ++p) {
        if (!train(part, penalties[p]))
            return false;
        double now = squared_error(part, order);
        best = p == 0 || now < least ? p : best;
        least = best == p ? now : least;
    }
    return train(part, penalties[best]);
}

/* The guess for person p by those trained on. */
static void guess_from(const work *w, const work *part, const int *who, double constant, int p, double *out)
{
    memset(out, 0, (size_t)w->q * sizeof *out);
    for (int i = 0; i < part->n; ++i) {
        double share = 0;
        for (int j = 0; j < part->n; ++j)
            share += part->m[i * part->n + j] * (w->k[p * w->n + who[j]] + constant);
        for (int c = 0; c < w->q; ++c)
            out[c] += share * w->y[(size_t)who[i] * (size_t)w->q + (size_t)c];
    }
}

static double cosine(const double *a, const double *b, int n)
{
    double length = dot(a, a, n) * dot(b, b, n);
    return length > 0 ? dot(a, b, n) / sqrt(length) : 0;
}

/* Guesses for those of one fold by all others, against the faces of the fold. made: q doubles. */
static bool compare_fold(const work *w, const int *fold, int which, work *part, int *who, int *order, double *made,
                         double *score)
{
    double constant;
    int count = members(fold, w->n, which, false, who);
    if (count == 0 || !train_on(w, who, count, part, order, &constant))
        return false;
    int n = members(fold, w->n, which, true, order);
    for (int i = 0; i < n; ++i) {
        guess_from(w, part, who, constant, order[i], made);
        for (int k = 0; k < n; ++k)
            score[(size_t)order[i] * (size_t)w->n + (size_t)order[k]] =
                cosine(made, w->y + (size_t)order[k] * (size_t)w->q, w->q);
    }
    return true;
}

/* Each group is dealt out to the folds in turn. */
static void deal(const work *w, int *fold)
{
    for (int i = 0; i < w->n; ++i) {
        int before = 0;
        for (int j = 0; j < i; ++j)
            before += w->group[j] == w->group[i];
        fold[i] = before % VV_REBUILD_FOLDS;
    }
}

static bool compare_folds(const work *w, int *fold, double *score)
{
    size_t square = (size_t)w->n * (size_t)w->n;
    work part = {.k = vv_malloc(square, 4 * sizeof *part.k)};
    int *who = vv_malloc((size_t)w->n, 2 * sizeof *who);
    double *made = vv_malloc((size_t)w->q, sizeof *made);
    bool done = part.k && who && made;
    memset(score, 0, square * sizeof *score);
    deal(w, fold);
    if (done)
        part.m = part.k + square, part.weight = part.m + square, part.products = part.weight + square;
    for (int f = 0; f < VV_REBUILD_FOLDS && done; ++f)
        done = compare_fold(w, fold, f, &part, who, who + w->n, made, score);
    vv_free(part.k);
    vv_free(who);
    vv_free(made);
    return done;
}

static bool run(work *w, vv_rebuild_figure *out, int *fold, double *score)
{
    double explained[PENALTIES], *scratch = vv_malloc((size_t)w->q, 2 * sizeof *scratch);
    bool done = scratch && explain_posed(w, scratch, &out->as_posed) && take_ways_out(w);
    double total = done ? variance_between(w, scratch) : 0;
    if (done)
        products_of(w->y, w->n, w->q, w->products);
    done = done && total > 0 && explain(w, total, explained, &out->permuted);
    int best = 0;
    for (int p = 1; p < PENALTIES && done; ++p)
        best = explained[p] > explained[best] ? p : best;
    done = done && train(w, penalties[best]);
    if (done) {
        out->n = w->n;
        out->explained = explained[best];
        distances(w, scratch, scratch + w->q, out);
        done = compare_folds(w, fold, score);
    }
    vv_free(scratch);
    return done;
}

bool vv_rebuild(const float *left, const float *face, const int *group, int n, int rim, vv_rebuild_figure *out,
                int *fold, double *score)
{
    work w = {.n = n, .group = group};
    size_t square = (size_t)n * (size_t)n;
    *out = (vv_rebuild_figure){0};
    int *all = vv_malloc(VV_CELLS, sizeof *all);
    w.cell = vv_malloc(VV_CELLS, sizeof *w.cell);
    w.way = vv_malloc(VV_CELLS, sizeof *w.way);
    float *mean = vv_malloc(VV_CELLS, sizeof *mean);
    w.x = vv_malloc((size_t)n * VV_CELLS, sizeof *w.x);
    w.k = vv_malloc(square, 4 * sizeof *w.k);
    bool done = all && w.cell && w.way && mean && w.x && w.k;
    if (done) {
        w.m = w.k + square, w.weight = w.m + square, w.products = w.weight + square;
        w.q = choose_cells(face, n, rim, mean, w.cell, w.way);
        for (int c = 0; c < VV_CELLS; ++c)
            all[c] = c;
        for (int i = 1; i < n; ++i)
            w.grouped = w.grouped || group[i] != group[0];
        w.y = vv_malloc((size_t)n * (size_t)w.q, sizeof *w.y);
        done = w.y != NULL;
    }
    if (done) {
        centre(left, n, all, VV_CELLS, w.x);
        centre(face, n, w.cell, w.q, w.y);
        products_of(w.x, n, VV_CELLS, w.k);
        done = w.q == 0 || run(&w, out, fold, score);
    }
    vv_free(all);
    vv_free(w.cell);
    vv_free(w.way);
    vv_free(mean);
    vv_free(w.x);
    vv_free(w.k);
    vv_free(w.y);
    return done;
}
