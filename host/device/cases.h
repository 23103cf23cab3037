/* cases.h - for every kernel, launches that make sense: buffers, parameters and groups for a given shape. One table
 * serves the self-test, the benchmark and the kernel tests. A new kernel is one function in a cases_*.c and one line in
 * cases.def. */
#ifndef VV_CASES_H
#define VV_CASES_H
#include "device.h"
#include <string.h>

typedef enum vv_role {
    VV_IN,   /* read only */
    VV_OUT,  /* every element is written, whatever was there */
    VV_INOUT /* filled before, some or all of it changed */
} vv_role;

typedef enum vv_elem {
    VV_EL_U8,
    VV_EL_I8,
    VV_EL_U16,
    VV_EL_I16,
    VV_EL_U32,
    VV_EL_I32,
    VV_EL_U64,
    VV_EL_I64,
    VV_EL_F32,
    VV_EL_F64
} vv_elem;

/* How far VV_FILL_EXTREME may go in a buffer. */
typedef enum vv_wild {
    VV_WILD,   /* NaN, infinities, the type's own limits */
    VV_FINITE, /* neither NaN nor infinity */
    VV_TAME    /* within lo..hi, as VV_FILL_RANDOM */
} vv_wild;

/* What the input buffers hold. */
typedef enum vv_fill_kind {
    VV_FILL_RANDOM,  /* anything in the buffer's range */
    VV_FILL_ZERO,    /* the value of the range nearest to 0 */
    VV_FILL_EXTREME, /* NaN, infinities, denormals, the largest and the smallest of the type among ordinary values */
    VV_FILL_KINDS
} vv_fill_kind;

typedef struct vv_kernel_case vv_kernel_case;

/* `state` is a random state for vv_random. */
typedef void (*vv_case_make_fn)(void *data, size_t count, const vv_kernel_case *c, vv_fill_kind fill, uint64_t *state);

typedef struct vv_case_buf {
    vv_role role;
    vv_elem elem;
    size_t count;  /* elements, >= 1 */
    double lo, hi; /* range of the values, both ends included; equal: every buffer holds this value */
    vv_wild wild;
    vv_case_make_fn make; /* NULL, or fills the buffer in place of the ranges */
    /* NULL, or brings an output whose bits may depend on the order of the lanes (as its kernel's comment says) into the
     * one form that may not, before it is compared. */
    void (*settle)(void *data, size_t count);
} vv_case_buf;

struct vv_kernel_case {
    vv_kernel_id kernel;
    int64_t dims[3]; /* the shape it was made for */
    int variant;
    int nbufs;
    vv_case_buf buf[8];
    uint32_t groups[3];
    _Alignas(8) unsigned char params[256]; /* the kernel's parameter struct */
    double bytes;                          /* read and written by one launch, each voxel counted once: for GB/s */
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

/* Help for the case functions: the usual buffers and grids. */
static inline vv_case_buf vv_in(vv_elem elem, size_t count, double lo, double hi, vv_wild wild)
{
    return (vv_case_buf){.role = VV_IN, .elem = elem, .count = count, .lo = lo, .hi = hi, .wild = wild};
}
static inline vv_case_buf vv_in_made(vv_elem elem, size_t count, vv_case_make_fn make)
{
    return (vv_case_buf){.role = VV_IN, .elem = elem, .count = count, .make = make};
}
static inline vv_case_buf vv_out(vv_elem elem, size_t count)
{
    return (vv_case_buf){.role = VV_OUT, .elem = elem, .count = count};
}
static inline vv_case_buf vv_inout(vv_elem elem, size_t count, double lo, double hi, vv_wild wild)
{
    return (vv_case_buf){.role = VV_INOUT, .elem = elem, .count = count, .lo = lo, .hi = hi, .wild = wild};
}
/* Counters that start at 0. */
static inline vv_case_buf vv_counts(size_t count)
{
    return vv_inout(VV_EL_U32, count, 0, 0, VV_TAME);
}
/* `voxels` voxels of a stored type: ordinary values 0..100 for the 8-bit types, -1000..3000 (0..3000) for the others.
 */
vv_case_buf vv_voxel_buf(vv_role role, vv_dtype dtype, size_t voxels);

static inline size_t vv_voxels(const int64_t dims[3])
{
    return (size_t)(dims[0] * dims[1] * dims[2]);
}
/* An atlas of about half the shape, so that positions fall inside and outside; how many voxels it has. */
size_t vv_atlas_box(const int64_t dims[3], int box[3]);
/* One lane per element. */
void vv_groups_flat(vv_kernel_case *c, size_t lanes);
/* One lane per voxel, groups along rows. */
void vv_groups_rows(vv_kernel_case *c, int64_t nx, int64_t ny, int64_t nz);
/* One group per `per_group` elements. */
void vv_groups_shares(vv_kernel_case *c, size_t n, int per_group);
#define VV_SET_PARAMS(c, p) memcpy((c)->params, &(p), sizeof(p))
#endif
