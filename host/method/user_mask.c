/* user_mask.c - done on the host: the masks come from there, and each is looked at once. */
#include "user_mask.h"
#include "alloc.h"

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "mask", "out of memory; free some and try again");
}

vv_status vv_user_masks(vv_device *dev, int64_t n, const uint8_t *apply, const uint8_t *protect, vv_buf *code,
                        int64_t *removed, int64_t *kept, vv_err *err)
{
    uint8_t *bytes = vv_malloc((size_t)n, 1);
    vv_status s = bytes ? vv_download(dev, bytes, code, 0, (size_t)n, err) : out_of_memory(err);
    *removed = *kept = 0;
    for (int64_t i = 0; !s && i < n; ++i) {
        bool goes = apply ? apply[i] != 0 : bytes[i] & VK_REMOVE, stays = protect && protect[i];
        *removed += goes && !stays;
        *kept += goes && stays;
        bytes[i] = (uint8_t)((bytes[i] & ~VK_REMOVE) | (goes && !stays ? VK_REMOVE : 0));
    }
    if (!s)
        s = vv_upload(dev, code, 0, bytes, (size_t)n, err);
    vv_free(bytes);
    return s;
}

vv_status vv_tissue_left(vv_device *dev, int64_t n, vv_buf *mark, vv_buf *code, int64_t *voxels, vv_err *err)
{
    uint8_t *marks = vv_malloc((size_t)n, 1), *codes = vv_malloc((size_t)n, 1);
    vv_status s = marks && codes ? vv_download(dev, marks, mark, 0, (size_t)n, err) : out_of_memory(err);
    if (!s)
        s = vv_download(dev, codes, code, 0, (size_t)n, err);
    *voxels = 0;
    for (int64_t i = 0; !s && i < n; ++i)
        *voxels += marks[i] && codes[i] & VK_TISSUE;
    vv_free(marks);
    vv_free(codes);
    return s;
}
