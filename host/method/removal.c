/* removal.c - region codes, fill and soften. */
#include "removal.h"
#include "launch.h"
#include "lowpass.h"
#include <math.h>
#include <string.h>

static int32_t field_bits(uint32_t regions)
{
    static const struct {
        uint32_t region;
        int field;
    } map[] = {{VV_REGION_FACE, VK_FIELD_FACE},
               {VV_REGION_EARS, VK_FIELD_EARS},
               {VV_REGION_EYES, VK_FIELD_EYES},
               {VV_REGION_TEETH, VK_FIELD_TEETH},
               {VV_REGION_FOREHEAD, VK_FIELD_FOREHEAD}};
    int32_t bits = 0;
    for (size_t i = 0; i < sizeof map / sizeof *map; ++i)
        bits |= regions & map[i].region ? 1 << map[i].field : 0;
    return bits;
}

vv_status vv_region_pairs(vv_device *dev, const vv_atlas *atlas, uint32_t regions, int where, vv_buf **pairs,
                          vv_err *err)
{
    vk_combine_fields_p p = {.n = VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY * VV_ATLAS_FIELD_NZ,
                             .regions = field_bits(regions),
                             .where = where,
                             .guard = (float)VV_BRAIN_GUARD};
    vv_status s = vv_buf_create(dev, (size_t)p.n * 2 * sizeof(float), pairs, err);
    return s ? s : vv_launch_combine_fields(dev, vv_groups(p.n), 1, 1, atlas->fields, *pairs, &p, err);
}

vv_status vv_region_codes(vv_device *dev, vv_buf *pairs, const int32_t dims[3], const double affine[12],
                          const double to_atlas[12], int keep, int bit, vv_buf *code, uint32_t counts[2], vv_err *err)
{
    vk_region_mask_p p = {.nx = dims[0],
                          .ny = dims[1],
                          .nz = dims[2],
                          .ax = VV_ATLAS_FIELD_NX,
                          .ay = VV_ATLAS_FIELD_NY,
                          .az = VV_ATLAS_FIELD_NZ,
                          .keep = keep,
                          .bit = bit};
    double m[12];
    vv_atlas_grid_matrix(affine, to_atlas, m);
    for (int k = 0; k < 12; ++k)
        p.m[k] = (float)m[k];
    vv_buf *sums = NULL;
    vv_status s = vv_buf_create(dev, 2 * sizeof *counts, &sums, err);
    if (!s)
        s = vv_fill(dev, sums, 0, 0, 2 * sizeof *counts, err);
    if (!s)
        s = vv_launch_region_mask(dev, vv_groups(dims[0]), (uint32_t)dims[1], (uint32_t)dims[2], pairs, code, sums, &p,
                                  err);
    if (!s)
        s = vv_download(dev, counts, sums, 0, 2 * sizeof *counts, err);
    vv_buf_destroy(dev, &sums);
    return s;
}

bool vv_fill_fits(const vv_volume *v, double value)
{
    static const struct {
        vv_dtype type;
        double lo, hi;
    } range[] = {{VV_DT_U8, 0, 255},
                 {VV_DT_I8, -128, 127},
                 {VV_DT_U16, 0, 65535},
                 {VV_DT_I16, -32768, 32767},
                 {VV_DT_U32, 0, 4294967295.0},
                 {VV_DT_I32, -2147483648.0, 2147483647.0},
                 {VV_DT_U64, 0, 18446744073709551615.0},
                 {VV_DT_I64, -9223372036854775808.0, 9223372036854775807.0},
                 {VV_DT_F32, -3.4e38, 3.4e38},
                 {VV_DT_RGB24, 0, 255},
                 {VV_DT_RGBA32, 0, 255}};
    bool colour = v->dtype == VV_DT_RGB24 || v->dtype == VV_DT_RGBA32;
    double stored = colour ? value : (value - v->inter) / v->slope;
    for (size_t i = 0; i < sizeof range / sizeof *range; ++i)
        if (range[i].type == v->dtype)
            return stored >= range[i].lo - 0.5 && stored < range[i].hi + 0.5;
    return stored - stored == 0; /* finite */
}

#define PUT(type, lo, hi)                                                                                              \
    do {                                                                                                               \
        type t = (type)(r < (lo) ? (lo) : r > (hi) ? (hi) : r);                                                        \
        memcpy(pattern, &t, sizeof t);                                                                                 \
    } while (0)

void vv_fill_pattern(const vv_volume *v, double value, uint8_t pattern[16])
{
    double stored = (value - v->inter) / v->slope, r = floor(stored + 0.5);
    memset(pattern, 0, 16);
    switch (v->dtype) {
    case VV_DT_U8:
        PUT(uint8_t, 0, 255);
        break;
    case VV_DT_I8:
        PUT(int8_t, -128, 127);
        break;
    case VV_DT_U16:
        PUT(uint16_t, 0, 65535);
        break;
    case VV_DT_I16:
        PUT(int16_t, -32768, 32767);
        break;
    case VV_DT_U32:
        PUT(uint32_t, 0, 4294967295.0);
        break;
    case VV_DT_I32:
        PUT(int32_t, -2147483648.0, 2147483647.0);
        break;
    case VV_DT_U64:
        PUT(uint64_t, 0, 18446744073709549568.0);
        break;
    case VV_DT_I64:
        PUT(int64_t, -9223372036854775808.0, 9223372036854774784.0);
        break;
    case VV_DT_F32: {
        float f = (float)stored;
        memcpy(pattern, &f, sizeof f);
        break;
    }
    case VV_DT_F64:
        memcpy(pattern, &stored, sizeof stored);
        break;
    case VV_DT_RGB24:
    case VV_DT_RGBA32: { /* levels of a colour are its brightness, 0..255 */
        double grey = floor(value + 0.5);
        memset(pattern, grey < 0 ? 0 : grey > 255 ? 255 : (int)grey, 3);
        pattern[3] = 255;
        break;
    }
    default:
        break; /* F128: zero */
    }
}

vv_status vv_fill_frame(vv_device *dev, const vv_volume *v, vv_buf *data, vv_buf *code, const uint8_t pattern[16],
                        vv_err *err)
{
    vk_fill_mask_p p = {.n = (int32_t)vv_volume_voxels(v), .bytes = (int32_t)vv_dtype_bytes(v->dtype)};
    for (int w = 0; w < 4; ++w)
        p.pattern[w] = (uint32_t)pattern[4 * w] | (uint32_t)pattern[4 * w + 1] << 8 |
                       (uint32_t)pattern[4 * w + 2] << 16 | (uint32_t)pattern[4 * w + 3] << 24;
    return vv_launch_fill_mask(dev, vv_groups(p.n), 1, 1, data, code, &p, err);
}

vv_status vv_soften_frame(vv_device *dev, const vv_volume *v, vv_buf *original, vv_buf *data, vv_buf *code, double air,
                          vv_err *err)
{
    uint8_t colour[16];
    vv_fill_pattern(v, air, colour);
    int channels = vv_channels(v);
    vv_lowpass p;
    vv_status s = vv_lowpass_create(dev, v, &p, err);
    for (int c = 0; !s && c < channels; ++c) {
        float level = channels > 1 ? (float)colour[c] : (float)((air - v->inter) / v->slope);
        s = vv_lowpass_fill(&p, v, original, code, c, level, err);
        vk_soften_p put = {.sx = (int32_t)v->dims[0],
                           .sy = (int32_t)v->dims[1],
                           .sz = (int32_t)v->dims[2],
                           .nx = p.grid.dims[0],
                           .ny = p.grid.dims[1],
                           .nz = p.grid.dims[2],
                           .dtype = v->dtype,
                           .channel = c};
        for (int a = 0; a < 3; ++a)
            vv_lowpass_axis(&p, a, &put.m[5 * a], &put.m[4 * a + 3]);
        if (!s)
            s = vv_launch_soften(dev, vv_groups(put.sx), (uint32_t)put.sy, (uint32_t)put.sz, data, code, p.cell[0],
                                 &put, err);
    }
    vv_lowpass_release(&p);
    return s;
}
