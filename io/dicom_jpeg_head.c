#include "dicom_pixels.h"

static int word(const uint8_t *p)
{
    return p[0] << 8 | p[1];
}

/* ITU T.81 B.1 and T.87 C.1: segments of a marker and a length, up to the frame header. */
bool vv_jpeg_read_head(const uint8_t *bytes, size_t n, vv_jpeg_head *out)
{
    size_t at = 2;
    if (n < 4 || bytes[0] != 0xff || bytes[1] != 0xd8)
        return false;
    while (n - at >= 4) {
        int marker = bytes[at + 1];
        if (bytes[at] != 0xff)
            return false;
        if (marker == 0xff) { /* a fill byte */
            at++;
            continue;
        }
        size_t length = (size_t)word(bytes + at + 2);
        bool frame = (marker >= 0xc0 && marker <= 0xc3) || marker == 0xf7;
        if (length < 2 || length > n - at - 2)
            return false;
        if (frame && length >= 8) {
            const uint8_t *p = bytes + at + 4;
            *out = (vv_jpeg_head){.precision = p[0], .rows = word(p + 1), .columns = word(p + 3), .samples = p[5]};
            return out->precision >= 2 && out->precision <= 16;
        }
        at += 2 + length;
    }
    return false;
}
