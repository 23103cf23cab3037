/* A mask file of the user's, on the way to the method. */
#include "alloc.h"
#include "deface.h"
#include "format.h"
#include "side.h"

static vv_status bring(const vv_volume *m, const vv_volume *v, vv_mask_rule rule, uint8_t *own, uint8_t *out,
                       vv_err *err)
{
    int64_t set = 0;
    vv_status status = vv_volume_check(m, err);
    if (!status)
        status = vv_mask_bytes(m, own, &set, err);
    if (!status && set == 0)
        status = vv_fail(err, VV_E_REFUSED, "mask", "the mask is empty; give one that is above 0 somewhere");
    if (!status)
        status = vv_mask_bring(m, own, v, rule, out, &set, err);
    if (!status && set == 0 && rule == VV_MASK_NEAREST)
        status = vv_fail(err, VV_E_REFUSED, "mask", "no voxel of the mask lies in the image; give another mask");
    return status;
}

vv_status vv_deface_mask_read(vv_engine *e, const char *path, const char *what, const vv_volume *v, vv_mask_rule rule,
                              uint8_t **bytes, vv_err *err)
{
    vv_read_result file = {0};
    *bytes = NULL;
    vv_status status = vv_file_read(path, e->pool, &file, err);
    if (status)
        return vv_side_named(status, what, err);
    uint8_t *own = vv_malloc((size_t)vv_volume_voxels(&file.volume), 1);
    uint8_t *out = vv_malloc((size_t)vv_volume_voxels(v), 1);
    status = own && out ? bring(&file.volume, v, rule, own, out, err)
                        : vv_fail(err, VV_E_RESOURCE, what, "out of memory; free some and try again");
    vv_free(own);
    vv_file_close(&file);
    if (status)
        vv_free(out);
    else
        *bytes = out;
    return vv_side_named(status, what, err);
}
