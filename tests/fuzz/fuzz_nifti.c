/* One input through the NIfTI reader, from memory. Of a pair, the bytes after the header also stand for the .img file.
 */
#include "fuzz.h"
#include "format.h"
#include "nifti.h"
#include <stdlib.h>

static void look_at(const vv_volume *v)
{
    /* Every byte, so that a sanitizer sees a volume that is larger than its memory. */
    const volatile uint8_t *p = v->data;
    unsigned sum = 0;
    for (size_t i = 0; i < v->bytes; i++)
        sum += p[i];
    (void)sum;
    char code[4];
    vv_volume_orientation(v, code);
    float *frame = v->dtype == VV_DT_F128 ? malloc((size_t)vv_volume_voxels(v) * sizeof *frame) : NULL;
    if (frame && vv_volume_frame_as_f32(v, v->frames - 1, frame, NULL) != VV_OK)
        abort();
    free(frame);
}

vv_status fuzz_one(const uint8_t *data, size_t n)
{
    static vv_pool *pool;
    if (!pool && vv_pool_create(1, &pool, NULL) != VV_OK)
        abort();
    size_t after = n < VV_N1_BYTES ? n : VV_N1_BYTES;
    vv_source header = vv_source_memory(data, n), image = vv_source_memory(data + after, n - after);
    vv_read_result r = {0};
    vv_err err = {0};
    vv_status status = vv_nifti_read_sources(&header, &image, pool, &r, &err);
    if (status == VV_OK)
        look_at(&r.volume);
    else if (status != VV_E_REFUSED && status != VV_E_RESOURCE)
        abort();
    else if (err.status != status || err.message[0] == 0)
        abort();
    vv_file_close(&r);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    (void)fuzz_one(data, n);
    return 0;
}
