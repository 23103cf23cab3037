/* Every kind of bad input: the status, a word of the message, nothing left behind. */
#include "test.h"
#include "format.h"
#include "made.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static vv_pool *pool;
static char folder[512];

static void expect(const char *path, vv_status want, const char *word)
{
    vv_read_result r;
    vv_err err = {0};
    vv_status status = vv_file_read(path, pool, &r, &err);
    if (status != want || !strstr(err.message, word))
        fail_msg("wanted %d and '%s', got %d: %s", want, word, status, err.message);
    assert_int_equal(err.status, want);
    assert_null(r.meta);
    assert_null(r.volume.data);
    assert_null(strstr(err.message, folder)); /* no path in a message */
}

/* One change to a good header. */
struct change {
    const char *name;
    int at, bytes;
    uint64_t value; /* bits, as the file holds them */
    const char *word;
};

#define NAN_BITS 0x7fc00000u
#define INF_BITS 0x7f800000u
#define ONE_BITS 0x3f800000u

static const struct change changes[] = {
    {"header size", 0, 4, 347, "not a NIfTI"},
    {"no dimensions", 40, 2, 0, "number of dimensions"},
    {"eight dimensions", 40, 2, 8, "number of dimensions"},
    {"negative number of dimensions", 40, 2, 0xffff, "number of dimensions"},
    {"nx 0", 42, 2, 0, "dimension 1"},
    {"ny negative", 44, 2, 0xfffe, "dimension 2"},
    {"nz negative", 46, 2, 0x8000, "dimension 3"},
    {"larger than the file", 46, 2, 4, "shorter than its header"},
    {"huge", 46, 2, 32767, "shorter than its header"},
    {"complex64", 70, 2, 32, "complex"},
    {"complex128", 70, 2, 1792, "complex"},
    {"complex256", 70, 2, 2048, "complex"},
    {"binary", 70, 2, 1, "type 1"},
    {"no type", 70, 2, 0, "type 0"},
    {"unknown type", 70, 2, 255, "type 255"},
    {"spacing 0", 80, 4, 0, "spacing along axis 1"},
    {"spacing negative", 84, 4, 0xbf800000u, "spacing along axis 2"},
    {"spacing NaN", 88, 4, NAN_BITS, "spacing along axis 3"},
    {"spacing Inf", 88, 4, INF_BITS, "spacing along axis 3"},
    {"vox_offset in the header", 108, 4, 0x43480000u /* 200 */, "vox_offset"},
    {"vox_offset 350", 108, 4, 0x43af0000u, "vox_offset"},
    {"vox_offset negative", 108, 4, 0xc3b00000u, "vox_offset"},
    {"vox_offset NaN", 108, 4, NAN_BITS, "vox_offset"},
    {"vox_offset 352.5", 108, 4, 0x43b04000u, "vox_offset"},
    {"vox_offset past the end", 108, 4, 0x4b000000u, "shorter than its header"},
    {"vox_offset 1e30", 108, 4, 0x7149f2cau, "vox_offset"},
    {"affine NaN", 280, 4, NAN_BITS, "NaN"},
    {"affine Inf", 292, 4, INF_BITS, "NaN"},
    {"affine with an empty column", 280, 4, 0, "spacing is zero"},
    {"affine in metres by mistake", 123, 1, 1, "units"},
    {"words for an origin", 292, 4, 0x4e484f4au /* JOHN */, "kilometre"},
    {"an origin 2 km away", 308, 4, 0xc9f42400u, "kilometre"},
    {"words for a slope", 112, 4, 0x6e686f6au /* john */, "scaling"},
    {"a slope of next to nothing", 112, 4, 0x1e3ce508u /* 1e-20 */ - 0x800000u, "scaling"},
    {"words for an intercept", 116, 4, 0x6e686f6au, "scaling"},
    {"magic", 344, 4, 0x00786978u, "wrong magic"},
    {"magic of a pair", 344, 4, 0x0031696eu, "stands alone"},
    {"magic of no version", 344, 4, 0x00372b6eu, "wrong magic"},
};

static void changed_headers(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof changes / sizeof changes[0]; c++) {
        for (int variant = 0; variant < 4; variant++) {
            char path[512];
            made_spec s = made_default();
            s.big = variant & 1;
            made_file f = made_build(&s);
            bool text = changes[c].at == 344; /* not a number: the same in both orders */
            made_put(f.header + changes[c].at, changes[c].value, changes[c].bytes, s.big && !text);
            made_save_as(&f, folder, "changed", variant & 2, path);
            expect(path, VV_E_REFUSED, changes[c].word);
            made_free(&f);
            remove(path);
        }
    }
}

static void singular_affine(void **state)
{
    (void)state;
    char path[512];
    made_spec s = made_default();
    made_file f = made_build(&s);
    for (int i = 0; i < 3; i++) { /* the second column becomes the first */
        float x;
        memcpy(&x, f.header + 280 + 16 * i, 4);
        made_put_float(f.header + 284 + 16 * i, x, false);
    }
    made_save_as(&f, folder, "singular", false, path);
    expect(path, VV_E_REFUSED, "singular");
    made_free(&f);
}

static void dims_overflow(void **state)
{
    (void)state;
    for (int version = 1; version < 3; version++) {
        char path[512];
        made_spec s = made_default();
        s.version = version;
        made_file f = made_build(&s);
        int number = version == 2 ? 8 : 2, at = version == 2 ? 16 : 40;
        made_put(f.header + at, 7, number, false);
        for (int i = 1; i <= 7; i++)
            made_put(f.header + at + i * number, version == 2 && i > 3 ? (uint64_t)1 << 62 : 32767, number, false);
        made_save_as(&f, folder, "overflow", false, path);
        expect(path, VV_E_REFUSED, "overflow");
        if (version == 2) {
            made_put(f.header + at + number, 40000, number, false);
            made_save_as(&f, folder, "overflow", false, path);
            expect(path, VV_E_REFUSED, "dimension 1");
        }
        made_free(&f);
    }
}

/* More than any machine has, said by a small file: the file is at fault, and no memory is asked for. */
static void terabytes(void **state)
{
    (void)state;
    for (int gzip = 0; gzip < 2; gzip++) {
        char path[512];
        made_spec s = made_default();
        made_file f = made_build(&s);
        for (int i = 0; i < 3; i++)
            made_put(f.header + 42 + 2 * i, 32767, 2, false);
        made_save_as(&f, folder, "terabytes", gzip, path);
        expect(path, VV_E_REFUSED, "shorter than its header");
        made_free(&f);
    }
}

static void not_files(void **state)
{
    (void)state;
    char path[600];
    expect(folder, VV_E_REFUSED, "folder");
    snprintf(path, sizeof path, "%s/none.nii", folder);
    expect(path, VV_E_USAGE, "no such file");
    snprintf(path, sizeof path, "%s/empty.nii", folder);
    made_save(path, "", 0);
    expect(path, VV_E_REFUSED, "empty");
    snprintf(path, sizeof path, "%s/pipe.nii", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect(path, VV_E_REFUSED, "regular");
    expect("/dev/zero", VV_E_REFUSED, "regular");
    snprintf(path, sizeof path, "%s/words.txt", folder);
    made_save(path, "no image at all", 15);
    expect(path, VV_E_REFUSED, "format");
    snprintf(path, sizeof path, "%s/words.nii", folder);
    made_save(path, "no image at all", 15);
    expect(path, VV_E_REFUSED, "NIfTI");
}

/* A file cut anywhere is refused, plain and gzipped. */
static void cut_files(void **state)
{
    (void)state;
    char path[512];
    made_spec s = made_default();
    made_file f = made_build(&s);
    for (int gzip = 0; gzip < 2; gzip++) {
        made_save_as(&f, folder, "cut", gzip, path);
        FILE *file = fopen(path, "rb");
        uint8_t bytes[2048];
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t keep = 1; keep < n; keep++) {
            vv_read_result r;
            file = fopen(path, "wb");
            assert_int_equal(fwrite(bytes, 1, keep, file), keep);
            fclose(file);
            assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_E_REFUSED);
        }
        remove(path);
    }
    made_free(&f);
}

static void damaged_gzip(void **state)
{
    (void)state;
    char path[512];
    made_spec s = made_default();
    made_file f = made_build(&s);
    made_save_as(&f, folder, "damaged", true, path);
    FILE *file = fopen(path, "rb+");
    assert_int_equal(fseek(file, -6, SEEK_END), 0); /* in the checksum */
    int c = fgetc(file);
    assert_int_equal(fseek(file, -6, SEEK_END), 0);
    fputc(c ^ 0x40, file);
    fclose(file);
    expect(path, VV_E_REFUSED, "truncated or damaged");
    made_free(&f);
}

static void halves(void **state)
{
    (void)state;
    char path[512], image[600];
    made_spec s = made_default();
    s.pair = true;
    made_file f = made_build(&s);
    made_save_as(&f, folder, "half", false, path);
    snprintf(image, sizeof image, "%s/half.img", folder);
    remove(image);
    expect(path, VV_E_REFUSED, ".img");
    made_save(image, f.image, f.image_bytes - 1);
    expect(path, VV_E_REFUSED, "shorter");
    expect(image, VV_E_REFUSED, "shorter");
    remove(path);
    expect(image, VV_E_REFUSED, ".hdr");
    made_free(&f);
}

/* ANALYZE has no magic number: under a single file's name its header is a NIfTI header with a wrong one. */
static void analyze_alone(void **state)
{
    (void)state;
    char path[600];
    made_spec s = made_default();
    s.version = 0;
    s.pair = true;
    made_file f = made_build(&s);
    snprintf(path, sizeof path, "%s/analyze.nii", folder);
    made_save(path, f.header, f.header_bytes);
    expect(path, VV_E_REFUSED, "wrong magic");
    made_free(&f);
}

/* A header that asks for much, in a file that is small and expands without end. */
static void bomb(void **state)
{
    (void)state;
    char path[600];
    made_spec s = made_default();
    made_file f = made_build(&s);
    size_t n = 80u << 20;
    uint8_t *all = calloc(n, 1);
    assert_non_null(all);
    memcpy(all, f.header, 352);
    snprintf(path, sizeof path, "%s/bomb.nii.gz", folder);
    made_save(path, all, n);
    expect(path, VV_E_REFUSED, "longer than its header");
    free(all);
    made_free(&f);
    remove(path);
}

static int setup(void **state)
{
    (void)state;
    made_folder(folder);
    return vv_pool_create(2, &pool, NULL);
}

static int teardown(void **state)
{
    (void)state;
    vv_pool_destroy(&pool);
    made_remove_folder(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_headers), cmocka_unit_test(singular_affine), cmocka_unit_test(dims_overflow),
        cmocka_unit_test(not_files),       cmocka_unit_test(cut_files),       cmocka_unit_test(damaged_gzip),
        cmocka_unit_test(halves),          cmocka_unit_test(analyze_alone),   cmocka_unit_test(bomb),
        cmocka_unit_test(terabytes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
