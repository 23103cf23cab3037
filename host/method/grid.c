/* grid.c - coarse grids. */
#include "grid.h"
#include "alloc.h"
#include "launch.h"
#include <math.h>
#include <string.h>

static int32_t block(double target, double spacing, int32_t size)
{
    double f = floor(target / spacing + 0.5);
    return f < 1 ? 1 : f > size ? size : (int32_t)f;
}

void vv_grid_shape(const int32_t dims[3], const double affine[12], double target, int64_t most,
                   const int32_t most_dims[3], vv_grid *out)
{
    double spacing[3];
    vv_affine_spacing(affine, spacing);
    *out = (vv_grid){0};
    for (;; target *= 1.25) {
        bool fits = true;
        int64_t voxels = 1;
        for (int a = 0; a < 3; ++a) {
            out->factor[a] = block(target, spacing[a], dims[a]);
            out->dims[a] = dims[a] / out->factor[a];
            voxels *= out->dims[a];
            fits = fits && !(most_dims && out->dims[a] > most_dims[a]);
        }
        if (fits && (!most || voxels <= most))
            break;
    }
    double step[12] = {0};
    for (int a = 0; a < 3; ++a) {
        step[5 * a] = out->factor[a];
        step[4 * a + 3] = 0.5 * (out->factor[a] - 1);
    }
    vv_affine_compose(affine, step, out->affine);
    vv_affine_spacing(out->affine, out->spacing);
}

vv_status vv_grid_create(vv_device *dev, vv_grid *g, vv_err *err)
{
    return vv_buf_create(dev, (size_t)vv_grid_voxels(g) * sizeof(float), &g->level, err);
}

void vv_grid_release(vv_device *dev, vv_grid *g)
{
    vv_buf_destroy(dev, &g->level);
}

static vv_status coarsen(vv_device *dev, vv_buf *data, vk_coarsen_p *p, vv_grid *g, vv_err *err)
{
    p->nx = g->dims[0], p->ny = g->dims[1], p->nz = g->dims[2];
    p->fx = g->factor[0], p->fy = g->factor[1], p->fz = g->factor[2];
    return vv_launch_coarsen(dev, vv_groups(p->nx), (uint32_t)p->ny, (uint32_t)p->nz, data, g->level, p, err);
}

vv_status vv_grid_from_frame(vv_device *dev, const vv_volume *v, vv_buf *data, int64_t first, double weight, bool add,
                             vv_grid *g, vv_err *err)
{
    bool colour = v->dtype == VV_DT_RGB24 || v->dtype == VV_DT_RGBA32;
    vk_coarsen_p p = {.first = first,
                      .sx = (int32_t)v->dims[0],
                      .sy = (int32_t)v->dims[1],
                      .sz = (int32_t)v->dims[2],
                      .dtype = v->dtype,
                      .add = add,
                      .slope = colour ? 1.0f : (float)v->slope,
                      .inter = colour ? 0.0f : (float)v->inter,
                      .weight = (float)weight};
    return coarsen(dev, data, &p, g, err);
}

/* Levels of `out`, voxel by voxel: its i-th along the axis, from the end that stays, is the source's i-th before the
 * knee, and beyond it one in `ratio`. */
static void copy_stretched(const vv_grid *src, const float *from, int axis, bool turned, int32_t knee, double ratio,
                           const vv_grid *out, float *to)
{
    int32_t o[3], s[3], last = src->dims[axis] - 1;
    for (o[2] = 0; o[2] < out->dims[2]; ++o[2])
        for (o[1] = 0; o[1] < out->dims[1]; ++o[1])
            for (o[0] = 0; o[0] < out->dims[0]; ++o[0]) {
                int32_t i = turned ? out->dims[axis] - 1 - o[axis] : o[axis];
                i = i < knee ? i : knee + (int32_t)((i - knee) / ratio);
                i = i < last ? i : last;
                memcpy(s, o, sizeof s);
                s[axis] = turned ? last - i : i;
                *to++ =
                    from[((size_t)s[2] * (size_t)src->dims[1] + (size_t)s[1]) * (size_t)src->dims[0] + (size_t)s[0]];
            }
}

/* `voxels`: how many `out` has along the axis. */
static vv_status rebuild(vv_device *dev, const vv_grid *src, int axis, bool turned, int32_t knee, double ratio,
                         int32_t voxels, vv_grid *out, vv_err *err)
{
    *out = *src;
    out->level = NULL;
    out->dims[axis] = voxels;
    out->factor[axis] = 1;
    for (int r = 0; turned && r < 3; ++r)
        out->affine[4 * r + 3] += src->affine[4 * r + axis] * (src->dims[axis] - voxels);
    size_t n = (size_t)vv_grid_voxels(src), wanted = (size_t)vv_grid_voxels(out);
    float *from = vv_malloc(n, sizeof *from), *to = vv_malloc(wanted, sizeof *to);
    vv_status s = from && to ? vv_download(dev, from, src->level, 0, n * sizeof *from, err)
                             : vv_fail(err, VV_E_RESOURCE, "grid", "out of memory; free some and try again");
    if (!s)
        s = vv_grid_create(dev, out, err);
    if (!s) {
        copy_stretched(src, from, axis, turned, knee, ratio, out, to);
        s = vv_upload(dev, out->level, 0, to, wanted * sizeof *to, err);
    }
    vv_free(from);
    vv_free(to);
    if (s)
        vv_grid_release(dev, out);
    return s;
}

vv_status vv_grid_stretch(vv_device *dev, const vv_grid *src, int axis, bool turned, int32_t knee, double ratio,
                          vv_grid *out, vv_err *err)
{
    int32_t beyond = (int32_t)((src->dims[axis] - knee) * ratio);
    return rebuild(dev, src, axis, turned, knee, ratio, knee + beyond, out, err);
}

vv_status vv_grid_part(vv_device *dev, const vv_grid *src, int axis, bool turned, int32_t knee, vv_grid *out,
                       vv_err *err)
{
    return rebuild(dev, src, axis, turned, knee, 1, knee, out, err);
}

vv_status vv_grid_from_grid(vv_device *dev, const vv_grid *src, vv_grid *g, vv_err *err)
{
    vk_coarsen_p p = {
        .sx = src->dims[0], .sy = src->dims[1], .sz = src->dims[2], .dtype = VV_DT_F32, .slope = 1.0f, .weight = 1.0f};
    return coarsen(dev, src->level, &p, g, err);
}
