/* lowpass.c - the pyramid of a low-pass. */
#include "lowpass.h"
#include "launch.h"
#include <string.h>

#define CELL_MM 2.0

int vv_channels(const vv_volume *v)
{
    return v->dtype == VV_DT_RGB24 ? 3 : v->dtype == VV_DT_RGBA32 ? 4 : 1;
}

vv_status vv_lowpass_create(vv_device *dev, const vv_volume *v, vv_lowpass *out, vv_err *err)
{
    int32_t d[3] = {(int32_t)v->dims[0], (int32_t)v->dims[1], (int32_t)v->dims[2]};
    *out = (vv_lowpass){.dev = dev};
    vv_grid_shape(d, v->affine, CELL_MM, 0, NULL, &out->grid);
    memcpy(d, out->grid.dims, sizeof d);
    for (bool top = false; !top && out->n < VV_LOWPASS_MOST; ++out->n) {
        size_t bytes = (size_t)d[0] * (size_t)d[1] * (size_t)d[2] * 2 * sizeof(float);
        vv_status s = vv_buf_create(dev, bytes, &out->cell[out->n], err);
        if (s)
            return s;
        memcpy(out->dims[out->n], d, sizeof d);
        top = d[0] == 1 && d[1] == 1 && d[2] == 1;
        for (int a = 0; a < 3; ++a)
            d[a] = (d[a] + 1) / 2;
    }
    return VV_OK;
}

void vv_lowpass_release(vv_lowpass *p)
{
    for (int k = 0; k < VV_LOWPASS_MOST; ++k)
        vv_buf_destroy(p->dev, &p->cell[k]);
}

static vv_status pull_and_push(vv_lowpass *p, vv_err *err)
{
    vv_status s = VV_OK;
    for (int k = 1; !s && k < p->n; ++k) {
        const int32_t *f = p->dims[k - 1], *c = p->dims[k];
        vk_pull_p q = {f[0], f[1], f[2], c[0], c[1], c[2]};
        s = vv_launch_pull(p->dev, vv_groups(c[0]), (uint32_t)c[1], (uint32_t)c[2], p->cell[k - 1], p->cell[k], &q,
                           err);
    }
    for (int k = p->n - 1; !s && k >= 0; --k) {
        bool top = k == p->n - 1;
        const int32_t *f = p->dims[k], *c = p->dims[top ? k : k + 1];
        vk_push_p q = {f[0], f[1], f[2], top ? 0 : c[0], top ? 0 : c[1], top ? 0 : c[2]};
        /* the top reads no coarser level; any other buffer stands in its place */
        vv_buf *coarser = p->cell[top ? (k > 0 ? k - 1 : k) : k + 1];
        s = vv_launch_push(p->dev, vv_groups(f[0]), (uint32_t)f[1], (uint32_t)f[2], p->cell[k], coarser, &q, err);
    }
    return s;
}

vv_status vv_lowpass_fill(vv_lowpass *p, const vv_volume *v, vv_buf *original, vv_buf *code, int channel, float air,
                          vv_err *err)
{
    const vv_grid *g = &p->grid;
    vk_kept_mean_p mean = {.sx = (int32_t)v->dims[0],
                           .sy = (int32_t)v->dims[1],
                           .sz = (int32_t)v->dims[2],
                           .nx = g->dims[0],
                           .ny = g->dims[1],
                           .nz = g->dims[2],
                           .fx = g->factor[0],
                           .fy = g->factor[1],
                           .fz = g->factor[2],
                           .dtype = v->dtype,
                           .channel = channel,
                           .air = air};
    vv_status s = vv_launch_kept_mean(p->dev, vv_groups(mean.nx), (uint32_t)mean.ny, (uint32_t)mean.nz, original, code,
                                      p->cell[0], &mean, err);
    return s ? s : pull_and_push(p, err);
}

void vv_lowpass_axis(const vv_lowpass *p, int axis, float *scale, float *shift)
{
    float factor = (float)p->grid.factor[axis];
    *scale = 1.0f / factor;
    *shift = -0.5f * (factor - 1.0f) / factor;
}
