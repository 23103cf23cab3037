#include "cases.h"
#include "backend.h"
#include <string.h>

#define CASE(name) bool vv_case_##name(const int64_t dims[3], int variant, vv_kernel_case *c);
#include "cases.def"
#undef CASE

const vv_case_fn vv_cases[VV_K_COUNT] = {
#define CASE(name) [VV_K_##name] = vv_case_##name,
#include "cases.def"
#undef CASE
};

#define KERNEL(name, nbuf)                                                                                             \
    _Static_assert(sizeof(vk_##name##_p) <= sizeof(((vv_kernel_case *)0)->params), "parameters of " #name);
#include "kernels.def"
#undef KERNEL

bool vv_case_make(vv_kernel_id kernel, const int64_t dims[3], int variant, vv_kernel_case *c)
{
    memset(c, 0, sizeof *c);
    c->kernel = kernel;
    c->variant = variant;
    memcpy(c->dims, dims, sizeof c->dims);
    c->nbufs = vv_kernels[kernel].nbufs;
    c->groups[0] = c->groups[1] = c->groups[2] = 1;
    return vv_cases[kernel] && vv_cases[kernel](dims, variant, c);
}

/* Size of one element, and what an integer type can hold. */
static const struct {
    size_t bytes;
    int64_t least;
    uint64_t most;
} elems[] = {
    [VV_EL_U8] = {1, 0, UINT8_MAX},   [VV_EL_I8] = {1, INT8_MIN, INT8_MAX},
    [VV_EL_U16] = {2, 0, UINT16_MAX}, [VV_EL_I16] = {2, INT16_MIN, INT16_MAX},
    [VV_EL_U32] = {4, 0, UINT32_MAX}, [VV_EL_I32] = {4, INT32_MIN, INT32_MAX},
    [VV_EL_U64] = {8, 0, UINT64_MAX}, [VV_EL_I64] = {8, INT64_MIN, INT64_MAX},
    [VV_EL_F32] = {4, 0, 0},          [VV_EL_F64] = {8, 0, 0},
};

size_t vv_elem_bytes(vv_elem e)
{
    return elems[e].bytes;
}

uint64_t vv_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static bool is_float(vv_elem e)
{
    return e == VV_EL_F32 || e == VV_EL_F64;
}

/* The low bytes of `bits`, as an element. */
static void store_bits(void *data, vv_elem e, size_t i, uint64_t bits)
{
    switch (elems[e].bytes) {
    case 1:
        ((uint8_t *)data)[i] = (uint8_t)bits;
        break;
    case 2:
        ((uint16_t *)data)[i] = (uint16_t)bits;
        break;
    case 4:
        ((uint32_t *)data)[i] = (uint32_t)bits;
        break;
    default:
        ((uint64_t *)data)[i] = bits;
        break;
    }
}

static void store(void *data, vv_elem e, size_t i, double v)
{
    if (e == VV_EL_F32)
        ((float *)data)[i] = (float)v;
    else if (e == VV_EL_F64)
        ((double *)data)[i] = v;
    else
        store_bits(data, e, i, (uint64_t)(int64_t)v);
}

/* A value in the range: whole numbers for the integer types, 24 bits of fraction for floats. */
static void store_ordinary(void *data, const vv_case_buf *b, size_t i, uint64_t r)
{
    if (is_float(b->elem)) {
        store(data, b->elem, i, b->lo + (b->hi - b->lo) * ((double)(r >> 40) / 16777216.0));
    } else {
        uint64_t span = (uint64_t)(b->hi - b->lo) + 1;
        store_bits(data, b->elem, i, (uint64_t)(int64_t)b->lo + ((r >> 32) * span >> 32));
    }
}

/* The first four are no finite numbers. */
static const uint32_t floats[] = {
    0x7fc00000, 0xffc00000, 0x7f800000, 0xff800000, /* NaN, infinities */
    0x00000001, 0x80000001, 0x007fffff, 0x807fffff, /* denormals */
    0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, /* smallest normal, largest */
    0x00000000, 0x80000000, 0x4f000000, 0xcf000000, /* zeros, 2^31 */
    0x4effffff, 0x3f800001, 0x3f7fffff, 0x34000000, /* around 2^31 and 1, 2^-23 */
};
static const uint64_t doubles[] = {
    0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000000, 0xfff0000000000000, /* NaN, infinities */
    0x0000000000000001, 0x8000000000000001, 0x7fefffffffffffff, 0xffefffffffffffff, /* least denormal, largest */
    0x36a0000000000000, 0x3690000000000000, 0x3690000000000001, 0xb6a8000000000000, /* around the least float */
    0x380fffffffffffff, 0x3810000000000000, 0x380ffffff0000000, 0x380fffffd0000000, /* around the least normal float */
    0x47efffffe0000000, 0x47efffffefffffff, 0x47effffff0000000, 0xc7effffff0000000, /* around the largest float */
    0x3ff0000010000000, 0x3ff0000030000000, 0x3ff0000010000001, 0x3ff000000fffffff, /* ties and their neighbours */
};
enum { NOT_FINITE = 4, FLOATS = sizeof floats / sizeof floats[0], DOUBLES = sizeof doubles / sizeof doubles[0] };

static void store_special(void *data, const vv_case_buf *b, size_t i, uint64_t pick)
{
    size_t skip = b->wild == VV_FINITE ? NOT_FINITE : 0;
    if (b->elem == VV_EL_F32)
        store_bits(data, b->elem, i, floats[skip + pick % (FLOATS - skip)]);
    else if (b->elem == VV_EL_F64)
        store_bits(data, b->elem, i, doubles[skip + pick % (DOUBLES - skip)]);
    else
        store_bits(data, b->elem, i, pick % 2 ? (uint64_t)elems[b->elem].least : elems[b->elem].most);
}

void vv_case_fill(const vv_kernel_case *c, int index, vv_fill_kind fill, void *data)
{
    const vv_case_buf *b = &c->buf[index];
    uint64_t state = (uint64_t)(index * 16 + (int)fill + 1);
    if (b->make) {
        b->make(data, b->count, c, fill, &state);
        return;
    }
    double zero = b->lo > 0 ? b->lo : b->hi < 0 ? b->hi : 0;
    for (size_t i = 0; i < b->count; i++) {
        uint64_t r = vv_random(&state);
        if (fill == VV_FILL_ZERO)
            store(data, b->elem, i, zero);
        else if (fill == VV_FILL_EXTREME && b->wild != VV_TAME && (r & 0xffff) % 3 == 0)
            store_special(data, b, i, (r & 0xffff) / 3);
        else
            store_ordinary(data, b, i, r);
    }
}

vv_case_buf vv_voxel_buf(vv_role role, vv_dtype dtype, size_t voxels)
{
    static const vv_elem of[] = {
        [VV_DT_U8] = VV_EL_U8,   [VV_DT_I8] = VV_EL_I8,   [VV_DT_U16] = VV_EL_U16,  [VV_DT_I16] = VV_EL_I16,
        [VV_DT_U32] = VV_EL_U32, [VV_DT_I32] = VV_EL_I32, [VV_DT_U64] = VV_EL_U64,  [VV_DT_I64] = VV_EL_I64,
        [VV_DT_F32] = VV_EL_F32, [VV_DT_F64] = VV_EL_F64, [VV_DT_RGB24] = VV_EL_U8, [VV_DT_RGBA32] = VV_EL_U8,
    };
    vv_case_buf b = {.role = role, .elem = of[dtype], .count = voxels, .lo = 0, .hi = 3000};
    if (dtype == VV_DT_RGB24)
        b.count *= 3;
    if (dtype == VV_DT_RGBA32)
        b.count *= 4;
    if (elems[b.elem].bytes == 1)
        b.hi = 100;
    else if (is_float(b.elem) || elems[b.elem].least < 0)
        b.lo = -1000;
    return b;
}

size_t vv_atlas_box(const int64_t dims[3], int box[3])
{
    for (int i = 0; i < 3; i++)
        box[i] = (int)dims[i] / 2 + 3;
    return (size_t)box[0] * (size_t)box[1] * (size_t)box[2];
}

void vv_groups_flat(vv_kernel_case *c, size_t lanes)
{
    c->groups[0] = (uint32_t)((lanes + 255) / 256);
}

void vv_groups_rows(vv_kernel_case *c, int64_t nx, int64_t ny, int64_t nz)
{
    c->groups[0] = (uint32_t)((nx + 255) / 256);
    c->groups[1] = (uint32_t)ny;
    c->groups[2] = (uint32_t)nz;
}

void vv_groups_shares(vv_kernel_case *c, size_t n, int per_group)
{
    c->groups[0] = (uint32_t)((n + (size_t)per_group - 1) / (size_t)per_group);
}
