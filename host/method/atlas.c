/* atlas.c - the embedded atlas and its way to the device. */
#include "atlas.h"
#include "alloc.h"
#include "volume.h"
#include "embed.h"
#include <math.h>

VV_EMBED(vv_atlas_class_data, VV_ATLAS_CLASS_FILE);
VV_EMBED(vv_atlas_fields_data, VV_ATLAS_FIELDS_FILE);
VV_EMBED(vv_atlas_face_data, VV_ATLAS_FACE_FILE);
VV_EMBED(vv_atlas_margin_data, VV_ATLAS_MARGIN_FILE);

#define CLASS_SIZE ((size_t)VV_ATLAS_CLASS_NX * VV_ATLAS_CLASS_NY * VV_ATLAS_CLASS_NZ)
#define FIELDS_SIZE ((size_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY * VV_ATLAS_FIELD_NZ * VK_FIELDS)
#define FACE_SIZE ((size_t)VV_ATLAS_FACE_NX * VV_ATLAS_FACE_NY * VV_ATLAS_FACE_NZ) /* of each of its two parts */
#define MARGIN_EVERY 2 /* cells of the fields to one of the margins */
#define MARGIN_NX (VV_ATLAS_FIELD_NX / MARGIN_EVERY)
#define MARGIN_NY (VV_ATLAS_FIELD_NY / MARGIN_EVERY)
#define MARGIN_NZ ((VV_ATLAS_FIELD_NZ + 1) / MARGIN_EVERY)
#define MARGIN_SIZE ((size_t)MARGIN_NX * MARGIN_NY * MARGIN_NZ)
#define MARGIN_SCALE 8.0
#define PLAIN_WEIGHT 4
/* The face and the neck, atlas mm, as far as others that take faces out may go: behind the face's own border, too. */
#define FACE_FROM 50.0
#define FACE_BELOW -10.0
#define NECK_BELOW -60.0

const float vv_atlas_landmarks[VV_LM_COUNT][3] = VV_ATLAS_LANDMARKS;
const float vv_atlas_levels[VV_ATLAS_LEVEL_COUNT] = VV_ATLAS_LEVELS;

static vv_status upload_new(vv_device *dev, const void *data, size_t bytes, vv_buf **out, vv_err *err)
{
    vv_status s = vv_buf_create(dev, bytes, out, err);
    return s ? s : vv_upload(dev, *out, 0, data, bytes, err);
}

static vv_status upload_plain(vv_device *dev, vv_buf **out, vv_err *err)
{
    uint8_t *plain = vv_malloc(CLASS_SIZE, 1);
    if (!plain)
        return vv_fail(err, VV_E_RESOURCE, "atlas", "out of memory; free some and try again");
    for (size_t i = 0; i < CLASS_SIZE; ++i)
        plain[i] = (uint8_t)((vv_atlas_class_data[i] & 31) | PLAIN_WEIGHT << 5);
    vv_status s = upload_new(dev, plain, CLASS_SIZE, out, err);
    vv_free(plain);
    return s;
}

static vv_status upload_faceless(vv_device *dev, vv_buf **out, vv_err *err)
{
    static const double origin[3] = VV_ATLAS_ORIGIN;
    uint8_t *data = vv_malloc(CLASS_SIZE, 1);
    if (!data)
        return vv_fail(err, VV_E_RESOURCE, "atlas", "out of memory; free some and try again");
    for (size_t i = 0; i < CLASS_SIZE; ++i) {
        double y = origin[1] + VV_ATLAS_CLASS_STEP * (double)(i / VV_ATLAS_CLASS_NX % VV_ATLAS_CLASS_NY);
        double z = origin[2] + VV_ATLAS_CLASS_STEP * (double)(i / (VV_ATLAS_CLASS_NX * VV_ATLAS_CLASS_NY));
        data[i] =
            z < NECK_BELOW || (y > FACE_FROM && z < FACE_BELOW) ? vv_atlas_class_data[i] & 31 : vv_atlas_class_data[i];
    }
    vv_status s = upload_new(dev, data, CLASS_SIZE, out, err);
    vv_free(data);
    return s;
}

vv_status vv_atlas_upload(vv_device *dev, vv_atlas *out, vv_err *err)
{
    *out = (vv_atlas){0};
    if ((size_t)(vv_atlas_class_data_end - vv_atlas_class_data) != CLASS_SIZE ||
        (size_t)(vv_atlas_fields_data_end - vv_atlas_fields_data) != FIELDS_SIZE ||
        (size_t)(vv_atlas_face_data_end - vv_atlas_face_data) != 2 * FACE_SIZE ||
        (size_t)(vv_atlas_margin_data_end - vv_atlas_margin_data) != MARGIN_SIZE)
        return vv_fail(err, VV_E_INTERNAL, "atlas", "the embedded atlas does not have its size; rebuild voxveil");
    vv_status s = upload_new(dev, vv_atlas_class_data, CLASS_SIZE, &out->classes, err);
    if (!s)
        s = upload_faceless(dev, &out->faceless, err);
    if (!s)
        s = upload_plain(dev, &out->plain, err);
    if (!s)
        s = upload_new(dev, vv_atlas_fields_data, FIELDS_SIZE, &out->fields, err);
    if (s)
        vv_atlas_release(dev, out);
    return s;
}

void vv_atlas_release(vv_device *dev, vv_atlas *atlas)
{
    vv_buf_destroy(dev, &atlas->classes);
    vv_buf_destroy(dev, &atlas->faceless);
    vv_buf_destroy(dev, &atlas->plain);
    vv_buf_destroy(dev, &atlas->fields);
}

double vv_atlas_brain_mm(int cell)
{
    static const size_t volume = FIELDS_SIZE / VK_FIELDS;
    return (double)(int8_t)vv_atlas_fields_data[VK_FIELD_BRAIN * volume + (size_t)cell] / VK_FIELD_SCALE;
}

double vv_atlas_brain_margin(int cell)
{
    int x = cell % VV_ATLAS_FIELD_NX / MARGIN_EVERY, y = cell / VV_ATLAS_FIELD_NX % VV_ATLAS_FIELD_NY / MARGIN_EVERY;
    int z = cell / (VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY) / MARGIN_EVERY;
    return vv_atlas_margin_data[(z * MARGIN_NY + y) * MARGIN_NX + x] / MARGIN_SCALE;
}

static void grid_voxel(double step, double out[12])
{
    static const double origin[3] = VV_ATLAS_ORIGIN;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 4; ++c)
            out[4 * r + c] = c == r ? 1.0 / step : c == 3 ? -origin[r] / step : 0.0;
}

void vv_atlas_class_voxel(double out[12])
{
    grid_voxel(VV_ATLAS_CLASS_STEP, out);
}
void vv_atlas_field_voxel(double out[12])
{
    grid_voxel(VV_ATLAS_FIELD_STEP, out);
}

void vv_atlas_grid_matrix(const double affine[12], const double to_atlas[12], double out[12])
{
    double mm[12], to_field[12];
    vv_affine_compose(to_atlas, affine, mm);
    vv_atlas_field_voxel(to_field);
    vv_affine_compose(to_field, mm, out);
}

/* Index of the voxel nearest to a point, or -1 outside the box. */
static int nearest(const double to_voxel[12], const int dims[3], const double mm[3])
{
    int at[3];
    for (int r = 0; r < 3; ++r) {
        double x = floor(to_voxel[5 * r] * mm[r] + to_voxel[4 * r + 3] + 0.5);
        if (!(x >= 0 && x < dims[r]))
            return -1;
        at[r] = (int)x;
    }
    return (at[2] * dims[1] + at[1]) * dims[0] + at[0];
}

bool vv_atlas_field_at(int field, const double mm[3], double *out)
{
    static const int dims[3] = {VV_ATLAS_FIELD_NX, VV_ATLAS_FIELD_NY, VV_ATLAS_FIELD_NZ};
    double m[12];
    vv_atlas_field_voxel(m);
    int at = nearest(m, dims, mm);
    if (at < 0)
        return false;
    *out =
        (double)(int8_t)vv_atlas_fields_data[(size_t)field * (FIELDS_SIZE / VK_FIELDS) + (size_t)at] / VK_FIELD_SCALE;
    return true;
}

int vv_atlas_class_at(const double mm[3])
{
    static const int dims[3] = {VV_ATLAS_CLASS_NX, VV_ATLAS_CLASS_NY, VV_ATLAS_CLASS_NZ};
    double m[12];
    vv_atlas_class_voxel(m);
    int at = nearest(m, dims, mm);
    return at < 0 ? 0 : vv_atlas_class_data[at] & 31;
}

vv_status vv_atlas_upload_face(vv_device *dev, vv_buf **out, int32_t dims[3], vv_err *err)
{
    enum { HALF = VV_ATLAS_FACE_NX, WIDTH = 2 * HALF - 1, ROWS = VV_ATLAS_FACE_NY * VV_ATLAS_FACE_NZ };
    uint8_t *whole = vv_malloc((size_t)WIDTH * ROWS, 2);
    if (!whole)
        return vv_fail(err, VV_E_RESOURCE, "atlas", "out of memory; free some and try again");
    for (int row = 0; row < ROWS; ++row)
        for (int x = 0; x < WIDTH; ++x)
            for (int part = 0; part < 2; ++part) {
                int away = x < HALF - 1 ? HALF - 1 - x : x - (HALF - 1);
                whole[2 * (row * WIDTH + x) + part] =
                    vv_atlas_face_data[(size_t)part * FACE_SIZE + (size_t)(row * HALF + away)];
            }
    vv_status s = upload_new(dev, whole, (size_t)WIDTH * ROWS * 2, out, err);
    dims[0] = WIDTH, dims[1] = VV_ATLAS_FACE_NY, dims[2] = VV_ATLAS_FACE_NZ;
    vv_free(whole);
    return s;
}

void vv_atlas_face_axes(float out[6])
{
    static const double fields[3] = VV_ATLAS_ORIGIN, half[3] = VV_ATLAS_FACE_ORIGIN;
    for (int a = 0; a < 3; ++a) {
        double origin = half[a] - (a == 0 ? (VV_ATLAS_FACE_NX - 1) * VV_ATLAS_FACE_STEP : 0.0);
        out[2 * a] = (float)(VV_ATLAS_FIELD_STEP / VV_ATLAS_FACE_STEP);
        out[2 * a + 1] = (float)((fields[a] - origin) / VV_ATLAS_FACE_STEP);
    }
}

int64_t vv_atlas_field_index(const double m[12], const double at[3])
{
    static const int32_t size[3] = {VV_ATLAS_FIELD_NX, VV_ATLAS_FIELD_NY, VV_ATLAS_FIELD_NZ};
    int64_t index = 0;
    for (int a = 2; a >= 0; --a) {
        double x = m[4 * a] * at[0] + m[4 * a + 1] * at[1] + m[4 * a + 2] * at[2] + m[4 * a + 3] + 0.5;
        index = index * size[a] + (x > 0 ? x < size[a] ? (int32_t)x : size[a] - 1 : 0);
    }
    return index;
}

double vv_atlas_field_height(int64_t index)
{
    static const double origin[3] = VV_ATLAS_ORIGIN;
    return origin[2] + (double)(index / ((int64_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY)) * VV_ATLAS_FIELD_STEP;
}

double vv_atlas_field_mm(int field, int64_t index)
{
    const int64_t n = (int64_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY * VV_ATLAS_FIELD_NZ;
    return (double)(int8_t)vv_atlas_fields_data[field * n + index] / VK_FIELD_SCALE;
}
