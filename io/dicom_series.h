/* dicom_series.h - what a folder of DICOM files holds, or the series that one file belongs to: its stacks, and the
 * volume of each. */
#ifndef VV_DICOM_SERIES_H
#define VV_DICOM_SERIES_H
#include "dicom_files.h"
#include "dicom_identity.h"
#include "dicom_stack.h"
#include "volume.h"

typedef struct vv_dicom_series {
    vv_dicom_files files; /* those that slices come from, and others */
    vv_dicom_slices slices;
    vv_dicom_stacks stacks;
    bool one_series; /* asked for by one file of it */
    int64_t images;  /* files with pixels that can be read */
    int64_t others;  /* files that are not DICOM, hold no image (DICOMDIR, reports), or are of another series */
    int64_t unread;  /* DICOM files that are broken, or whose pixels are not supported */
    vv_err first_unread;
    vv_dicom_identity identity; /* each count is that of the file with most */
} vv_dicom_series;

/* `path`: a folder, with the folders in it; or a file: then its series, from the files of its folder. VV_E_REFUSED:
 * no image in it; VV_E_RESOURCE. */
VV_NODISCARD vv_status vv_dicom_series_open(const char *path, vv_dicom_series **out, vv_err *err);
void vv_dicom_series_close(vv_dicom_series **s);

/* The volume of stack `i`: v->data is released with vv_free. Stored values where all slices have one scaling, else
 * scaled ones as VV_DT_F32. sha256: of the stack's files, one after the other in the order of their paths.
 * VV_E_REFUSED: not a volume (colours of 16 bits, sizes), damaged pixels. */
VV_NODISCARD vv_status vv_dicom_series_read(const vv_dicom_series *s, int64_t i, vv_volume *v, char sha256[65],
                                            vv_err *err);
/* The slice that stands for stack `i`: what all of them share. */
const vv_dicom_slice *vv_dicom_series_first(const vv_dicom_series *s, int64_t i);
/* How many files the stack's slices come from. */
int64_t vv_dicom_series_files(const vv_dicom_series *s, int64_t i);
#endif
