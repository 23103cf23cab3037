/* cases.h - for every kernel, launches that make sense: buffers, parameters and groups for a given shape. One table serves
 * the self-test, the benchmark and the kernel tests. A new kernel is one function in a cases_*.c and one line in cases.def. */
#ifndef VV_CASES_H
#define VV_CASES_H
#include "device.h"

typedef enum vv_role {
    VV_IN,   /* read only */
    VV_OUT,  /* every element is written, whatever was there */
    VV_INOUT /* filled before, some or all of it changed */
} vv_role;

typedef enum vv_elem { VV_EL_U8, VV_EL_I8, VV_EL_U16, VV_EL_I16, VV_EL_U32, VV_EL_I32, VV_EL_U64, VV_EL_F32 } vv_elem;

/* What the input buffers hold. */
typedef enum vv_fill_kind {
    VV_FILL_RANDOM,  /* anything in the buffer's range */
    VV_FILL_ZERO,    /* the value of the range nearest to 0 */
    VV_FILL_EXTREME, /* NaN, infinities, denormals, the largest values and the ends of integer ranges among ordinary ones */
    VV_FILL_KINDS
} vv_fill_kind;

typedef struct vv_kernel_case vv_kernel_case;

/* `state` is a random state for vv_random. */
typedef void (*vv_case_make_fn)(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state);

typedef struct vv_case_buf {
    vv_role role;
    vv_elem elem;
    size_t count;   /* elements, >= 1 */
    double lo, hi;  /* range of the values, both ends included; equal: every buffer holds this value */
    bool tame;      /* VV_FILL_EXTREME stays within lo..hi too (for matrices and weights) */
    vv_case_make_fn make; /* NULL, or fills the buffer in place of the ranges */
} vv_case_buf;

struct vv_kernel_case {
    vv_kernel_id kernel;
    int64_t dims[3]; /* the shape it was made for */
    int variant;
    int nbufs;
    vv_case_buf buf[8];
    uint32_t groups[3];
    unsigned char params[256]; /* the kernel's parameter struct */
    double bytes;    /* read and written by one launch, each voxel counted once: for GB/s */
};

/* Makes variant 0, 1, ... of a kernel's case for a shape. False past the last variant. */
typedef bool (*vv_case_fn)(const int64_t dims[3], int variant, vv_kernel_case *c);

/* NULL for a kernel that has none yet (the kernel tests fail on it). */
extern const vv_case_fn vv_cases[VV_K_COUNT];

/* Sets *c up for the kernel and calls its function. False where there is no such variant. */
bool vv_case_make(vv_kernel_id kernel, const int64_t dims[3], int variant, vv_kernel_case *c);

size_t vv_elem_bytes(vv_elem e);
/* SplitMix64 (Steele et al. 2014): the same numbers everywhere. */
uint64_t vv_random(uint64_t *state);
/* Fills buffer `index` of the case; equal arguments give equal bytes. `data` holds count elements. */
void vv_case_fill(const vv_kernel_case *c, int index, vv_fill_kind fill, void *data);

/* Help for the case functions: the usual buffers, and a group count. */
static inline vv_case_buf vv_in(vv_elem elem, size_t count, double lo, double hi)
{
    return (vv_case_buf){.role = VV_IN, .elem = elem, .count = count, .lo = lo, .hi = hi};
}
static inline vv_case_buf vv_in_tame(vv_elem elem, size_t count, double lo, double hi)
{
    return (vv_case_buf){.role = VV_IN, .elem = elem, .count = count, .lo = lo, .hi = hi, .tame = true};
}
static inline vv_case_buf vv_in_made(vv_elem elem, size_t count, vv_case_make_fn make)
{
    return (vv_case_buf){.role = VV_IN, .elem = elem, .count = count, .make = make};
}
static inline vv_case_buf vv_out(vv_elem elem, size_t count)
{
    return (vv_case_buf){.role = VV_OUT, .elem = elem, .count = count};
}
static inline vv_case_buf vv_inout(vv_elem elem, size_t count, double lo, double hi)
{
    return (vv_case_buf){.role = VV_INOUT, .elem = elem, .count = count, .lo = lo, .hi = hi};
}
static inline uint32_t vv_groups_for(int64_t lanes)
{
    return (uint32_t)((lanes + 255) / 256);
}
#endif
