/* frames_alike A B: whether two DICOM files decode to the same frames. */
#include "dicom.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct image {
    vv_source source;
    vv_dicom *file;
    vv_dicom_pixel_format format;
    uint8_t *frame;
};

static vv_status open_image(const char *path, struct image *i, vv_err *err)
{
    vv_status status = vv_source_open(path, &i->source, err);
    if (status == VV_OK)
        status = vv_dicom_open(&i->source, &i->file, err);
    if (status == VV_OK)
        status = vv_dicom_pixels(i->file, &i->format, err);
    if (status == VV_OK && !(i->frame = malloc(i->format.frame_bytes)))
        exit(1);
    return status;
}

/* Frame by frame; says the first difference. */
static bool are_alike(struct image i[2])
{
    vv_err err = {0};
    if (i[0].format.frames != i[1].format.frames || i[0].format.frame_bytes != i[1].format.frame_bytes) {
        printf("other sizes\n");
        return false;
    }
    for (int64_t f = 0; f < i[0].format.frames; f++) {
        for (int k = 0; k < 2; k++) {
            if (vv_dicom_decode(i[k].file, &i[k].format, f, i[k].frame, &err) != VV_OK) {
                printf("%s\n", err.message);
                return false;
            }
        }
        if (memcmp(i[0].frame, i[1].frame, i[0].format.frame_bytes) != 0) {
            printf("frame %lld differs\n", (long long)f);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct image i[2] = {0};
    vv_err err = {0};
    vv_status status = VV_OK;
    if (argc != 3)
        return 2;
    for (int k = 0; k < 2 && status == VV_OK; k++)
        status = open_image(argv[k + 1], &i[k], &err);
    if (status != VV_OK)
        printf("%s\n", err.message);
    bool alike = status == VV_OK && are_alike(i);
    for (int k = 0; k < 2; k++) {
        free(i[k].frame);
        vv_dicom_close(&i[k].file);
        vv_source_close(&i[k].source);
    }
    return !alike;
}
