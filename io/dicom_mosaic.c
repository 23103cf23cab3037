/* Siemens' mosaic: the slices of a volume as tiles of one picture. How many there are, and which way they are stacked,
 * stands in a private header, "CSA": after "SV10", elements of a 64-byte name, a count of items, and items of a length
 * and text (as dcm2niix and GDCM read it; Siemens describes it nowhere). */
#include "dicom_slice.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, ELEMENT = 84, ITEM = 16, MOST_ITEMS = 4096 };

bool vv_dicom_is_mosaic(const vv_dicom *d)
{
    char text[32];
    for (int i = 0; i < 16; i++) {
        if (vv_dicom_text(d, VV_DICOM_ROOT, 0x00080008, i, text, sizeof text) && strcmp(text, "MOSAIC") == 0)
            return true;
    }
    return false;
}

static uint32_t word(const uint8_t *p)
{
    return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* A number of digits, sign, point: no locale has a say. False: it is none. */
static bool to_number(const uint8_t *p, size_t n, double *out)
{
    double value = 0, scale = 1;
    bool minus = false, digits = false, fraction = false;
    size_t i = 0;
    while (i < n && p[i] == ' ')
        i++;
    if (i < n && (p[i] == '-' || p[i] == '+'))
        minus = p[i++] == '-';
    for (; i < n && ((p[i] >= '0' && p[i] <= '9') || (p[i] == '.' && !fraction)); i++) {
        if (p[i] == '.') {
            fraction = true;
            continue;
        }
        digits = true;
        value = value * 10 + (p[i] - '0');
        scale *= fraction ? 10 : 1;
    }
    *out = (minus ? -value : value) / scale;
    return digits && isfinite(*out);
}

/* The numbers of the element `name`, at most `max`; how many. */
static int element(const uint8_t *p, size_t n, const char *name, double *out, int max)
{
    int found = 0;
    if (n < 16 || memcmp(p, "SV10", 4) != 0)
        return 0;
    uint32_t elements = word(p + 8);
    size_t at = 16;
    for (uint32_t e = 0; e < elements && n - at >= ELEMENT; e++) {
        bool wanted = strncmp((const char *)p + at, name, NAME) == 0;
        uint32_t items = word(p + at + 76);
        at += ELEMENT;
        for (uint32_t i = 0; i < items && i < MOST_ITEMS && n - at >= ITEM; i++) {
            uint32_t length = word(p + at + 4);
            at += ITEM;
            if (length > n - at)
                return 0;
            if (wanted && found < max && to_number(p + at, length, &out[found]))
                found++;
            size_t padded = ((size_t)length + 3) & ~(size_t)3;
            at += padded < n - at ? padded : n - at;
        }
        if (wanted)
            return found;
    }
    return 0;
}

bool vv_dicom_mosaic_read(const vv_dicom *d, vv_dicom_mosaic *out)
{
    size_t n;
    double slices, normal[3];
    const uint8_t *header = vv_dicom_private(d, 0x0029, "SIEMENS CSA HEADER", 0x10, &n);
    if (!header || element(header, n, "NumberOfImagesInMosaic", &slices, 1) != 1 ||
        element(header, n, "SliceNormalVector", normal, 3) != 3)
        return false;
    double length = sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
    if (!(slices >= 1 && slices <= 4096) || !(length > 0.9 && length < 1.1))
        return false;
    out->slices = (int)slices;
    out->across = (int)ceil(sqrt((double)out->slices));
    out->normal[0] = -normal[0] / length;
    out->normal[1] = -normal[1] / length;
    out->normal[2] = normal[2] / length;
    return true;
}
