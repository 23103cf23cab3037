/* load.c - heads from files, and scenes as a library or a file takes them. */
#include "load.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int nifti;
    vv_dtype dtype;
    size_t bytes;
    double least, most; /* of whole numbers; 0, 0: a float */
} types[] = {
    {DT_UINT8, VV_DT_U8, 1, 0, UINT8_MAX},
    {DT_INT8, VV_DT_I8, 1, INT8_MIN, INT8_MAX},
    {DT_UINT16, VV_DT_U16, 2, 0, UINT16_MAX},
    {DT_INT16, VV_DT_I16, 2, INT16_MIN, INT16_MAX},
    {DT_INT32, VV_DT_I32, 4, INT32_MIN, INT32_MAX},
    {DT_FLOAT32, VV_DT_F32, 4, 0, 0},
    {DT_FLOAT64, VV_DT_F64, 8, 0, 0},
};
enum { TYPES = sizeof types / sizeof types[0] };

static int type_of(vv_dtype dtype)
{
    int k = 0;
    while (k < TYPES - 1 && types[k].dtype != dtype)
        k++;
    return k;
}

static nifti_image *open_image(const char *path)
{
    nifti_image *m = nifti_image_read(path, 1);
    bool known = false;
    for (int k = 0; m && m->data && k < TYPES; k++)
        known = known || types[k].nifti == m->datatype;
    if (!known) {
        fprintf(stderr, "bench_heads: %s cannot be read, or its type is not known here\n", path);
        nifti_image_free(m);
        return NULL;
    }
    return m;
}

/* Tissue is what lies above the level that ends the air: for CT midway between air or foam and fat. */
static void find_tissue(scene *s)
{
    int64_t n = scene_voxels(s), step = n / 100000 + 1, m = 0;
    double *v = need((size_t)(n / step + 1), sizeof *v);
    for (int64_t i = 0; i < n; i += step)
        v[m++] = s->layers[i];
    double threshold = end_of_air(v, m); /* sorts them */
    s->ct = v[m / 10] * s->slope + s->inter < -500 && v[m * 98 / 100] * s->slope + s->inter < 4000;
    if (s->ct)
        threshold = (-350 - s->inter) / s->slope;
    free(v);
    for (int64_t i = 0; i < n; i++)
        scene_tissue(s)[i] = s->layers[i] > threshold;
}

static bool read_labels(scene *s, const char *path)
{
    nifti_image *m = open_image(path);
    bool ok = m && m->nx == s->dims[0] && m->ny == s->dims[1] && m->nz == s->dims[2];
    for (int64_t i = 0; ok && i < scene_voxels(s); i++)
        scene_brain(s)[i] = voxel_value(m, i) > 0;
    nifti_image_free(m);
    if (!ok)
        fprintf(stderr, "bench_heads: the parcellation %s has another grid than its head\n", path);
    return ok;
}

bool scene_load(const char *path, const char *labels, scene *out)
{
    nifti_image *m = open_image(path);
    if (!m)
        return false;
    *out = (scene){.dims = {m->nx, m->ny, m->nz}, .slope = 1, .pose = m->qto_xyz};
    out->frames = (int)(m->nvox / scene_voxels(out));
    out->affine = m->sform_code > 0 ? m->sto_xyz : m->qto_xyz;
    for (int k = 0; k < TYPES; k++)
        if (types[k].nifti == m->datatype)
            out->dtype = types[k].dtype;
    if (m->scl_slope != 0) {
        out->slope = m->scl_slope;
        out->inter = m->scl_inter;
    }
    out->layers = need((size_t)(scene_layers(out) * scene_voxels(out)), sizeof *out->layers);
    for (int64_t i = 0; i < m->nvox; i++) {
        double v = voxel_value(m, i);
        out->layers[i] = isfinite(v) ? (float)v : 0;
    }
    nifti_image_free(m);
    find_tissue(out);
    if (labels && !read_labels(out, labels)) {
        scene_free(out);
        return false;
    }
    return true;
}

static void put(void *to, int64_t i, vv_dtype dtype, double v)
{
    switch (dtype) {
    case VV_DT_U8:
        ((uint8_t *)to)[i] = (uint8_t)v;
        break;
    case VV_DT_I8:
        ((int8_t *)to)[i] = (int8_t)v;
        break;
    case VV_DT_U16:
        ((uint16_t *)to)[i] = (uint16_t)v;
        break;
    case VV_DT_I16:
        ((int16_t *)to)[i] = (int16_t)v;
        break;
    case VV_DT_I32:
        ((int32_t *)to)[i] = (int32_t)v;
        break;
    case VV_DT_F32:
        ((float *)to)[i] = (float)v;
        break;
    default:
        ((double *)to)[i] = v;
    }
}

double scene_stored(const scene *s, const void *stored, int64_t i)
{
    switch (s->dtype) {
    case VV_DT_U8:
        return ((const uint8_t *)stored)[i];
    case VV_DT_I8:
        return ((const int8_t *)stored)[i];
    case VV_DT_U16:
        return ((const uint16_t *)stored)[i];
    case VV_DT_I16:
        return ((const int16_t *)stored)[i];
    case VV_DT_I32:
        return ((const int32_t *)stored)[i];
    case VV_DT_F32:
        return ((const float *)stored)[i];
    default:
        return ((const double *)stored)[i];
    }
}

size_t scene_store_bytes(const scene *s)
{
    return (size_t)(scene_voxels(s) * s->frames) * types[type_of(s->dtype)].bytes;
}

void *scene_store(const scene *s)
{
    int k = type_of(s->dtype);
    int64_t n = scene_voxels(s) * s->frames;
    void *out = need((size_t)n, types[k].bytes);
    for (int64_t i = 0; i < n; i++) {
        double v = s->layers[i];
        if (types[k].most > 0) {
            v = floor(v + 0.5);
            v = v < types[k].least ? types[k].least : v > types[k].most ? types[k].most : v;
        }
        put(out, i, s->dtype, v);
    }
    return out;
}

bool scene_save(const scene *s, const uint8_t *mask, const char *path)
{
    int64_t dims[8] = {s->frames > 1 && !mask ? 4 : 3, s->dims[0], s->dims[1], s->dims[2], s->frames, 1, 1, 1};
    nifti_image *m = nifti_make_new_nim(dims, mask ? DT_UINT8 : types[type_of(s->dtype)].nifti, 0);
    size_t bytes = (size_t)scene_voxels(s);
    if (!m || nifti_set_filenames(m, path, 0, 1)) {
        nifti_image_free(m);
        return false;
    }
    if (mask)
        memcpy(m->data = need(bytes, 1), mask, bytes);
    else
        m->data = scene_store(s);
    m->sto_xyz = s->affine;
    m->sto_ijk = nifti_dmat44_inverse(s->affine);
    m->sform_code = NIFTI_XFORM_SCANNER_ANAT;
    m->xyz_units = NIFTI_UNITS_MM;
    m->scl_slope = mask ? 0 : s->slope;
    m->scl_inter = mask ? 0 : s->inter;
    for (int k = 0; k < 3; k++) {
        double sum = 0;
        for (int r = 0; r < 3; r++)
            sum += s->affine.m[r][k] * s->affine.m[r][k];
        m->pixdim[k + 1] = sqrt(sum);
    }
    nifti_update_dims_from_array(m);
    nifti_image_write(m);
    nifti_image_free(m);
    return access(path, R_OK) == 0;
}
