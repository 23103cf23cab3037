/* attack_numbers.h - rates with their limits, and the little linear algebra that the attacks need. Doubles, one order,
 * no library function but sqrt: the same on every machine. */
#ifndef VV_ATTACK_NUMBERS_H
#define VV_ATTACK_NUMBERS_H
#include "attack.h"

/* Wilson's 95 % interval (JASA 1927) of a share of hits among n >= 1. */
void vv_wilson(int hits, int n, double *lo, double *hi);
/* The least number k of hits, as a share of n >= 1, that n tries of chance p do not exceed in 95 % of cases. */
double vv_chance_limit(double p, int n);
/* Area under the ROC curve: the share of pairs of a right and a wrong score where the right one is higher, ties half.
 * Sorts both. 0.5 where either is empty. */
double vv_auc(double *right, int64_t n_right, double *wrong, int64_t n_wrong);

/* How well `probes` rows of `known` scores each (higher is more alike) find their own. own[p]: the column that is the
 * person of row p. group_of_known, group_of_probe: where not NULL, only columns of the row's own group count, and rows
 * whose group has no other. Rank counts a tie as half. False: memory is out. */
bool vv_rate_make(const double *score, int probes, int known, const int *own, const int *group_of_probe,
                  const int *group_of_known, vv_rate *out);

/* The inverse of a symmetric positive definite matrix (n x n, row-major) by Cholesky, in place. False: it is not
 * positive definite, or memory is out. */
bool vv_invert_spd(double *a, int n);
#endif
