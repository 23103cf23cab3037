/* Broken and hostile files: the right status, the word of the message, and no crash. */
#include "test.h"
#include "dicom.h"
#include "made_dicom.h"
#include <stdlib.h>
#include <string.h>

static const made_pixels module = {.columns = 4, .rows = 3, .allocated = 16};
static const uint16_t zeros[64];

/* Opens, asks for the pixels, decodes all frames; the first failure. */
static vv_status read_all(const uint8_t *bytes, size_t n, vv_err *err)
{
    vv_source s = vv_source_memory(bytes, n);
    vv_dicom *d;
    vv_dicom_pixel_format f;
    *err = (vv_err){0};
    vv_status status = vv_dicom_open(&s, &d, err);
    if (status != VV_OK)
        return status;
    status = vv_dicom_pixels(d, &f, err);
    void *frame = status == VV_OK ? malloc(f.frame_bytes) : NULL;
    for (int64_t i = 0; status == VV_OK && i < f.frames; i++)
        status = vv_dicom_decode(d, &f, i, frame, err);
    free(frame);
    vv_dicom_close(&d);
    return status;
}

static void refused(made_dicom *m, const char *word)
{
    vv_err err;
    assert_int_equal(read_all(m->bytes, m->n, &err), VV_E_REFUSED);
    if (!strstr(err.message, word))
        fail_msg("\"%s\" is not in: %s", word, err.message);
    made_free_dicom(m);
}

static void start(made_dicom *m, const char *syntax, made_pixels p)
{
    made_begin(m, syntax);
    made_text(m, 0x00100010, "PN", "SECRET^NAME");
    made_module(m, &p);
}

static void test_pixels(void **state)
{
    (void)state;
    made_dicom m;
    made_pixels p = module;
    start(&m, MADE_EXPLICIT, p);
    refused(&m, "no pixels");
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 11);
    refused(&m, "shorter");
    p.frames = 2000000000;
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "shorter");
    p = (made_pixels){.columns = 65535, .rows = 65535, .samples = 3, .allocated = 8, .colour = "RGB"};
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "GiB");
    p = module;
    p.columns = 0;
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "zero");
    p = module;
    p.allocated = 12;
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "8, 16 or 32");
    p = module;
    p.stored = 17;
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "agree");
    p = module;
    p.samples = 3;
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 36);
    refused(&m, "agree");
    p = module;
    p.colour = "CMYK";
    start(&m, MADE_EXPLICIT, p);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "photometric");
}

static void test_encoding(void **state)
{
    (void)state;
    static const uint8_t noise[64] = {0xff, 0xd8, 0xff, 0xe0, 0x11};
    made_dicom m;
    start(&m, MADE_EXPLICIT, module);
    made_pieces(&m, NULL, 0);
    made_piece(&m, noise, 64);
    made_pieces_end(&m);
    refused(&m, "uncompressed transfer syntax");
    start(&m, MADE_RLE, module);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "");
    start(&m, "1.2.840.10008.1.2.4.100", module); /* MPEG-2 */
    made_pieces(&m, NULL, 0);
    made_piece(&m, noise, 64);
    made_pieces_end(&m);
    refused(&m, "transfer syntax");
    start(&m, "1.2.3.4", module);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "transfer syntax");
    static const char *const codecs[] = {MADE_RLE, "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70",
                                         "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"};
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        start(&m, codecs[i], module);
        made_pieces(&m, NULL, 0);
        made_piece(&m, noise, 64);
        made_pieces_end(&m);
        refused(&m, "the compressed pixels");
    }
    made_pixels two = module; /* three fragments for two frames, and nothing that says which is whose */
    two.frames = 2;
    start(&m, "1.2.840.10008.1.2.4.90", two);
    made_pieces(&m, NULL, 0);
    for (int i = 0; i < 3; i++)
        made_piece(&m, (const uint8_t *)zeros, 64);
    made_pieces_end(&m);
    refused(&m, "where the frames");
}

static void test_structure(void **state)
{
    (void)state;
    static const uint8_t wrong[] = {0x10, 0x00, 0x20, 0x40, 'U', 'T', 0, 0, 0xfe, 0xff, 0xff, 0xff, 'x'};
    made_dicom m;
    made_begin(&m, MADE_EXPLICIT);
    made_raw(&m, wrong, sizeof wrong); /* four GiB announced, one byte there */
    refused(&m, "truncated");
    made_begin(&m, MADE_EXPLICIT);
    refused(&m, "");
    made_begin(&m, MADE_DEFLATED);
    made_raw(&m, "no deflate", 10);
    refused(&m, "deflated");
    start(&m, MADE_DEFLATED, module);
    made_pixel_words(&m, zeros, 12);
    made_deflate(&m);
    m.n -= 4;
    refused(&m, "deflated");
}

/* DCMTK sorts the elements of an item as they come: it must not get to sort many that come backwards. */
static void test_many(void **state)
{
    (void)state;
    made_dicom m;
    vv_err err;
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &module);
    for (uint32_t i = 0; i < 500000; i++)
        made_element(&m, 0x0a0bffff - i, "SH", "", 0);
    made_pixel_words(&m, zeros, 12);
    refused(&m, "thousands");
    made_begin(&m, MADE_EXPLICIT); /* but a file may be filled up with zeros */
    made_module(&m, &module);
    made_pixel_words(&m, zeros, 12);
    for (int i = 0; i < 50000; i++)
        made_raw(&m, zeros, sizeof zeros);
    assert_int_equal(read_all(m.bytes, m.n, &err), VV_OK);
    made_free_dicom(&m);
    made_begin(&m, MADE_EXPLICIT); /* and there may be many items */
    made_module(&m, &module);
    made_open(&m, 0x00082112);
    for (int i = 0; i < 20000; i++) {
        made_text(&m, 0x00081150, "UI", "1.2");
        made_text(&m, 0x00081155, "UI", "1.2.3");
        made_next(&m);
    }
    made_shut(&m);
    made_pixel_words(&m, zeros, 12);
    assert_int_equal(read_all(m.bytes, m.n, &err), VV_OK);
    made_free_dicom(&m);
}

static void test_depth(void **state)
{
    (void)state;
    static const int depths[] = {33, 1000, 100000, 1000000};
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        for (int implicit = 0; implicit < 2; implicit++) {
            made_dicom m;
            made_begin(&m, implicit ? MADE_IMPLICIT : MADE_EXPLICIT);
            for (int k = 0; k < depths[i]; k++)
                made_open(&m, 0x00081140);
            for (int k = 0; k < depths[i]; k++)
                made_shut(&m);
            made_module(&m, &module);
            made_pixel_words(&m, zeros, 12);
            refused(&m, "nested");
        }
    }
    made_dicom m;
    vv_err err;
    made_begin(&m, MADE_EXPLICIT);
    for (int k = 0; k < 32; k++)
        made_open(&m, 0x00081140);
    for (int k = 0; k < 32; k++)
        made_shut(&m);
    made_module(&m, &module);
    made_pixel_words(&m, zeros, 12);
    assert_int_equal(read_all(m.bytes, m.n, &err), VV_OK);
    made_free_dicom(&m);
}

/* Every beginning of a file, and every byte of it changed: any answer but a crash, and never a word of the data set. */
static void test_cuts_and_flips(void **state)
{
    (void)state;
    static const char *const syntaxes[] = {MADE_IMPLICIT, MADE_EXPLICIT, MADE_BIG};
    for (int i = 0; i < 3; i++) {
        made_dicom m;
        vv_err err;
        start(&m, syntaxes[i], module);
        made_open(&m, 0x00081140);
        made_text(&m, 0x00081155, "UI", "1.2.3");
        made_next(&m);
        made_shut(&m);
        made_pixel_words(&m, zeros, 12);
        assert_int_equal(read_all(m.bytes, m.n, &err), VV_OK);
        for (size_t n = 0; n < m.n; n++) {
            vv_status status = read_all(m.bytes, n, &err);
            assert_int_not_equal(status, VV_OK);
            assert_null(strstr(err.message, "SECRET"));
        }
        for (size_t at = 128; at < m.n; at++) {
            for (int bit = 0; bit < 8; bit++) {
                m.bytes[at] ^= (uint8_t)(1 << bit);
                vv_status status = read_all(m.bytes, m.n, &err);
                assert_true(status == VV_OK || status == VV_E_REFUSED || status == VV_E_RESOURCE);
                assert_null(strstr(err.message, "SECRET"));
                m.bytes[at] ^= (uint8_t)(1 << bit);
            }
        }
        made_free_dicom(&m);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels), cmocka_unit_test(test_encoding), cmocka_unit_test(test_structure),
        cmocka_unit_test(test_many),   cmocka_unit_test(test_depth),    cmocka_unit_test(test_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
