/* attack_blur.h - a Gaussian blur, and two ways to take it out again. Host memory; doubles inside, one order. */
#ifndef VV_ATTACK_BLUR_H
#define VV_ATTACK_BLUR_H
#include <stdbool.h>
#include <stdint.h>

/* Blurs levels (x fastest, spacing mm) in place by a Gaussian of `sigma` mm, separable, cut off at 4 sigma; beyond the
 * grid the outermost levels go on. False: memory is out. */
bool vv_blur(float *level, const int64_t dims[3], const double spacing[3], double sigma);

/* How a blur is taken out again. */
typedef enum vv_unblur {
    VV_UNBLUR_WIENER,    /* the filter of Wiener with a flat ratio `noise` of noise to signal power */
    VV_UNBLUR_RICHARDSON /* the iteration of Richardson (1972) and Lucy (1974), for levels that are not below 0 */
} vv_unblur;
/* In place. The filter of Wiener with a flat ratio is the minimum of |K x - y|^2 + noise |x|^2, which is found by
 * `steps` of the method of conjugate gradients: no transform, and the same edges as the blur has. False: memory. */
bool vv_blur_undo(float *level, const int64_t dims[3], const double spacing[3], double sigma, vv_unblur how,
                  double noise, int steps);
#endif
