/* Decoded frames of made files, against the values they were made from: every native encoding, the kinds of pixels,
 * RLE; and the frames that other programs compressed (the corpus: see tests/fuzz/make_dicom_codecs.sh). */
#include "test.h"
#include "dicom.h"
#include "made_dicom.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIXELS = MADE_COLUMNS * MADE_ROWS };

static const char *corpus;

/* Decodes frame `frame` of what was made into out[n]. */
static void decode(const made_dicom *m, int frame, void *out, size_t n)
{
    vv_source s = vv_source_memory(m->bytes, m->n);
    vv_dicom *d;
    vv_dicom_pixel_format f;
    vv_err err = {0};
    assert_int_equal(vv_dicom_open(&s, &d, &err), VV_OK);
    assert_int_equal(vv_dicom_pixels(d, &f, &err), VV_OK);
    assert_int_equal(f.frame_bytes, n);
    assert_int_equal(vv_dicom_decode(d, &f, frame, out, &err), VV_OK);
    vv_dicom_close(&d);
    assert_null(d);
}

static const made_pixels ramp_module = {
    .columns = MADE_COLUMNS, .rows = MADE_ROWS, .frames = 2, .allocated = 16, .stored = 12};

static void make_ramps(made_dicom *m, const char *syntax)
{
    uint16_t words[2 * PIXELS];
    made_ramp(0, words);
    made_ramp(1, words + PIXELS);
    made_begin(m, syntax);
    made_text(m, 0x00080060, "CS", "MR");
    made_module(m, &ramp_module);
    made_pixel_words(m, words, 2 * PIXELS);
}

static void test_native(void **state)
{
    static const char *const syntaxes[] = {MADE_IMPLICIT, MADE_EXPLICIT, MADE_BIG, MADE_DEFLATED, NULL};
    (void)state;
    for (size_t i = 0; i < sizeof syntaxes / sizeof syntaxes[0]; i++) {
        made_dicom m;
        uint16_t want[PIXELS], got[PIXELS];
        make_ramps(&m, syntaxes[i]);
        if (syntaxes[i] && strcmp(syntaxes[i], MADE_DEFLATED) == 0)
            made_deflate(&m);
        assert_true(vv_dicom_claims(m.bytes, m.n, true));
        assert_int_equal(vv_dicom_claims(m.bytes, m.n, false), syntaxes[i] != NULL);
        for (int frame = 0; frame < 2; frame++) {
            made_ramp(frame, want);
            decode(&m, frame, got, sizeof got);
            assert_memory_equal(got, want, sizeof got);
        }
        made_free_dicom(&m);
    }
}

static void test_wide_and_narrow(void **state)
{
    (void)state;
    static const char *const syntaxes[] = {MADE_EXPLICIT, MADE_BIG};
    for (int i = 0; i < 2; i++) {
        made_dicom m;
        /* 32 bits as 16-bit words, the file's half first */
        uint16_t words[4] = {0x5678, 0x1234, 0x0001, 0x8000};
        uint32_t got[2];
        if (i == 1) {
            uint16_t big[4] = {0x1234, 0x5678, 0x8000, 0x0001};
            memcpy(words, big, sizeof big);
        }
        made_begin(&m, syntaxes[i]);
        made_module(&m, &(made_pixels){.columns = 2, .rows = 1, .allocated = 32});
        made_pixel_words(&m, words, 4);
        decode(&m, 0, got, sizeof got);
        assert_int_equal(got[0], 0x12345678);
        assert_int_equal(got[1], 0x80000001);
        made_free_dicom(&m);
        /* 8 bits: words of OW in big endian hold the first pixel in the low byte */
        uint16_t pairs[2] = {0x0201, 0x0403};
        uint8_t bytes[4], want[4] = {1, 2, 3, 4};
        made_begin(&m, syntaxes[i]);
        made_module(&m, &(made_pixels){.columns = 4, .rows = 1, .allocated = 8});
        made_pixel_words(&m, pairs, 2);
        decode(&m, 0, bytes, sizeof bytes);
        assert_memory_equal(bytes, want, 4);
        made_free_dicom(&m);
    }
}

/* Overlay bits above the stored ones do not come through; signs are spread; pixels that start above bit 0 are moved. */
static void test_stored_bits(void **state)
{
    (void)state;
    made_dicom m;
    uint16_t words[3] = {0xf123, 0x0fff, 0x8800}, got[3];
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = 3, .rows = 1, .allocated = 16, .stored = 12});
    made_pixel_words(&m, words, 3);
    decode(&m, 0, got, sizeof got);
    assert_int_equal(got[0], 0x123);
    assert_int_equal(got[1], 0xfff);
    assert_int_equal(got[2], 0x800);
    made_free_dicom(&m);
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = 3, .rows = 1, .allocated = 16, .stored = 12, .is_signed = 1});
    made_pixel_words(&m, words, 3);
    decode(&m, 0, got, sizeof got);
    assert_int_equal((int16_t)got[0], 0x123);
    assert_int_equal((int16_t)got[1], -1);
    assert_int_equal((int16_t)got[2], -2048);
    made_free_dicom(&m);
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = 3, .rows = 1, .allocated = 16, .stored = 12, .high = 15});
    made_pixel_words(&m, words, 3);
    decode(&m, 0, got, sizeof got);
    assert_int_equal(got[0], 0xf12);
    assert_int_equal(got[2], 0x880);
    made_free_dicom(&m);
}

/* Primary colours in YBR: 255 red is (76, 85, 255), pure blue (29, 255, 107), by ITU-R BT.601. */
static void test_colours(void **state)
{
    (void)state;
    static const uint8_t red_blue[6] = {254, 0, 0, 0, 0, 254}, planes[6] = {254, 0, 0, 0, 0, 254};
    static const uint8_t full[6] = {76, 85, 255, 29, 255, 107}, halved[4] = {76, 76, 85, 255};
    uint8_t got[6];
    made_dicom m;
    made_pixels p = {.columns = 2, .rows = 1, .samples = 3, .allocated = 8, .colour = "RGB"};
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &p);
    made_pixel_bytes(&m, red_blue, 6);
    decode(&m, 0, got, 6);
    assert_memory_equal(got, red_blue, 6);
    made_free_dicom(&m);
    p.planar = 1; /* red, green, blue planes of two pixels */
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &p);
    made_pixel_bytes(&m, planes, 6);
    decode(&m, 0, got, 6);
    assert_memory_equal(got, ((uint8_t[]){254, 0, 0, 0, 0, 254}), 6);
    made_free_dicom(&m);
    p.planar = 0;
    p.colour = "YBR_FULL";
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &p);
    made_pixel_bytes(&m, full, 6);
    decode(&m, 0, got, 6);
    for (int i = 0; i < 6; i++)
        assert_in_range(got[i] + 2, red_blue[i], red_blue[i] + 4);
    made_free_dicom(&m);
    p.colour = "YBR_FULL_422"; /* two bytes a pixel, not three */
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &p);
    made_pixel_bytes(&m, halved, 4);
    decode(&m, 0, got, 6);
    for (int i = 0; i < 6; i++)
        assert_in_range(got[i] + 2, red_blue[i % 3], red_blue[i % 3] + 4);
    made_free_dicom(&m);
}

static void refused(const made_dicom *m, const char *word)
{
    vv_source s = vv_source_memory(m->bytes, m->n);
    vv_dicom *d;
    vv_dicom_pixel_format f;
    uint16_t got[PIXELS];
    vv_err err = {0};
    assert_int_equal(vv_dicom_open(&s, &d, &err), VV_OK);
    assert_int_equal(vv_dicom_pixels(d, &f, &err), VV_OK);
    assert_true(f.frame_bytes <= sizeof got);
    assert_int_equal(vv_dicom_decode(d, &f, 0, got, &err), VV_E_REFUSED);
    assert_non_null(strstr(err.message, word));
    vv_dicom_close(&d);
}

/* Two frames of RLE with an offset table of `entries`; `cut`: the first in two fragments, the first so long. `off`:
 * what the second entry is off by. */
static void make_rle(made_dicom *m, size_t entries, size_t cut, uint32_t off)
{
    uint8_t packed[2][1024];
    uint16_t ramp[PIXELS];
    size_t n[2];
    for (int f = 0; f < 2; f++) {
        made_ramp(f, ramp);
        n[f] = made_rle(ramp, PIXELS, packed[f]);
    }
    made_begin(m, MADE_RLE);
    made_module(m, &ramp_module);
    made_pieces(m, (uint32_t[]){0, (uint32_t)(n[0] + (cut ? 16 : 8)) + off}, entries);
    if (cut)
        made_piece(m, packed[0], cut);
    made_piece(m, packed[0] + cut, n[0] - cut);
    made_piece(m, packed[1], n[1]);
    made_pieces_end(m);
}

static void test_rle(void **state)
{
    static const size_t ways[][2] = {{0, 0}, {2, 0}, {2, 100}};
    (void)state;
    made_dicom m;
    for (int i = 0; i < 3; i++) {
        make_rle(&m, ways[i][0], ways[i][1], 0);
        for (int f = 0; f < 2; f++) {
            uint16_t want[PIXELS], got[PIXELS];
            made_ramp(f, want);
            decode(&m, f, got, sizeof got);
            assert_memory_equal(got, want, sizeof got);
        }
        made_free_dicom(&m);
    }
    make_rle(&m, 2, 100, 2); /* a table that points between fragments says nothing */
    refused(&m, "where the frames");
    made_free_dicom(&m);
}

static made_dicom load(const char *name)
{
    char path[1024];
    made_dicom m = {.bytes = malloc(1 << 16)};
    snprintf(path, sizeof path, "%s/%s", corpus, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    m.n = fread(m.bytes, 1, 1 << 16, f);
    fclose(f);
    return m;
}

static void test_codecs(void **state)
{
    static const struct {
        const char *name;
        int limit; /* how far a lossy one may be off */
    } files[] = {
        {"ok-jpeg-lossless", 0}, {"ok-jpeg-lossless-sv1", 0}, {"ok-jpegls", 0},
        {"ok-jpegls-near", 3},   {"ok-j2k-lossless", 0},      {"ok-jpeg-extended", 40},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        made_dicom m = load(files[i].name);
        uint16_t want[PIXELS], got[PIXELS];
        for (int f = 0; f < 2; f++) {
            made_ramp(f, want);
            decode(&m, f, got, sizeof got);
            for (int k = 0; k < PIXELS; k++)
                assert_in_range(got[k] + files[i].limit, want[k], want[k] + 2 * files[i].limit);
        }
        made_free_dicom(&m);
    }
}

/* The item (FFFE,E000) at or after `at`: where its bytes are, and how many. */
static size_t find_item(const made_dicom *m, size_t at, size_t *n)
{
    while (memcmp(m->bytes + at, "\xfe\xff\x00\xe0", 4) != 0)
        at++;
    *n = m->bytes[at + 4] | (size_t)m->bytes[at + 5] << 8;
    return at + 8;
}

/* The same without a table: every frame of a JPEG starts with a marker. */
static void test_pieces_by_marker(void **state)
{
    (void)state;
    static const char *const names[] = {"ok-jpegls", "ok-j2k-lossless"};
    static const char *const syntaxes[] = {"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"};
    for (int i = 0; i < 2; i++) {
        made_dicom from = load(names[i]), m;
        uint16_t want[PIXELS], got[PIXELS];
        size_t n, at = 132;
        made_begin(&m, syntaxes[i]);
        made_module(&m, &ramp_module);
        made_pieces(&m, NULL, 0);
        at = find_item(&from, at, &n) + n; /* its table */
        for (int f = 0; f < 2; f++) {
            at = find_item(&from, at, &n);
            made_piece(&m, from.bytes + at, 40);
            made_piece(&m, from.bytes + at + 40, n - 40);
            at += n;
        }
        made_pieces_end(&m);
        for (int f = 1; f >= 0; f--) {
            made_ramp(f, want);
            decode(&m, f, got, sizeof got);
            assert_memory_equal(got, want, sizeof got);
        }
        made_free_dicom(&from);
        made_free_dicom(&m);
    }
}

/* A header that says 11 rows where the compressed picture has 12. */
static void test_other_size(void **state)
{
    (void)state;
    static const char *const names[] = {"ok-jpeg-lossless", "ok-jpegls", "ok-j2k-lossless"};
    for (int i = 0; i < 3; i++) {
        made_dicom m = load(names[i]);
        size_t at = 132;
        while (memcmp(m.bytes + at, "\x28\x00\x10\x00US\x02\x00", 8) != 0)
            at++;
        m.bytes[at + 8] = MADE_ROWS - 1;
        refused(&m, "another size");
        made_free_dicom(&m);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    corpus = argv[1];
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_native),
        cmocka_unit_test(test_wide_and_narrow),
        cmocka_unit_test(test_stored_bits),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_rle),
        cmocka_unit_test(test_codecs),
        cmocka_unit_test(test_pieces_by_marker),
        cmocka_unit_test(test_other_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
