/* dicom_pixels.h - the steps between a file's PixelData and a decoded frame. */
#ifndef VV_DICOM_PIXELS_H
#define VV_DICOM_PIXELS_H
#include "dicom.h"

/* PixelData: its length in bytes where it is native; 0: none, or encapsulated. */
uint64_t vv_dicom_native_bytes(const vv_dicom *d);
/* n bytes from `at`, 16-bit words of OW in this machine's byte order. VV_E_REFUSED: not that many. */
VV_NODISCARD vv_status vv_dicom_native(const vv_dicom *d, uint64_t at, void *out, size_t n, vv_err *err);
/* How many fragments encapsulated PixelData has, its offset table not counted; 0: it is native, or there is none. */
int64_t vv_dicom_fragments(const vv_dicom *d);
/* The compressed bytes of one of `frames` frames, its fragments joined; *out is released with vv_free. VV_E_REFUSED: it
 * cannot be told which fragments are that frame's. */
VV_NODISCARD vv_status vv_dicom_compressed(const vv_dicom *d, int64_t frames, int64_t frame, uint8_t **out, size_t *n,
                                           vv_err *err);

/* One compressed frame, as its codec has to know it. */
typedef struct vv_codec_frame {
    vv_dicom_syntax syntax;
    vv_dicom_colour colour;
    int columns, rows, samples;
    int bits; /* of a decoded sample in memory: 8, 16 or 32 */
    bool is_signed;
} vv_codec_frame;

/* What a JPEG or JPEG-LS stream says of itself. */
typedef struct vv_jpeg_head {
    int columns, rows, samples, precision;
} vv_jpeg_head;
/* False: no frame header in it. */
bool vv_jpeg_read_head(const uint8_t *bytes, size_t n, vv_jpeg_head *out);

/* RLE, JPEG and JPEG-LS, through DCMTK: samples beside one another into out[room]; JPEG's YBR becomes RGB.
 * VV_E_REFUSED: damaged, or not as `f` says. */
VV_NODISCARD vv_status vv_codec_decode(const vv_codec_frame *f, const uint8_t *bytes, size_t n, void *out, size_t room,
                                       vv_err *err);
/* JPEG 2000 through OpenJPEG, likewise; the component transform is undone. Samples are cut to `bits`. */
VV_NODISCARD vv_status vv_jpeg2000_decode(const vv_codec_frame *f, const uint8_t *bytes, size_t n, void *out,
                                          size_t room, vv_err *err);
#endif
