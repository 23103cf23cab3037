#include "made_dicom.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void made_raw(made_dicom *m, const void *bytes, size_t n)
{
    if (m->n + n > m->room) {
        m->room = 2 * (m->n + n) + 1024;
        m->bytes = realloc(m->bytes, m->room);
        if (!m->bytes)
            abort();
    }
    if (n > 0)
        memcpy(m->bytes + m->n, bytes, n);
    m->n += n;
}

static void number(made_dicom *m, uint32_t value, int bytes)
{
    uint8_t b[4];
    for (int i = 0; i < bytes; i++)
        b[i] = (uint8_t)(value >> 8 * (m->big ? bytes - 1 - i : i));
    made_raw(m, b, (size_t)bytes);
}

static bool is_long(const char *vr)
{
    static const char all[] = "OBOWOFODOLSQUTUNUCUR";
    for (size_t i = 0; i + 1 < sizeof all; i += 2) {
        if (memcmp(vr, all + i, 2) == 0)
            return true;
    }
    return false;
}

static void head(made_dicom *m, uint32_t tag, const char *vr, uint32_t length)
{
    number(m, tag >> 16, 2);
    number(m, tag & 0xffff, 2);
    if (!m->implicit)
        made_raw(m, vr, 2);
    if (m->implicit) {
        number(m, length, 4);
    } else if (is_long(vr)) {
        number(m, 0, 2);
        number(m, length, 4);
    } else {
        number(m, length, 2);
    }
}

void made_element(made_dicom *m, uint32_t tag, const char *vr, const void *value, size_t n)
{
    head(m, tag, vr, (uint32_t)n);
    made_raw(m, value, n);
}

void made_text(made_dicom *m, uint32_t tag, const char *vr, const char *text)
{
    size_t n = strlen(text);
    head(m, tag, vr, (uint32_t)(n + (n & 1)));
    made_raw(m, text, n);
    if (n & 1)
        made_raw(m, strcmp(vr, "UI") == 0 ? "" : " ", 1);
}

void made_us(made_dicom *m, uint32_t tag, unsigned value)
{
    head(m, tag, "US", 2);
    number(m, value, 2);
}

void made_begin(made_dicom *m, const char *syntax)
{
    static const uint8_t preamble[128];
    *m = (made_dicom){0};
    if (!syntax) {
        m->implicit = true;
        return;
    }
    made_raw(m, preamble, sizeof preamble);
    made_raw(m, "DICM", 4);
    size_t uid = strlen(syntax) + (strlen(syntax) & 1);
    made_element(m, 0x00020000, "UL", "\0\0\0", 4);
    m->bytes[m->n - 4] = (uint8_t)(8 + uid + 8 + 14 + 8 + 20);
    made_text(m, 0x00020002, "UI", "1.2.840.100.1");
    made_text(m, 0x00020003, "UI", "2.25.1234567890.1.1");
    made_text(m, 0x00020010, "UI", syntax);
    m->data = m->n;
    m->implicit = strcmp(syntax, MADE_IMPLICIT) == 0;
    m->big = strcmp(syntax, MADE_BIG) == 0;
}

void made_open(made_dicom *m, uint32_t tag)
{
    head(m, tag, "SQ", 0xffffffff);
    number(m, 0xfffe, 2);
    number(m, 0xe000, 2);
    number(m, 0xffffffff, 4);
}

static void delimiter(made_dicom *m, unsigned element)
{
    number(m, 0xfffe, 2);
    number(m, element, 2);
    number(m, 0, 4);
}

void made_next(made_dicom *m)
{
    delimiter(m, 0xe00d);
    number(m, 0xfffe, 2);
    number(m, 0xe000, 2);
    number(m, 0xffffffff, 4);
}

void made_shut(made_dicom *m)
{
    delimiter(m, 0xe00d);
    delimiter(m, 0xe0dd);
}

void made_module(made_dicom *m, const made_pixels *p)
{
    char frames[16];
    int stored = p->stored ? p->stored : p->allocated;
    snprintf(frames, sizeof frames, "%d", p->frames ? p->frames : 1);
    made_us(m, 0x00280002, p->samples ? (unsigned)p->samples : 1);
    made_text(m, 0x00280004, "CS", p->colour ? p->colour : "MONOCHROME2");
    if (p->samples == 3)
        made_us(m, 0x00280006, (unsigned)p->planar);
    made_text(m, 0x00280008, "IS", frames);
    made_us(m, 0x00280010, (unsigned)p->rows);
    made_us(m, 0x00280011, (unsigned)p->columns);
    made_us(m, 0x00280100, (unsigned)p->allocated);
    made_us(m, 0x00280101, (unsigned)stored);
    made_us(m, 0x00280102, (unsigned)(p->high ? p->high : stored - 1));
    made_us(m, 0x00280103, (unsigned)p->is_signed);
}

void made_place(made_dicom *m, double x, double y, double z, double row_spacing, double column_spacing)
{
    char text[100];
    snprintf(text, sizeof text, "%g\\%g\\%g", x, y, z);
    made_text(m, 0x00200032, "DS", text);
    made_text(m, 0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    snprintf(text, sizeof text, "%g\\%g", row_spacing, column_spacing);
    made_text(m, 0x00280030, "DS", text);
}

void made_groups(made_dicom *m, const char *first_position, const char *second_position)
{
    made_open(m, 0x52009229);
    made_open(m, 0x00289110);
    made_text(m, 0x00280030, "DS", "2\\3");
    made_shut(m);
    made_open(m, 0x00209116);
    made_text(m, 0x00200037, "DS", "0\\1\\0\\0\\0\\-1");
    made_shut(m);
    made_open(m, 0x00289145);
    made_text(m, 0x00281052, "DS", "-10");
    made_text(m, 0x00281053, "DS", "0.5");
    made_shut(m);
    made_shut(m);
    made_open(m, 0x52009230);
    for (int f = 0; f < 2; f++) {
        if (f > 0)
            made_next(m);
        made_open(m, 0x00209113);
        made_text(m, 0x00200032, "DS", f ? second_position : first_position);
        made_shut(m);
    }
    made_shut(m);
}

/* One element of the header: a 64-byte name, count of items, and items of a 16-byte head and padded text. */
static size_t csa_element(uint8_t *to, const char *name, const char *const *items, int n)
{
    size_t at = 84;
    memset(to, 0, at);
    memcpy(to, name, strlen(name));
    memcpy(to + 68, "FD", 2);
    to[76] = (uint8_t)n;
    for (int i = 0; i < n; i++) {
        size_t length = strlen(items[i]) + 1, padded = (length + 3) & ~(size_t)3;
        memset(to + at, 0, 16 + padded);
        to[at + 4] = (uint8_t)length;
        memcpy(to + at + 16, items[i], length);
        at += 16 + padded;
    }
    return at;
}

void made_csa(made_dicom *m, int slices, double x, double y, double z)
{
    uint8_t header[1024] = {'S', 'V', '1', '0', 4, 3, 2, 1, 2, 0, 0, 0, 'M'};
    char text[4][32];
    snprintf(text[0], sizeof text[0], "%d", slices);
    snprintf(text[1], sizeof text[1], "%.8f", x);
    snprintf(text[2], sizeof text[2], "%.8f", y);
    snprintf(text[3], sizeof text[3], "%.8f", z);
    const char *const items[] = {text[0], text[1], text[2], text[3]};
    size_t n = 16;
    n += csa_element(header + n, "NumberOfImagesInMosaic", items, 1);
    n += csa_element(header + n, "SliceNormalVector", items + 1, 3);
    made_text(m, 0x00290010, "LO", "SIEMENS CSA HEADER");
    made_element(m, 0x00291010, "OB", header, n + (n & 1));
}

void made_pixel_words(made_dicom *m, const uint16_t *words, size_t n)
{
    head(m, 0x7fe00010, "OW", (uint32_t)(2 * n));
    for (size_t i = 0; i < n; i++)
        number(m, words[i], 2);
}

void made_pixel_bytes(made_dicom *m, const uint8_t *bytes, size_t n)
{
    made_element(m, 0x7fe00010, "OB", bytes, n);
}

void made_pieces(made_dicom *m, const uint32_t *table, size_t n)
{
    head(m, 0x7fe00010, "OB", 0xffffffff);
    number(m, 0xfffe, 2);
    number(m, 0xe000, 2);
    number(m, (uint32_t)(4 * n), 4);
    for (size_t i = 0; i < n; i++)
        number(m, table[i], 4);
}

void made_piece(made_dicom *m, const uint8_t *bytes, size_t n)
{
    number(m, 0xfffe, 2);
    number(m, 0xe000, 2);
    number(m, (uint32_t)(n + (n & 1)), 4);
    made_raw(m, bytes, n);
    if (n & 1)
        made_raw(m, "", 1);
}

void made_pieces_end(made_dicom *m)
{
    delimiter(m, 0xe0dd);
}

size_t made_rle(const uint16_t *words, size_t n, uint8_t *out)
{
    size_t at = 64;
    memset(out, 0, 64);
    out[0] = 2;
    for (int segment = 0; segment < 2; segment++) {
        out[4 + 4 * segment] = (uint8_t)at;
        out[5 + 4 * segment] = (uint8_t)(at >> 8);
        for (size_t i = 0; i < n;) {
            size_t run = n - i < 128 ? n - i : 128;
            out[at++] = (uint8_t)(run - 1);
            for (size_t k = 0; k < run; k++, i++)
                out[at++] = (uint8_t)(words[i] >> (segment ? 0 : 8)); /* the high byte comes first */
        }
        if (at & 1)
            out[at++] = 0;
    }
    return at;
}

void made_deflate(made_dicom *m)
{
    uint8_t *packed = malloc(m->n + 1024);
    z_stream z = {.next_in = m->bytes + m->data,
                  .avail_in = (uInt)(m->n - m->data),
                  .next_out = packed,
                  .avail_out = (uInt)(m->n + 1024)};
    if (!packed || deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    m->n = m->data;
    made_raw(m, packed, z.total_out);
    deflateEnd(&z);
    free(packed);
}

void made_free_dicom(made_dicom *m)
{
    free(m->bytes);
    *m = (made_dicom){0};
}

uint16_t made_value(int frame, int x, int y)
{
    return (uint16_t)((x * 211 + y * 97 + x * y * 13 + frame * 1031) & 0xfff);
}

void made_ramp(int frame, uint16_t out[MADE_COLUMNS * MADE_ROWS])
{
    for (int y = 0; y < MADE_ROWS; y++) {
        for (int x = 0; x < MADE_COLUMNS; x++)
            out[y * MADE_COLUMNS + x] = made_value(frame, x, y);
    }
}
