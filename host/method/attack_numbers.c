/* attack_numbers.c - rates, limits, one inverse. */
#include "attack_numbers.h"
#include "alloc.h"
#include <math.h>
#include <stdlib.h>

#define Z95 1.959963984540054 /* of the normal distribution, two-sided 95 % */

void vv_wilson(int hits, int n, double *lo, double *hi)
{
    double p = (double)hits / n, z2 = Z95 * Z95 / n;
    double middle = (p + z2 / 2) / (1 + z2), half = Z95 * sqrt(p * (1 - p) / n + z2 / (4.0 * n)) / (1 + z2);
    *lo = hits == 0 ? 0 : middle - half;
    *hi = hits == n ? 1 : middle + half;
}

/* x^n by squaring. */
static double power(double x, int n)
{
    double y = 1;
    for (; n > 0; n /= 2, x *= x)
        if (n % 2)
            y *= x;
    return y;
}

double vv_chance_limit(double p, int n)
{
    if (p >= 1)
        return 1;
    double term = power(1 - p, n), sum = term;
    int k = 0;
    while (sum < 0.95 && k < n) {
        term *= (double)(n - k) / (k + 1) * p / (1 - p);
        sum += term;
        ++k;
    }
    return (double)k / n;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double vv_auc(double *right, int64_t n_right, double *wrong, int64_t n_wrong)
{
    if (n_right == 0 || n_wrong == 0)
        return 0.5;
    qsort(right, (size_t)n_right, sizeof *right, by_size);
    qsort(wrong, (size_t)n_wrong, sizeof *wrong, by_size);
    double sum = 0;
    int64_t below = 0, upto = 0;
    for (int64_t i = 0; i < n_right; ++i) {
        while (below < n_wrong && wrong[below] < right[i])
            ++below;
        while (upto < n_wrong && wrong[upto] <= right[i])
            ++upto;
        sum += 0.5 * (double)(below + upto);
    }
    return sum / ((double)n_right * (double)n_wrong);
}

/* How many ranks before its own a row has, ties half; columns of other groups (where there are groups) do not count.
 * Scores of these others go to *wrong. Returns how many columns count, its own among them. */
static int rank_row(const double *row, int known, int own, const int *group_of_known, int group, double *before,
                    double **wrong)
{
    int count = 0;
    *before = 0;
    for (int k = 0; k < known; ++k) {
        if (group_of_known && group_of_known[k] != group)
            continue;
        ++count;
        if (k == own)
            continue;
        *before += row[k] > row[own] ? 1 : row[k] < row[own] ? 0 : 0.5;
        *(*wrong)++ = row[k];
    }
    return count;
}

bool vv_rate_make(const double *score, int probes, int known, const int *own, const int *group_of_probe,
                  const int *group_of_known, vv_rate *out)
{
    int first = 0, fifth = 0, n = 0, within[VV_RANKS] = {0};
    double chance = 0, *right = vv_malloc((size_t)probes, sizeof *right);
    double *wrong = vv_malloc((size_t)probes * (size_t)known, sizeof *wrong), *end = wrong;
    *out = (vv_rate){0};
    bool done = right && wrong;
    for (int p = 0; done && p < probes; ++p) {
        double before, *start = end;
        const double *row = score + (size_t)p * (size_t)known;
        int count = rank_row(row, known, own[p], group_of_known, group_of_probe ? group_of_probe[p] : 0, &before, &end);
        if (count < 2) {
            end = start;
            continue;
        }
        right[n++] = row[own[p]];
        first += before < 0.5;
        fifth += before < 4.5;
        for (int k = 0; k < VV_RANKS; ++k)
            within[k] += before < k + 0.5;
        chance += 1.0 / count;
    }
    if (done && n > 0) {
        *out = (vv_rate){.n = n, .rank1 = (double)first / n, .rank5 = (double)fifth / n, .chance = chance / n};
        for (int k = 0; k < VV_RANKS; ++k)
            out->within[k] = (double)within[k] / n;
        vv_wilson(first, n, &out->rank1_lo, &out->rank1_hi);
        vv_wilson(fifth, n, &out->rank5_lo, &out->rank5_hi);
        out->auc = vv_auc(right, n, wrong, end - wrong);
        out->chance_hi = vv_chance_limit(out->chance, n);
    }
    vv_free(right);
    vv_free(wrong);
    return done;
}

/* a = L L^T, L in the lower half. */
static bool cholesky(double *a, int n)
{
    for (int i = 0; i < n; ++i) {
        double *row = a + (size_t)i * (size_t)n;
        for (int j = 0; j <= i; ++j) {
            const double *other = a + (size_t)j * (size_t)n;
            double sum = row[j];
            for (int k = 0; k < j; ++k)
                sum -= row[k] * other[k];
            if (j < i)
                row[j] = sum / other[j];
            else if (sum > 0)
                row[i] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

bool vv_invert_spd(double *a, int n)
{
    double *inverse = vv_calloc((size_t)n * (size_t)n, sizeof *inverse);
    if (!inverse || !cholesky(a, n)) {
        vv_free(inverse);
        return false;
    }
    /* column by column: L y = e, then L^T x = y */
    for (int c = 0; c < n; ++c) {
        double *x = inverse + (size_t)c * (size_t)n;
        for (int i = c; i < n; ++i) {
            double sum = i == c ? 1 : 0;
            for (int k = c; k < i; ++k)
                sum -= a[(size_t)i * (size_t)n + (size_t)k] * x[k];
            x[i] = sum / a[(size_t)i * (size_t)n + (size_t)i];
        }
        for (int i = n - 1; i >= 0; --i) {
            double sum = x[i];
            for (int k = i + 1; k < n; ++k)
                sum -= a[(size_t)k * (size_t)n + (size_t)i] * x[k];
            x[i] = sum / a[(size_t)i * (size_t)n + (size_t)i];
        }
    }
    for (size_t i = 0; i < (size_t)n * (size_t)n; ++i)
        a[i] = inverse[i];
    vv_free(inverse);
    return true;
}
