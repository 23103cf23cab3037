/* dicom_slice.h - one slice: a frame of a file, or a tile of a mosaic, with its place in space. */
#ifndef VV_DICOM_SLICE_H
#define VV_DICOM_SLICE_H
#include "dicom.h"
#include "volume.h"

typedef struct vv_dicom_slice {
    int64_t file, frame;
    int left, top; /* of its pixels in the frame: a tile of a mosaic; else 0 */
    int columns, rows;
    bool placed;              /* position, orientation and spacing are given */
    double position[3];       /* centre of the first pixel, mm, RAS+ */
    double row[3], column[3]; /* unit vectors along a row (to the next column) and along a column, RAS+ */
    double normal[3];         /* row x column; of a mosaic that of its header, which can point the other way */
    double spacing[2];        /* mm to the next column, to the next row */
    double thickness;         /* mm to the next slice as the header says; 0: it does not */
    double slope, inter;
    /* What a stack's slices share, besides size and direction. */
    uint64_t series, kind, instance; /* digests of the series' UID, of what the image shows, of the object's UID */
    vv_dtype dtype;
    double echo;    /* ms; 0: none */
    bool burned_in; /* the file says that there is text in its pixels */
    /* What orders slices at one place. */
    double acquisition, time, number;
    char modality[17];
} vv_dicom_slice;

typedef struct vv_dicom_slices {
    vv_dicom_slice *all; /* owned */
    int64_t n, room;
} vv_dicom_slices;

/* Adds the slices of a file. VV_E_REFUSED: it holds no pixels that can be read, with the reason. */
VV_NODISCARD vv_status vv_dicom_slices_add(vv_dicom_slices *list, const vv_dicom *d, int64_t file, vv_err *err);
/* A digest of the UID of the series that the file belongs to. */
uint64_t vv_dicom_series_digest(const vv_dicom *d);
/* One more, zero but for scaling; NULL: memory is out. */
vv_dicom_slice *vv_dicom_slices_more(vv_dicom_slices *list);
void vv_dicom_slices_free(vv_dicom_slices *list);

/* Siemens' mosaic: whether the file is one, and how many slices. */
typedef struct vv_dicom_mosaic {
    int slices, across; /* tiles in a row (and in a column) */
    double normal[3];   /* RAS+ */
} vv_dicom_mosaic;
/* False: no mosaic. VV_E_REFUSED from vv_dicom_slices_add where one is announced and cannot be read. */
bool vv_dicom_is_mosaic(const vv_dicom *d);
bool vv_dicom_mosaic_read(const vv_dicom *d, vv_dicom_mosaic *out);
#endif
