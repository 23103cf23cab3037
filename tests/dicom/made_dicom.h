/* made_dicom.h - DICOM files written byte by byte from PS3.5 and PS3.10, with nothing of the code under test. */
#ifndef MADE_DICOM_H
#define MADE_DICOM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MADE_IMPLICIT "1.2.840.10008.1.2"
#define MADE_EXPLICIT "1.2.840.10008.1.2.1"
#define MADE_DEFLATED "1.2.840.10008.1.2.1.99"
#define MADE_BIG "1.2.840.10008.1.2.2"
#define MADE_RLE "1.2.840.10008.1.2.5"

typedef struct made_dicom {
    uint8_t *bytes;
    size_t n, room, data; /* data: where the data set starts */
    bool implicit, big;
} made_dicom;

/* A picture's pixel module; zero stands for what is usual: 1 frame, 1 sample, MONOCHROME2, all bits stored. */
typedef struct made_pixels {
    int columns, rows, frames, samples, allocated, stored, high, is_signed, planar;
    const char *colour;
} made_pixels;

/* With preamble and meta group of the transfer syntax; syntax NULL: a bare data set, implicit. */
void made_begin(made_dicom *m, const char *syntax);
void made_raw(made_dicom *m, const void *bytes, size_t n);
void made_element(made_dicom *m, uint32_t tag, const char *vr, const void *value, size_t n);
void made_text(made_dicom *m, uint32_t tag, const char *vr, const char *text); /* padded */
void made_us(made_dicom *m, uint32_t tag, unsigned value);
void made_open(made_dicom *m, uint32_t tag); /* a sequence and its first item, without lengths */
void made_next(made_dicom *m);               /* the next item */
void made_shut(made_dicom *m);
void made_module(made_dicom *m, const made_pixels *p);
/* Geometry of a slice: position and spacing; axial. */
void made_place(made_dicom *m, double x, double y, double z, double row_spacing, double column_spacing);
/* The functional groups of an enhanced object of two frames: sagittal, 2 mm rows, 3 mm columns, rescaled by 0.5 and
 * -10. */
void made_groups(made_dicom *m, const char *first_position, const char *second_position);
/* Siemens' private header of a mosaic of `slices`, stacked along (x, y, z). */
void made_csa(made_dicom *m, int slices, double x, double y, double z);
/* 16-bit words or bytes, in the data set's byte order. */
void made_pixel_words(made_dicom *m, const uint16_t *words, size_t n);
void made_pixel_bytes(made_dicom *m, const uint8_t *bytes, size_t n);
/* Encapsulated: begin with the offset table (n entries), fragments, end. */
void made_pieces(made_dicom *m, const uint32_t *table, size_t n);
void made_piece(made_dicom *m, const uint8_t *bytes, size_t n);
void made_pieces_end(made_dicom *m);
/* One RLE segment per byte of a sample (PS3.5 G), literal runs only. */
size_t made_rle(const uint16_t *words, size_t n, uint8_t *out);
/* Turns the data set into deflated bytes (the file must have begun as MADE_DEFLATED). */
void made_deflate(made_dicom *m);
void made_free_dicom(made_dicom *m);

/* The picture that the tests decode: 16 columns, 12 rows, 12 bits. */
enum { MADE_COLUMNS = 16, MADE_ROWS = 12 };
uint16_t made_value(int frame, int x, int y);
void made_ramp(int frame, uint16_t out[MADE_COLUMNS * MADE_ROWS]);
#endif
