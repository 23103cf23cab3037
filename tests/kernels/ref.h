/* ref.h - what each kernel means, written a second time from its comment: naive, in double precision, one voxel at a
 * time. */
#ifndef REF_H
#define REF_H
#include "cases.h"

/* How far a kernel may be from its reference: |got - want| <= abs + rel * |want|, but for a share of the elements (a
 * decision that falls the other way by one rounding; where share is not 0, one element is always forgiven). All 0:
 * exact. */
typedef struct budget {
    double abs, rel, share;
} budget;

/* in[i]: what buffer i holds before the launch. want[i]: to be filled for every buffer that is written, one double per
 * element; starts as in[i] for VV_INOUT, as NaN for VV_OUT. False: no opinion (values so extreme that single and double
 * precision part). */
typedef bool (*ref_fn)(const vv_kernel_case *c, vv_fill_kind fill, const void *const in[8], double *const want[8],
                       budget *b);

/* One for every kernel: a missing one does not link. */
extern const ref_fn refs[VV_K_COUNT];

/* Begins the reference of one kernel. */
#define REF(name)                                                                                                      \
    bool ref_##name(const vv_kernel_case *c, vv_fill_kind fill, const void *const in[8], double *const want[8],        \
                    budget *b)
#define KERNEL(name, nbuf) REF(name);
#include "kernels.def"
#undef KERNEL

/* Parameters of the case, by name. */
#define REF_PARAMS(name) const vk_##name##_p p = *(const vk_##name##_p *)(const void *)c->params

/* Element i as a double. */
double ref_get(const void *data, vv_elem e, size_t i);
/* Voxel i of a stored type, as the nearest float; 0 where that is not finite. Colours as brightness. */
double ref_voxel(const void *data, int dtype, size_t i);
/* A row-major 3x4 matrix on a point. */
void ref_map(const float m[12], double x, double y, double z, double out[3]);
double ref_clamp(double x, double lo, double hi);
/* Weights and corners of trilinear interpolation at a position that is held inside the grid: eight of each. */
void ref_corners(const int n[3], const double at[3], size_t index[8], double weight[8]);
#endif
