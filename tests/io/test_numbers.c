/* Words in the places of numbers: gone from the output, told of the input; numbers that can be meant stay. */
#include "test.h"
#include "format.h"
#include "made.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static vv_pool *pool;
static char folder[512];

/* Places of numbers without meaning in the file that `plain` makes, or free for any text: offset and bytes; 0 ends. */
static const int places[3][48][2] = {
    {{32, 4},  {36, 2},  {38, 1},  {39, 1},  {50, 2},  {52, 2},   {54, 2},  {68, 2},  {72, 2},  {74, 2},
     {76, 4},  {96, 4},  {100, 4}, {104, 4}, {108, 4}, {112, 4},  {116, 4}, {120, 4}, {124, 4}, {128, 4},
     {132, 4}, {136, 4}, {140, 4}, {144, 4}, {252, 1}, {253, 10}, {313, 3}, {316, 32}},
    {{32, 4},  {36, 2},  {38, 1},  {50, 2},  {52, 2},  {54, 2},  {56, 4},  {60, 4},   {64, 4},  {68, 2},
     {72, 2},  {74, 2},  {76, 4},  {92, 4},  {96, 4},  {100, 4}, {104, 4}, {116, 4},  {120, 2}, {122, 1},
     {123, 1}, {124, 4}, {128, 4}, {132, 4}, {136, 4}, {140, 4}, {144, 4}, {256, 24}, {280, 48}},
    {{14, 2},  {56, 8},   {64, 8},   {72, 8},  {80, 24}, {104, 8}, {136, 8}, {144, 8},
     {152, 8}, {160, 8},  {184, 8},  {192, 8}, {200, 8}, {208, 8}, {216, 8}, {224, 8},
     {232, 8}, {352, 48}, {400, 96}, {496, 4}, {500, 4}, {504, 4}, {525, 15}},
};

static made_spec plain(int version, bool big)
{
    made_spec s = made_default();
    s.version = version;
    s.pair = version == 0;
    s.big = big;
    s.slope = 0;
    s.sform_code = 0;
    return s;
}

/* The header of the file at `path` after a way through reading and writing. */
static uint8_t *through(const char *path, const char *out, bool *has_text, bool keep)
{
    vv_err err = {0};
    vv_read_result r;
    vv_pending *p = NULL;
    vv_write_options opt = {.keep_text = keep};
    size_t n;
    if (vv_file_read(path, pool, &r, &err) != VV_OK || vv_file_write(out, &r, &opt, pool, &p, &err) != VV_OK)
        fail_msg("%s", err.message);
    *has_text = r.has_text;
    assert_int_equal(vv_pending_text_left(p), keep && r.has_text);
    assert_int_equal(vv_file_commit(&p, true, &err), VV_OK);
    vv_file_close(&r);
    return made_load(out, &n);
}

static void words_as_numbers(void **state)
{
    (void)state;
    static const char secret[] =
        "~}JoHn~SmItH{|~JoHn~SmItH{|~JoHn~SmItH{|~JoHn~SmItH{|~JoHn~SmItH{|~JoHn~SmItH{|~JoHn~SmItH{|~JoHn";
    char path[512], out[600];
    for (int c = 0; c < 6; c++) {
        int version = c / 2;
        made_spec s = plain(version, c % 2);
        size_t header = version == 2 ? 540 : 348;
        for (int i = 0; i < 48 && places[version][i][1]; i++) {
            size_t at = (size_t)places[version][i][0], n = (size_t)places[version][i][1];
            made_file f = made_build(&s);
            bool told, kept_told;
            memcpy(f.header + at, secret, n);
            if (version == 0 && at == 108)
                memset(f.header + at, 0, n); /* where the voxels are: checked by the reader */
            made_save_as(&f, folder, "words", false, path);
            snprintf(out, sizeof out, "%s/out.%s", folder, s.pair ? "hdr" : "nii");
            uint8_t *got = through(path, out, &told, false);
            for (size_t k = 0; k + 2 <= n || k == 0; k++) {
                if (got[at + k] == (uint8_t)secret[k] && (n == 1 || got[at + k + 1] == (uint8_t)secret[k + 1]))
                    fail_msg("version %d big %d: byte %d survives", version, c % 2, (int)(at + k));
            }
            for (size_t k = 0; n >= 4 && k + 4 <= header; k++)
                assert_true(memcmp(got + k, secret, 4) != 0);
            free(got);
            if (!told && !(version == 0 && at == 108))
                fail_msg("version %d big %d: offset %d is not told", version, c % 2, (int)at);
            got = through(path, out, &kept_told, true);
            assert_memory_equal(got + at, f.header + at, n);
            free(got);
            made_free(&f);
        }
    }
}

/* Numbers in use, of a value that can be meant: the header is the same to the byte. */
static void numbers_in_use(void **state)
{
    (void)state;
    char path[512], out[600];
    for (int c = 0; c < 4; c++) {
        int version = 1 + c / 2;
        bool big = c % 2, told;
        made_spec s = plain(version, big);
        s.sform_code = s.qform_code = 1;
        s.slope = 2;
        s.inter = -1024;
        made_file f = made_build(&s);
        uint8_t *h = f.header;
        if (version == 1) {
            made_put_float(h + 56, 17, big);   /* intent_p1 */
            made_put(h + 68, 3, 2, big);       /* intent_code */
            made_put_float(h + 76, -1, big);   /* qfac */
            made_put_float(h + 92, 2.3f, big); /* the repetition time of a volume alone */
            made_put(h + 120, 2, 2, big);      /* slice_end */
            h[122] = 1;                        /* slice_code */
            made_put_float(h + 124, 1234.5f, big);
            made_put_float(h + 132, 0.05f, big);
            made_put_float(h + 136, -3, big);
            made_put(h + 32, 16384, 4, big);
            made_put_float(h + 256, 0.5f, big);
        } else {
            made_put_double(h + 80, 17, big);
            made_put(h + 504, 3, 4, big);
            made_put_double(h + 104, -1, big);
            made_put_double(h + 136, 2.3, big);
            made_put(h + 232, 2, 8, big);
            made_put(h + 496, 1, 4, big);
            made_put_double(h + 192, 1234.5, big);
            made_put_double(h + 208, 0.05, big);
            made_put_double(h + 216, -3, big);
            made_put_double(h + 352, 0.5, big);
        }
        made_save_as(&f, folder, "used", false, path);
        snprintf(out, sizeof out, "%s/out.nii", folder);
        uint8_t *got = through(path, out, &told, false);
        assert_memory_equal(got, h, version == 2 ? 540 : 348);
        assert_false(told);
        free(got);
        made_free(&f);
    }
}

/* A likely number out of use goes without being told of: many writers leave one. */
static void leftovers(void **state)
{
    (void)state;
    char path[512], out[600];
    bool told;
    made_spec s = plain(1, false);
    made_file f = made_build(&s);
    made_put_float(f.header + 268, -90, false);
    made_put(f.header + 140, 255, 4, false);
    made_save_as(&f, folder, "left", false, path);
    snprintf(out, sizeof out, "%s/out.nii", folder);
    uint8_t *got = through(path, out, &told, false);
    assert_memory_equal(got + 268, "\0\0\0\0", 4);
    assert_memory_equal(got + 140, "\0\0\0\0", 4); /* glmax */
    assert_false(told);
    free(got);
    made_free(&f);
}

/* Beside an sform: a qform that is no rotation goes with its code, a spacing that is none becomes 1. */
static void beside_the_sform(void **state)
{
    (void)state;
    char path[512], out[600];
    bool told;
    for (int big = 0; big < 2; big++) {
        made_spec s = plain(1, big);
        s.sform_code = s.qform_code = 1;
        made_file f = made_build(&s);
        memcpy(f.header + 256, "~}~}", 4);
        memcpy(f.header + 80, "~}~}", 4);
        memcpy(f.header + 254, "$$", 2);
        made_save_as(&f, folder, "beside", false, path);
        snprintf(out, sizeof out, "%s/out.nii", folder);
        uint8_t *got = through(path, out, &told, false), want[4] = {0};
        assert_true(told);
        assert_memory_equal(got + 252, "\0", 2);
        assert_memory_equal(got + 256, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
        assert_memory_equal(got + 280, f.header + 280, 48);
        made_put(want, 2, 2, big);
        assert_memory_equal(got + 254, want, 2);
        made_put_float(want, 1, big);
        assert_memory_equal(got + 80, want, 4);
        free(got);
        made_free(&f);
    }
}

static int setup(void **state)
{
    (void)state;
    made_folder(folder);
    return vv_pool_create(1, &pool, NULL);
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
        cmocka_unit_test(words_as_numbers),
        cmocka_unit_test(numbers_in_use),
        cmocka_unit_test(leftovers),
        cmocka_unit_test(beside_the_sform),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
