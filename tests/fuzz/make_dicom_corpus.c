/* Writes the corpus of the DICOM fuzzer into a folder, but for the files that need an encoder (make_dicom_codecs.sh).
 */
#include "made_dicom.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIXELS = MADE_COLUMNS * MADE_ROWS };

static const char *folder;

static void save(made_dicom *m, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(m->bytes, 1, m->n, f) != m->n || fclose(f) != 0)
        exit(1);
    made_free_dicom(m);
}

static const made_pixels two = {.columns = MADE_COLUMNS, .rows = MADE_ROWS, .frames = 2, .allocated = 16, .stored = 12};

static void start(made_dicom *m, const char *syntax)
{
    made_begin(m, syntax);
    made_text(m, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\M");
    made_text(m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7.3");
    made_text(m, 0x00080018, "UI", "2.25.1234567890.1.1");
    made_text(m, 0x00080060, "CS", "MR");
    made_text(m, 0x0020000d, "UI", "2.25.1234567890.2");
    made_text(m, 0x0020000e, "UI", "2.25.1234567890.1");
    made_place(m, -8, -6, 5, 1.5, 1.25);
}

static void ramps(made_dicom *m)
{
    uint16_t words[2 * PIXELS];
    made_ramp(0, words);
    made_ramp(1, words + PIXELS);
    made_module(m, &two);
    made_pixel_words(m, words, 2 * PIXELS);
}

static void native(const char *name, const char *syntax)
{
    made_dicom m;
    start(&m, syntax);
    ramps(&m);
    if (syntax && strcmp(syntax, MADE_DEFLATED) == 0)
        made_deflate(&m);
    save(&m, name);
}

static void rle(void)
{
    made_dicom m;
    uint8_t packed[1024];
    uint16_t words[PIXELS];
    start(&m, MADE_RLE);
    made_module(&m, &two);
    made_pieces(&m, NULL, 0);
    for (int f = 0; f < 2; f++) {
        made_ramp(f, words);
        made_piece(&m, packed, made_rle(words, PIXELS, packed));
    }
    made_pieces_end(&m);
    save(&m, "ok-rle");
}

/* Two frames with places of their own, as enhanced objects have them. */
static void enhanced(void)
{
    made_dicom m;
    uint16_t words[2 * PIXELS] = {0};
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080060, "CS", "MR");
    made_module(&m, &two);
    made_groups(&m, "2\\0\\0", "4\\0\\0");
    made_pixel_words(&m, words, 2 * PIXELS);
    save(&m, "ok-enhanced");
}

static void mosaic(void)
{
    made_dicom m;
    uint16_t words[PIXELS] = {0};
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC");
    made_text(&m, 0x00080060, "CS", "MR");
    made_text(&m, 0x00180088, "DS", "3");
    made_place(&m, -8, -6, 5, 1.5, 1.25);
    made_module(&m, &(made_pixels){.columns = MADE_COLUMNS, .rows = MADE_ROWS, .allocated = 16});
    made_csa(&m, 4, 0, 0, 1);
    made_pixel_words(&m, words, PIXELS);
    save(&m, "ok-mosaic");
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC");
    made_module(&m, &(made_pixels){.columns = MADE_COLUMNS, .rows = MADE_ROWS, .allocated = 16});
    made_pixel_words(&m, words, PIXELS);
    save(&m, "bad-mosaic-without-header");
}

static void colour(const char *name, const char *interpretation, int planar, size_t bytes)
{
    made_dicom m;
    uint8_t samples[3 * PIXELS];
    for (size_t i = 0; i < sizeof samples; i++)
        samples[i] = (uint8_t)(i * 7);
    start(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = MADE_COLUMNS,
                                   .rows = MADE_ROWS,
                                   .samples = 3,
                                   .allocated = 8,
                                   .planar = planar,
                                   .colour = interpretation});
    made_pixel_bytes(&m, samples, bytes);
    save(&m, name);
}

static void nested(const char *name, int levels)
{
    made_dicom m;
    start(&m, MADE_EXPLICIT);
    for (int i = 0; i < levels; i++)
        made_open(&m, 0x00081140);
    for (int i = 0; i < levels; i++)
        made_shut(&m);
    ramps(&m);
    save(&m, name);
}

static void cut(const char *name, size_t drop)
{
    made_dicom m;
    start(&m, MADE_EXPLICIT);
    ramps(&m);
    m.n -= drop;
    save(&m, name);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    native("ok-implicit", MADE_IMPLICIT);
    native("ok-explicit", MADE_EXPLICIT);
    native("ok-big", MADE_BIG);
    native("ok-deflated", MADE_DEFLATED);
    native("ok-bare", NULL);
    rle();
    enhanced();
    mosaic();
    colour("ok-rgb", "RGB", 0, 3 * PIXELS);
    colour("ok-rgb-planes", "RGB", 1, 3 * PIXELS);
    colour("ok-ybr", "YBR_FULL", 0, 3 * PIXELS);
    colour("ok-ybr-422", "YBR_FULL_422", 0, 2 * PIXELS);
    colour("bad-colour", "HSV", 0, 3 * PIXELS);
    colour("bad-short", "RGB", 0, 2 * PIXELS);
    nested("ok-nested", 8);
    nested("bad-nested", 1000);
    cut("bad-cut-pixels", 100);
    cut("bad-cut-header", 800);
    return 0;
}
