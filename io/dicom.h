/* dicom.h - one DICOM file: its attributes and the pixels of its frames. DCMTK stands behind it, in the .cc files;
 * nothing of it is seen here, and none of its exceptions comes out. A vv_dicom belongs to one thread at a time. */
#ifndef VV_DICOM_H
#define VV_DICOM_H
#include "source.h"
#include <stdbool.h>

typedef struct vv_dicom vv_dicom;

/* How the pixels are encoded (PS3.5 chapter 10). */
typedef enum vv_dicom_syntax {
    VV_DICOM_OTHER = 0, /* not one that is decoded here */
    VV_DICOM_IMPLICIT,
    VV_DICOM_EXPLICIT,
    VV_DICOM_BIG,
    VV_DICOM_DEFLATED,
    VV_DICOM_RLE,
    VV_DICOM_JPEG_BASELINE,
    VV_DICOM_JPEG_EXTENDED,
    VV_DICOM_JPEG_LOSSLESS,     /* process 14, any predictor */
    VV_DICOM_JPEG_LOSSLESS_SV1, /* process 14, first-order prediction */
    VV_DICOM_JPEGLS,
    VV_DICOM_JPEGLS_NEAR,
    VV_DICOM_J2K_LOSSLESS,
    VV_DICOM_J2K
} vv_dicom_syntax;

typedef enum vv_dicom_colour {
    VV_DICOM_NO_COLOUR = 0, /* not given, or not one that is known here */
    VV_DICOM_MONO1,
    VV_DICOM_MONO2,
    VV_DICOM_PALETTE,
    VV_DICOM_RGB,
    VV_DICOM_YBR_FULL,
    VV_DICOM_YBR_422,
    VV_DICOM_YBR_ICT,
    VV_DICOM_YBR_RCT
} vv_dicom_colour;

/* The pixels as the data set describes them; judged by vv_dicom_pixels. */
typedef struct vv_dicom_pixel_format {
    vv_dicom_syntax syntax;
    vv_dicom_colour colour;
    int columns, rows;
    int64_t frames;
    int samples;      /* 1 or 3 */
    int allocated;    /* bits: 8, 16 or 32 */
    int stored, high; /* bits of a sample that count, and the highest of them */
    bool is_signed;
    bool planar;         /* three planes, not three samples a pixel */
    size_t sample_bytes; /* of a decoded sample: 1, 2 or 4 */
    size_t frame_bytes;  /* of a decoded frame: rows * columns * samples * sample_bytes */
} vv_dicom_pixel_format;

/* Whether the first bytes of a file are DICOM's: "DICM" after 128 bytes; or, where `bare` allows for that, a data set
 * without this preamble. */
bool vv_dicom_claims(const uint8_t *start, size_t n, bool bare);

/* Parses everything but long values, which are read when asked for; `s` is borrowed until vv_dicom_close.
 * VV_E_REFUSED: broken, truncated, or nested too deeply. */
VV_NODISCARD vv_status vv_dicom_open(const vv_source *s, vv_dicom **out, vv_err *err);
void vv_dicom_close(vv_dicom **d);

/* Which item an attribute is looked for in: that frame's functional groups, then those that all frames share, then the
 * data set itself; or the data set alone. */
enum { VV_DICOM_ROOT = -1 };

/* tag: group << 16 | element. The first values of a numeric attribute into out[max], at most 16; how many there are (0:
 * none, or not all of them finite numbers). */
int vv_dicom_numbers(const vv_dicom *d, int64_t frame, uint32_t tag, double *out, int max);
/* Value `index` of a text attribute, without padding, into out[room]; false, with out empty, where there is none or it
 * does not fit. */
bool vv_dicom_text(const vv_dicom *d, int64_t frame, uint32_t tag, int index, char *out, size_t room);
/* A private attribute of the data set by its creator's name: (group,xxelement). NULL: none. Borrowed. */
const uint8_t *vv_dicom_private(const vv_dicom *d, uint16_t group, const char *creator, uint8_t element, size_t *n);
vv_dicom_syntax vv_dicom_get_syntax(const vv_dicom *d);
/* Whether the file is a DICOMDIR: a list of files. */
bool vv_dicom_is_directory(const vv_dicom *d);

/* Fills *f. VV_E_REFUSED, with the reason: no pixels, or pixels that are not decoded here. */
VV_NODISCARD vv_status vv_dicom_pixels(const vv_dicom *d, vv_dicom_pixel_format *f, vv_err *err);
/* One frame, counted from 0, into out[f->frame_bytes]: rows from the top, the samples of a pixel beside one another, in
 * this machine's byte order, without the bits that are not stored, signs spread. YBR becomes RGB; a palette's index and
 * MONOCHROME1 stay as stored. */
VV_NODISCARD vv_status vv_dicom_decode(const vv_dicom *d, const vv_dicom_pixel_format *f, int64_t frame, void *out,
                                       vv_err *err);
#endif
