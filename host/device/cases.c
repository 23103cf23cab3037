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

size_t vv_elem_bytes(vv_elem e)
{
    switch (e) {
    case VV_EL_U8:
    case VV_EL_I8: return 1;
    case VV_EL_U16:
    case VV_EL_I16: return 2;
    case VV_EL_U32:
    case VV_EL_I32:
    case VV_EL_F32: return 4;
    case VV_EL_U64: return 8;
    }
    return 0;
}

uint64_t vv_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void store(void *data, vv_elem e, size_t i, double v)
{
    switch (e) {
    case VV_EL_U8: ((uint8_t *)data)[i] = (uint8_t)v; break;
    case VV_EL_I8: ((int8_t *)data)[i] = (int8_t)v; break;
    case VV_EL_U16: ((uint16_t *)data)[i] = (uint16_t)v; break;
    case VV_EL_I16: ((int16_t *)data)[i] = (int16_t)v; break;
    case VV_EL_U32: ((uint32_t *)data)[i] = (uint32_t)v; break;
    case VV_EL_I32: ((int32_t *)data)[i] = (int32_t)v; break;
    case VV_EL_U64: ((uint64_t *)data)[i] = (uint64_t)v; break;
    case VV_EL_F32: ((float *)data)[i] = (float)v; break;
    }
}

/* A value in the range: whole numbers for the integer types, 24 bits of fraction for floats. */
static double ordinary(const vv_case_buf *b, uint64_t r)
{
    if (b->elem == VV_EL_F32)
        return b->lo + (b->hi - b->lo) * ((double)(r >> 40) / 16777216.0);
    return b->lo + (double)(r % ((uint64_t)(b->hi - b->lo) + 1));
}

static const uint32_t special_floats[] = {
    0x7fc00000, 0xffc00000, 0x7f800000, 0xff800000, /* NaN, infinities */
    0x00000001, 0x80000001, 0x007fffff, 0x807fffff, /* denormals */
    0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, /* smallest normal, largest */
    0x00000000, 0x80000000, 0x4f000000, 0xcf000000, /* zeros, 2^31 */
    0x4effffff, 0x3f800001, 0x3f7fffff, 0x34000000, /* around 2^31 and 1, 2^-23 */
};

/* One element in three is special. */
static void store_extreme(void *data, const vv_case_buf *b, size_t i, uint64_t r)
{
    uint64_t pick = r >> 32;
    if (pick % 3 != 0)
        store(data, b->elem, i, ordinary(b, r));
    else if (b->elem == VV_EL_F32)
        ((uint32_t *)data)[i] = special_floats[pick / 3 % (sizeof special_floats / sizeof special_floats[0])];
    else
        store(data, b->elem, i, pick / 3 % 2 ? b->lo : b->hi);
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
        else if (fill == VV_FILL_EXTREME && !b->tame)
            store_extreme(data, b, i, r);
        else
            store(data, b->elem, i, ordinary(b, r));
    }
}
