/* atlas.c - the embedded atlas and its way to the device. */
#include "atlas.h"
#include "alloc.h"
#include "embed.h"

VV_EMBED(vv_atlas_class_data, VV_ATLAS_CLASS_FILE);
VV_EMBED(vv_atlas_fields_data, VV_ATLAS_FIELDS_FILE);

#define CLASS_SIZE ((size_t)VV_ATLAS_CLASS_NX * VV_ATLAS_CLASS_NY * VV_ATLAS_CLASS_NZ)
#define FIELDS_SIZE ((size_t)VV_ATLAS_FIELD_NX * VV_ATLAS_FIELD_NY * VV_ATLAS_FIELD_NZ * VK_FIELDS)
#define PLAIN_WEIGHT 4

const float vv_atlas_landmarks[VV_LM_COUNT][3] = VV_ATLAS_LANDMARKS;

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

vv_status vv_atlas_upload(vv_device *dev, vv_atlas *out, vv_err *err)
{
    *out = (vv_atlas){0};
    if ((size_t)(vv_atlas_class_data_end - vv_atlas_class_data) != CLASS_SIZE ||
        (size_t)(vv_atlas_fields_data_end - vv_atlas_fields_data) != FIELDS_SIZE)
        return vv_fail(err, VV_E_INTERNAL, "atlas", "the embedded atlas does not have its size; rebuild voxveil");
    vv_status s = upload_new(dev, vv_atlas_class_data, CLASS_SIZE, &out->classes, err);
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
    vv_buf_destroy(dev, &atlas->plain);
    vv_buf_destroy(dev, &atlas->fields);
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
