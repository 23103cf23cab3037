/* One input through the DICOM reader, from memory: attributes, slices, stacks, frames. */
#include "dicom_identity.h"
#include "dicom_stack.h"
#include "fuzz.h"
#include <stdlib.h>

enum { FRAMES = 3, FRAME_MAX = 1 << 22 };

static void look_at(const void *bytes, size_t n)
{
    const volatile uint8_t *p = bytes;
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i];
    (void)sum;
}

static vv_status read_frames(const vv_dicom *d, vv_err *err)
{
    vv_dicom_pixel_format f;
    vv_status status = vv_dicom_pixels(d, &f, err);
    if (status != VV_OK || f.frame_bytes > FRAME_MAX)
        return status;
    void *frame = malloc(f.frame_bytes);
    for (int64_t i = 0; frame && i < f.frames && i < FRAMES && status == VV_OK; i++) {
        status = vv_dicom_decode(d, &f, i, frame, err);
        if (status == VV_OK)
            look_at(frame, f.frame_bytes);
    }
    free(frame);
    return status;
}

static vv_status read_slices(const vv_dicom *d, vv_err *err)
{
    vv_dicom_slices slices = {0};
    vv_dicom_stacks stacks = {0};
    vv_status status = vv_dicom_slices_add(&slices, d, 0, err);
    if (status == VV_OK)
        status = vv_dicom_stacks_make(&slices, &stacks, err);
    for (int64_t i = 0; i < stacks.n; i++) {
        const vv_dicom_stack *st = &stacks.all[i];
        for (int64_t k = 0; k < st->slices * st->times; k++) {
            if (st->slice[k] < 0 || st->slice[k] >= slices.n)
                abort();
        }
        for (int64_t p = 0; p < st->planes; p++) {
            if (st->plane_slice[p] < 0 || st->plane_slice[p] >= st->slices)
                abort();
        }
    }
    vv_dicom_stacks_free(&stacks);
    vv_dicom_slices_free(&slices);
    return status;
}

vv_status fuzz_one(const uint8_t *data, size_t n)
{
    vv_source source = vv_source_memory(data, n);
    vv_dicom *d;
    vv_err err = {0};
    vv_status status = vv_dicom_open(&source, &d, &err);
    if (status == VV_OK) {
        vv_dicom_identity identity;
        vv_dicom_find_identity(d, &identity);
        status = read_slices(d, &err);
        if (status == VV_OK)
            status = read_frames(d, &err);
        vv_dicom_close(&d);
    }
    if (status != VV_OK && status != VV_E_REFUSED && status != VV_E_RESOURCE)
        abort();
    if (status != VV_OK && (err.status != status || err.message[0] == 0))
        abort();
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    (void)fuzz_one(data, n);
    return 0;
}
