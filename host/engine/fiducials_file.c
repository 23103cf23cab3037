#include "fiducials_file.h"
#include "side.h"
#include "sink.h"
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

/* To a hundredth: more than can be known. */
static double rounded(double x)
{
    return floor(x * 100 + 0.5) / 100;
}

static cJSON *point(const double at[3])
{
    double x[3] = {rounded(at[0]), rounded(at[1]), rounded(at[2])};
    return cJSON_CreateDoubleArray(x, 3);
}

/* Puts {"NAS": [...], ...} into root; `matrix` (3x4) leads from mm to what is written. */
static bool put_points(cJSON *root, const char *key, const vv_fiducial points[VV_FID_COUNT], const double matrix[12])
{
    static const char *const names[VV_FID_COUNT] = {"NAS", "LPA", "RPA"};
    cJSON *list = cJSON_AddObjectToObject(root, key);
    bool ok = list != NULL;
    for (int k = 0; ok && k < VV_FID_COUNT; k++) {
        const double *mm = points[k].mm;
        double at[3];
        for (int r = 0; r < 3; r++)
            at[r] = matrix[4 * r] * mm[0] + matrix[4 * r + 1] * mm[1] + matrix[4 * r + 2] * mm[2] + matrix[4 * r + 3];
        cJSON *item = points[k].in_view ? point(at) : cJSON_CreateNull();
        ok = item && cJSON_AddItemToObject(list, names[k], item);
        if (!ok)
            cJSON_Delete(item);
    }
    return ok;
}

static bool put_skin(cJSON *root, const vv_fiducial points[VV_FID_COUNT])
{
    static const char *const names[VV_FID_COUNT] = {"NAS", "LPA", "RPA"};
    cJSON *list = cJSON_AddObjectToObject(root, "OnSkin");
    bool ok = list != NULL;
    for (int k = 0; ok && k < VV_FID_COUNT; k++)
        ok = cJSON_AddBoolToObject(list, names[k], points[k].in_view && points[k].on_skin);
    return ok;
}

/* Released with cJSON_free; NULL: memory is out. */
static char *as_json(const vv_volume *v, const vv_fiducial points[VV_FID_COUNT], const double to_voxel[12])
{
    static const double same[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    cJSON *root = cJSON_CreateObject();
    bool ok = root && cJSON_AddStringToObject(root, "schema", "voxveil.fiducials/1") &&
              put_points(root, "AnatomicalLandmarkCoordinates", points, same) &&
              cJSON_AddStringToObject(root, "AnatomicalLandmarkCoordinateSystem", "Other") &&
              cJSON_AddStringToObject(root, "AnatomicalLandmarkCoordinateUnits", "mm") &&
              cJSON_AddStringToObject(root, "AnatomicalLandmarkCoordinateSystemDescription",
                                      v->affine_trusted
                                          ? "RAS+ world frame of the NIfTI header"
                                          : "the header gives no orientation: voxels times spacing about the centre") &&
              put_points(root, "VoxelIndices", points, to_voxel) && put_skin(root, points);
    char *json = ok ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    return json;
}

static vv_status save(const char *path, const char *json, bool force, vv_err *err)
{
    vv_sink *sink = NULL;
    vv_status status = vv_sink_open(path, &sink, err);
    if (!status)
        status = vv_sink_write(sink, json, strlen(json), err);
    if (!status)
        status = vv_sink_write(sink, "\n", 1, err);
    if (status)
        vv_sink_discard(&sink);
    else
        status = vv_sink_commit(&sink, force, err);
    return status;
}

vv_status vv_fiducials_write(const char *path, const vv_volume *v, const vv_fiducial points[VV_FID_COUNT], bool force,
                             vv_err *err)
{
    static const char what[] = "fiducials";
    double to_voxel[12];
    if (!vv_affine_invert(v->affine, to_voxel))
        return vv_fail(err, VV_E_REFUSED, what, "the geometry of the image is singular");
    char *json = as_json(v, points, to_voxel);
    if (!json)
        return vv_fail(err, VV_E_RESOURCE, what, "out of memory; free some and try again");
    vv_status status = save(path, json, force, err);
    cJSON_free(json);
    return vv_side_named(status, what, err);
}
