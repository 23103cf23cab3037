/* From PixelData to decoded frames: what the pixels are, and one frame of them. */
#include "alloc.h"
#include "dicom_pixels.h"
#include <string.h>

static const uint64_t frame_max = 1 << 30;

static int number(const vv_dicom *d, uint32_t tag, int otherwise)
{
    double x;
    return vv_dicom_numbers(d, VV_DICOM_ROOT, tag, &x, 1) == 1 && x >= -2147483647 && x <= 2147483647 ? (int)x
                                                                                                      : otherwise;
}

static vv_dicom_colour colour_of(const vv_dicom *d)
{
    static const struct {
        const char *name;
        vv_dicom_colour colour;
    } names[] = {
        {"MONOCHROME1", VV_DICOM_MONO1}, {"MONOCHROME2", VV_DICOM_MONO2}, {"PALETTE COLOR", VV_DICOM_PALETTE},
        {"RGB", VV_DICOM_RGB},           {"YBR_FULL", VV_DICOM_YBR_FULL}, {"YBR_FULL_422", VV_DICOM_YBR_422},
        {"YBR_ICT", VV_DICOM_YBR_ICT},   {"YBR_RCT", VV_DICOM_YBR_RCT},
    };
    char text[20];
    vv_dicom_text(d, VV_DICOM_ROOT, 0x00280004, 0, text, sizeof text);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i].name) == 0)
            return names[i].colour;
    }
    return VV_DICOM_NO_COLOUR;
}

static bool is_j2k(vv_dicom_syntax s)
{
    return s == VV_DICOM_J2K || s == VV_DICOM_J2K_LOSSLESS;
}

static bool is_native(vv_dicom_syntax s)
{
    return s >= VV_DICOM_IMPLICIT && s <= VV_DICOM_DEFLATED;
}

/* A pixel of each pair has its colour left out, in the file. */
static bool is_halved(const vv_dicom_pixel_format *f)
{
    return is_native(f->syntax) && f->colour == VV_DICOM_YBR_422;
}

static vv_status check_samples(const vv_dicom_pixel_format *f, vv_err *err)
{
    bool grey = f->colour == VV_DICOM_MONO1 || f->colour == VV_DICOM_MONO2 || f->colour == VV_DICOM_PALETTE;
    if (f->colour == VV_DICOM_NO_COLOUR)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the photometric interpretation is not one that is supported");
    if (f->samples != (grey ? 1 : 3))
        return vv_fail(err, VV_E_REFUSED, "dicom", "samples per pixel and photometric interpretation do not agree");
    if (f->allocated != 8 && f->allocated != 16 && f->allocated != 32)
        return vv_fail(err, VV_E_REFUSED, "dicom", "pixels of other than 8, 16 or 32 bits are not supported");
    if (f->stored < 1 || f->stored > f->allocated || f->high < f->stored - 1 || f->high >= f->allocated)
        return vv_fail(err, VV_E_REFUSED, "dicom", "bits stored, high bit and bits allocated do not agree");
    if (!grey && f->colour != VV_DICOM_RGB && f->allocated != 8)
        return vv_fail(err, VV_E_REFUSED, "dicom", "YBR pixels of other than 8 bits are not supported");
    if (is_halved(f) && (f->columns & 1))
        return vv_fail(err, VV_E_REFUSED, "dicom", "YBR_FULL_422 with an odd number of columns");
    return VV_OK;
}

static vv_status check_encoding(const vv_dicom *d, const vv_dicom_pixel_format *f, vv_err *err)
{
    if (f->syntax == VV_DICOM_OTHER)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the transfer syntax is not one that is supported");
    if (is_native(f->syntax) == (vv_dicom_fragments(d) > 0))
        return vv_fail(err, VV_E_REFUSED, "dicom",
                       is_native(f->syntax) ? "compressed pixels under an uncompressed transfer syntax"
                                            : "uncompressed pixels under a compressed transfer syntax");
    return VV_OK;
}

/* Before memory is taken for them: whether the file can hold that many frames of that size. */
static vv_status check_length(const vv_dicom *d, const vv_dicom_pixel_format *f, vv_err *err)
{
    uint64_t stored = is_halved(f) ? f->frame_bytes / 3 * 2 : f->frame_bytes;
    if (f->frame_bytes > frame_max)
        return vv_fail(err, VV_E_REFUSED, "dicom", "a frame is over 1 GiB");
    if (is_native(f->syntax) ? (uint64_t)f->frames > vv_dicom_native_bytes(d) / stored
                             : f->frames > vv_dicom_fragments(d))
        return vv_fail(err, VV_E_REFUSED, "dicom", "the pixel data are shorter than the header says");
    return VV_OK;
}

vv_status vv_dicom_pixels(const vv_dicom *d, vv_dicom_pixel_format *f, vv_err *err)
{
    *f = (vv_dicom_pixel_format){
        .syntax = vv_dicom_get_syntax(d),
        .colour = colour_of(d),
        .columns = number(d, 0x00280011, 0),
        .rows = number(d, 0x00280010, 0),
        .frames = number(d, 0x00280008, 1),
        .samples = number(d, 0x00280002, 1),
        .allocated = number(d, 0x00280100, 0),
        .is_signed = number(d, 0x00280103, 0) == 1,
        .planar = number(d, 0x00280006, 0) == 1,
    };
    f->stored = number(d, 0x00280101, f->allocated);
    f->high = number(d, 0x00280102, f->stored - 1);
    f->sample_bytes = (size_t)f->allocated / 8;
    if (vv_dicom_native_bytes(d) == 0 && vv_dicom_fragments(d) == 0)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the file holds no pixels");
    if (f->columns < 1 || f->columns > 65535 || f->rows < 1 || f->rows > 65535 || f->frames < 1)
        return vv_fail(err, VV_E_REFUSED, "dicom", "rows, columns or number of frames is missing or zero");
    vv_status status = check_samples(f, err);
    if (status == VV_OK)
        status = check_encoding(d, f, err);
    if (status != VV_OK)
        return status;
    f->frame_bytes = (size_t)f->columns * (size_t)f->rows * (size_t)f->samples * f->sample_bytes;
    return check_length(d, f, err);
}

/* 16-bit words of OW were turned to this machine's order; a sample of 32 bits has its halves still in the file's. */
static void turn_halves(const vv_dicom_pixel_format *f, uint8_t *bytes)
{
    for (size_t i = 0; i + 4 <= f->frame_bytes; i += 4) {
        uint8_t half[2] = {bytes[i], bytes[i + 1]};
        bytes[i] = bytes[i + 2];
        bytes[i + 1] = bytes[i + 3];
        bytes[i + 2] = half[0];
        bytes[i + 3] = half[1];
    }
}

/* Y Y B R becomes Y B R, Y B R; in place, from the end (PS3.3 C.7.6.3.1.2). */
static void give_colour(const vv_dicom_pixel_format *f, uint8_t *bytes)
{
    for (size_t i = (size_t)f->columns * (size_t)f->rows / 2; i-- > 0;) {
        uint8_t y0 = bytes[4 * i], y1 = bytes[4 * i + 1], b = bytes[4 * i + 2], r = bytes[4 * i + 3];
        uint8_t two[6] = {y0, b, r, y1, b, r};
        memcpy(bytes + 6 * i, two, sizeof two);
    }
}

static vv_status read_native(const vv_dicom *d, const vv_dicom_pixel_format *f, int64_t frame, uint8_t *out,
                             vv_err *err)
{
    size_t bytes = is_halved(f) ? f->frame_bytes / 3 * 2 : f->frame_bytes;
    vv_status status = vv_dicom_native(d, (uint64_t)frame * bytes, out, bytes, err);
    if (status != VV_OK)
        return status;
    if (f->syntax == VV_DICOM_BIG && f->allocated == 32)
        turn_halves(f, out);
    if (is_halved(f))
        give_colour(f, out);
    return VV_OK;
}

static vv_status read_compressed(const vv_dicom *d, const vv_dicom_pixel_format *f, int64_t frame, uint8_t *out,
                                 vv_err *err)
{
    vv_codec_frame c = {f->syntax, f->colour, f->columns, f->rows, f->samples, f->allocated, f->is_signed};
    uint8_t *bytes = NULL;
    size_t n;
    vv_status status = vv_dicom_compressed(d, f->frames, frame, &bytes, &n, err);
    if (status == VV_OK && is_j2k(f->syntax))
        status = vv_jpeg2000_decode(&c, bytes, n, out, f->frame_bytes, err);
    else if (status == VV_OK)
        status = vv_codec_decode(&c, bytes, n, out, f->frame_bytes, err);
    vv_free(bytes);
    return status;
}

/* Three planes become samples beside one another. */
static vv_status interleave(const vv_dicom_pixel_format *f, uint8_t *frame, vv_err *err)
{
    size_t pixels = (size_t)f->columns * (size_t)f->rows, b = f->sample_bytes;
    uint8_t *planes = vv_malloc(f->frame_bytes, 1);
    if (!planes)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    memcpy(planes, frame, f->frame_bytes);
    for (size_t i = 0; i < pixels; i++) {
        for (size_t c = 0; c < 3; c++)
            memcpy(frame + (3 * i + c) * b, planes + (c * pixels + i) * b, b);
    }
    vv_free(planes);
    return VV_OK;
}

static uint8_t clamp(int32_t x)
{
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x);
}

/* PS3.3 C.7.6.3.1.2, inverted (ITU-R BT.601): the factors times 65536, rounded at the end. */
static void to_rgb(const vv_dicom_pixel_format *f, uint8_t *frame)
{
    for (size_t i = 0; i < f->frame_bytes; i += 3) {
        int32_t y = frame[i] * 65536 + 32768, b = frame[i + 1] - 128, r = frame[i + 2] - 128;
        frame[i] = clamp((y + 91881 * r) >> 16);
        frame[i + 1] = clamp((y - 22554 * b - 46802 * r) >> 16);
        frame[i + 2] = clamp((y + 116130 * b) >> 16);
    }
}

static uint32_t clean(uint32_t value, int shift, int stored, bool is_signed)
{
    uint32_t all = stored == 32 ? UINT32_MAX : (UINT32_C(1) << stored) - 1, sign = UINT32_C(1) << (stored - 1);
    value = value >> shift & all;
    return is_signed && (value & sign) ? value | ~all : value;
}

/* Only the stored bits count: the others may hold an overlay, or anything. */
static void clean_bits(const vv_dicom_pixel_format *f, uint8_t *frame)
{
    int shift = f->high + 1 - f->stored;
    if (f->stored == f->allocated)
        return;
    for (size_t i = 0; i < f->frame_bytes; i += f->sample_bytes) {
        uint16_t word;
        uint32_t value = frame[i];
        if (f->sample_bytes == 2) {
            memcpy(&word, frame + i, 2);
            value = word;
        } else if (f->sample_bytes == 4) {
            memcpy(&value, frame + i, 4);
        }
        value = clean(value, shift, f->stored, f->is_signed);
        word = (uint16_t)value;
        if (f->sample_bytes == 1)
            frame[i] = (uint8_t)value;
        else if (f->sample_bytes == 2)
            memcpy(frame + i, &word, 2);
        else
            memcpy(frame + i, &value, 4);
    }
}

/* Whether the codec left YBR as it was: JPEG and JPEG 2000 undo their own transform. */
static bool is_still_ybr(const vv_dicom_pixel_format *f)
{
    bool jpeg = f->syntax >= VV_DICOM_JPEG_BASELINE && f->syntax <= VV_DICOM_JPEG_LOSSLESS_SV1;
    return (f->colour == VV_DICOM_YBR_FULL || f->colour == VV_DICOM_YBR_422) && !jpeg;
}

vv_status vv_dicom_decode(const vv_dicom *d, const vv_dicom_pixel_format *f, int64_t frame, void *out, vv_err *err)
{
    if (frame < 0 || frame >= f->frames)
        return vv_fail(err, VV_E_INTERNAL, "dicom", "no such frame");
    vv_status status =
        is_native(f->syntax) ? read_native(d, f, frame, out, err) : read_compressed(d, f, frame, out, err);
    if (status == VV_OK && is_native(f->syntax) && f->samples == 3 && f->planar && !is_halved(f))
        status = interleave(f, out, err);
    if (status != VV_OK)
        return status;
    if (is_still_ybr(f))
        to_rgb(f, out);
    clean_bits(f, out);
    return VV_OK;
}
