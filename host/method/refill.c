/* refill.c - noise, reface, and the air in the place of ghosts. */
#include "refill.h"
#include "alloc.h"
#include "atlas.h"
#include "launch.h"
#include "lowpass.h"
#include "removal.h"
#include <string.h>

#define SEED 0x76787631u /* of all draws; the frame's number is added */
#define BLEND_MM 8.0     /* from the border of what goes inwards: from the neighbourhood to the average face */

vv_status vv_refill_create(vv_device *dev, const vv_volume *v, vv_mode mode, bool ct, double air, vv_buf *code,
                           vv_buf *pairs, const double to_atlas[12], vv_refill *out, vv_err *err)
{
    size_t n = (size_t)vv_volume_voxels(v);
    double mm[12], field[12];
    *out = (vv_refill){.dev = dev, .v = v, .mode = mode, .ct = ct, .air = air, .pairs = pairs};
    vv_affine_compose(to_atlas, v->affine, mm);
    vv_atlas_field_voxel(field);
    vv_affine_compose(field, mm, out->to_field);
    out->code = vv_malloc(n, 1);
    if (!out->code)
        return vv_fail(err, VV_E_RESOURCE, "refill", "out of memory; free some and try again");
    vv_status s = vv_download(dev, out->code, code, 0, n, err);
    if (!s)
        s = vv_kept_find(v, out->code, to_atlas, &out->kept, err);
    if (!s && mode == VV_MODE_REFACE)
        s = vv_atlas_upload_face(dev, &out->face, out->face_dims, err);
    return s;
}

void vv_refill_release(vv_refill *r)
{
    vv_free(r->code);
    vv_kept_release(&r->kept);
    if (r->dev)
        vv_buf_destroy(r->dev, &r->face);
    r->code = NULL;
}

static vv_status upload_new(vv_device *dev, const void *data, size_t bytes, vv_buf **out, vv_err *err)
{
    vv_status s = vv_buf_create(dev, bytes, out, err);
    return s ? s : vv_upload(dev, *out, 0, data, bytes, err);
}

/* Copies of kept air, or the one level where there is none, where (code & bit). */
static vv_status draw_air(const vv_refill *r, const vv_kept_levels *l, int64_t frame, int bit, vv_buf *data,
                          vv_buf *code, vv_err *err)
{
    size_t one = vv_dtype_bytes(r->v->dtype);
    vk_draw_p p = {.n = (int32_t)vv_volume_voxels(r->v),
                   .bytes = (int32_t)one,
                   .count = l->n_air ? l->n_air : 1,
                   .bits = bit | VK_REMOVE,
                   .want = bit | VK_REMOVE,
                   .seed = vv_hash_u32(SEED + (uint32_t)frame)};
    uint8_t *table = vv_malloc((size_t)p.count, one), pattern[16];
    if (!table)
        return vv_fail(err, VV_E_RESOURCE, "refill", "out of memory; free some and try again");
    const uint8_t *from = (const uint8_t *)r->v->data + (size_t)frame * (size_t)p.n * one;
    vv_fill_pattern(r->v, r->air, pattern);
    memcpy(table, pattern, one);
    for (int i = 0; i < l->n_air; ++i)
        memcpy(table + (size_t)i * one, from + (size_t)l->air_at[i] * one, one);
    vv_buf *buf = NULL;
    vv_status s = upload_new(r->dev, table, (size_t)p.count * one, &buf, err);
    if (!s)
        s = vv_launch_draw(r->dev, vv_groups(p.n), 1, 1, data, code, buf, &p, err);
    vv_buf_destroy(r->dev, &buf);
    vv_free(table);
    return s;
}

/* The subject's level for each of VK_CURVE mean T1 levels, 0..255: straight lines through the levels of kept tissue,
 * gone on with beyond them, within what kept tissue has. */
static void make_curve(const vv_kept_levels *l, int channel, float out[VK_CURVE])
{
    const float *at = vv_atlas_levels, *level = l->level[channel];
    for (int k = 0; k < VK_CURVE; ++k) {
        float x = 255.0f * (float)k / (float)(VK_CURVE - 1);
        int i = 0;
        while (i < VV_ATLAS_LEVEL_COUNT - 2 && x > at[i + 1])
            ++i;
        float y = level[i] + (level[i + 1] - level[i]) * (x - at[i]) / (at[i + 1] - at[i]);
        out[k] = y < l->low[channel] ? l->low[channel] : y > l->high[channel] ? l->high[channel] : y;
    }
}

/* The level in the place of air that is not in view, stored. */
static float lone_air(const vv_refill *r, int channel)
{
    uint8_t colour[16];
    if (vv_channels(r->v) == 1)
        return (float)((r->air - r->v->inter) / r->v->slope);
    vv_fill_pattern(r->v, r->air, colour);
    return (float)colour[channel];
}

static vk_refill_p plan(const vv_refill *r, const vv_kept_levels *l, const vv_lowpass *around, int64_t frame,
                        int channel, float air)
{
    const vv_volume *v = r->v;
    const double *s = v->spacing;
    vk_refill_p p = {.air = air,
                     .tissue = l->tissue[channel],
                     .blend = (float)(1.0 / BLEND_MM),
                     .edge = (float)(3.0 / (s[0] + s[1] + s[2])),
                     .sx = (int32_t)v->dims[0],
                     .sy = (int32_t)v->dims[1],
                     .sz = (int32_t)v->dims[2],
                     .nx = around->grid.dims[0],
                     .ny = around->grid.dims[1],
                     .nz = around->grid.dims[2],
                     .ax = VV_ATLAS_FIELD_NX,
                     .ay = VV_ATLAS_FIELD_NY,
                     .az = VV_ATLAS_FIELD_NZ,
                     .bx = r->face_dims[0],
                     .by = r->face_dims[1],
                     .bz = r->face_dims[2],
                     .dtype = v->dtype,
                     .channel = channel,
                     .bits = VK_REMOVE | (r->face ? VK_GHOST : VK_AIRY),
                     .want = VK_REMOVE,
                     .air_count = l->n_air,
                     .grain_count = l->n_grain,
                     .seed = vv_hash_u32(SEED + (uint32_t)frame)};
    for (int k = 0; k < 12; ++k)
        p.m[k] = (float)r->to_field[k];
    for (int a = 0; a < 3; ++a)
        vv_lowpass_axis(around, a, &p.cell[2 * a], &p.cell[2 * a + 1]);
    vv_atlas_face_axes(p.face);
    make_curve(l, channel, p.curve);
    return p;
}

static vv_status refill_whole(const vv_refill *r, const vv_kept_levels *l, int64_t frame, vv_buf *original,
                              vv_buf *data, vv_buf *code, vv_err *err)
{
    int channels = vv_channels(r->v), count = l->n_air + l->n_grain;
    float none = 0;
    vv_buf *table = NULL;
    vv_lowpass around;
    vv_status s = vv_lowpass_create(r->dev, r->v, &around, err);
    for (int c = 0; !s && c < channels; ++c) {
        const float *draws = count ? l->table + (size_t)c * (size_t)count : &none;
        float air = l->n_air ? l->air[c] : lone_air(r, c);
        vk_refill_p p = plan(r, l, &around, frame, c, air);
        s = upload_new(r->dev, draws, (size_t)(count ? count : 1) * sizeof(float), &table, err);
        if (!s)
            s = vv_lowpass_fill(&around, r->v, original, code, c, air, err);
        if (!s) /* without an average head nothing is read of it; any other buffer stands in its place */
            s = vv_launch_refill(r->dev, vv_groups(p.sx), (uint32_t)p.sy, (uint32_t)p.sz, data, code, around.cell[0],
                                 r->pairs, r->face ? r->face : original, table, &p, err);
        vv_buf_destroy(r->dev, &table);
    }
    vv_lowpass_release(&around);
    return s;
}

vv_status vv_refill_frame(vv_refill *r, int64_t frame, vv_buf *original, vv_buf *data, vv_buf *code, vv_err *err)
{
    vv_kept_levels l;
    vv_status s = vv_kept_measure(r->v, frame, &r->kept, r->ct, &l, err);
    if (!s && vv_refill_whole(r->mode))
        s = refill_whole(r, &l, frame, original, data, code, err);
    if (!s)
        s = draw_air(r, &l, frame, r->mode == VV_MODE_NOISE ? VK_AIRY : VK_GHOST, data, code, err);
    vv_kept_levels_release(&l);
    return s;
}
