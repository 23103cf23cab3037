/* What is read is what the file holds, and what is written is the file again, but for its words. */
#include "test.h"
#include "format.h"
#include "made.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static vv_pool *pool;
static char folder[512];

static const struct {
    int nifti, bytes, unit;
    vv_dtype type;
    bool analyze;
} types[] = {
    {2, 1, 1, VV_DT_U8, true},         {256, 1, 1, VV_DT_I8, false},      {512, 2, 2, VV_DT_U16, false},
    {4, 2, 2, VV_DT_I16, true},        {768, 4, 4, VV_DT_U32, false},     {8, 4, 4, VV_DT_I32, true},
    {1280, 8, 8, VV_DT_U64, false},    {1024, 8, 8, VV_DT_I64, false},    {16, 4, 4, VV_DT_F32, true},
    {64, 8, 8, VV_DT_F64, true},       {1536, 16, 16, VV_DT_F128, false}, {128, 3, 1, VV_DT_RGB24, true},
    {2304, 4, 1, VV_DT_RGBA32, false},
};
enum { TYPES = sizeof types / sizeof types[0] };

static bool machine_is_big(void)
{
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

static void check_voxels(const made_spec *s, const made_file *f, const vv_volume *v)
{
    const uint8_t *stored = made_voxels(f), *data = v->data;
    assert_int_equal(v->bytes, f->data_bytes);
    assert_int_equal((uintptr_t)data % 16, 0);
    bool turn = s->big != machine_is_big();
    for (size_t i = 0; i < f->data_bytes; i++) {
        size_t u = (size_t)s->unit, from = turn ? i / u * u + (u - 1 - i % u) : i;
        assert_int_equal(data[i], stored[from]);
    }
}

/* Words at the offsets of the format's own documents; 0 where the list ends. */
static const int words[3][6][2] = {
    {{4, 28}, {56, 12}, {148, 80}, {228, 24}, {253, 63}},
    {{4, 28}, {148, 80}, {228, 24}, {328, 16}},
    {{240, 80}, {320, 24}, {508, 16}, {525, 15}},
};

static bool is_word(int version, size_t at)
{
    for (int i = 0; i < 6; i++) {
        size_t start = (size_t)words[version][i][0], n = (size_t)words[version][i][1];
        if (at >= start && at < start + n)
            return true;
    }
    return false;
}

/* The file at `path` (and its .img) against what was made: cleaned, or with everything kept. */
static void check_written(const made_spec *s, const made_file *f, const char *path, const char *image, bool kept)
{
    size_t n, header = s->version == 2 ? 540 : 348;
    uint8_t *got = made_load(path, &n);
    bool moved = !kept && !s->pair && f->data_at != header + 4;
    for (size_t i = 0; i < header; i++) {
        bool place = moved && (s->version == 2 ? i >= 168 && i < 176 : i >= 108 && i < 112);
        if (!place)
            assert_int_equal(got[i], !kept && is_word(s->version, i) ? 0 : f->header[i]);
    }
    if (kept)
        assert_memory_equal(got, f->header, f->header_bytes);
    const uint8_t *voxels = got;
    size_t front = kept ? f->header_bytes - (s->pair ? 0 : f->data_bytes) : header + (s->version ? 4 : 0);
    if (!kept && s->version)
        assert_memory_equal(got + header, "\0\0\0\0", 4);
    if (s->pair) {
        assert_int_equal(n, front);
        free(got);
        got = made_load(image, &n);
        assert_int_equal(n, f->data_bytes);
        voxels = got;
    } else {
        assert_int_equal(n, front + f->data_bytes);
        voxels += front;
    }
    assert_memory_equal(voxels, made_voxels(f), f->data_bytes);
    free(got);
}

static void write_to(const vv_read_result *r, const char *path, bool kept)
{
    vv_err err = {0};
    vv_pending *p = NULL;
    vv_write_options opt = {.keep_text = kept, .keep_extensions = kept};
    vv_status status = vv_file_write(path, r, &opt, pool, &p, &err);
    if (status != VV_OK)
        fail_msg("%s", err.message);
    assert_int_equal(vv_pending_text_left(p), kept ? r->has_text + r->has_extensions : 0);
    assert_int_equal(vv_file_commit(&p, false, &err), VV_OK);
    assert_null(p);
}

static void one(const made_spec *s, vv_dtype type, bool gzip)
{
    static const char *const formats[] = {"analyze75", "nifti1", "nifti2"};
    char in[512], out[600], image[600];
    made_file f = made_build(s);
    vv_read_result r;
    vv_err err = {0};
    made_save_as(&f, folder, "in", gzip, in);
    if (vv_file_read(in, pool, &r, &err) != VV_OK)
        fail_msg("version %d type %d: %s", s->version, s->datatype, err.message);
    assert_string_equal(r.format, formats[s->version]);
    assert_int_equal(r.volume.dtype, type);
    assert_int_equal(r.has_text, (s->with & MADE_TEXT) != 0);
    assert_int_equal(r.has_extensions, s->version && (s->with & MADE_EXTENSION));
    assert_int_equal(r.ndim, s->ndim);
    for (int i = 0; i < s->ndim; i++)
        assert_int_equal(r.all_dims[i], s->dim[i]);
    check_voxels(s, &f, &r.volume);
    for (int kept = 0; kept < 2; kept++) {
        const char *gz = gzip ? ".gz" : "";
        snprintf(out, sizeof out, "%s/out.%s%s", folder, s->pair ? "hdr" : "nii", gz);
        snprintf(image, sizeof image, "%s/out.img%s", folder, gz);
        /* A pair may be named by either half. */
        write_to(&r, s->pair && kept ? image : out, kept);
        check_written(s, &f, out, image, kept);
        remove(out);
        remove(image);
    }
    vv_file_close(&r);
    made_free(&f);
    remove(in);
}

static void every_type_order_and_container(void **state)
{
    (void)state;
    for (int version = 0; version < 3; version++) {
        for (int t = 0; t < TYPES; t++) {
            for (int bits = 0; bits < 8; bits++) {
                made_spec s = made_default();
                s.version = version;
                s.datatype = types[t].nifti;
                s.voxel_bytes = types[t].bytes;
                s.unit = types[t].unit;
                s.big = bits & 1;
                s.pair = bits & 2;
                s.with = MADE_TEXT | (version ? MADE_EXTENSION : 0);
                if (version == 0 && (!types[t].analyze || !s.pair))
                    continue;
                one(&s, types[t].type, bits & 4);
            }
        }
    }
}

static void dimensions(void **state)
{
    (void)state;
    static const struct {
        int ndim, dim[7], frames, nz;
    } cases[] = {{1, {5}, 1, 1},          {2, {5, 4}, 1, 1},          {3, {5, 4, 3}, 1, 3},
                 {4, {5, 4, 3, 6}, 6, 3}, {5, {5, 4, 3, 1, 4}, 4, 3}, {7, {5, 4, 3, 2, 1, 3, 2}, 12, 3}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        made_spec s = made_default();
        char path[512];
        vv_read_result r;
        s.ndim = cases[c].ndim;
        for (int i = 0; i < 7; i++)
            s.dim[i] = i < s.ndim ? cases[c].dim[i] : 0; /* unused ones are 0 in many files */
        made_file f = made_build(&s);
        made_save_as(&f, folder, "dims", false, path);
        assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
        assert_int_equal(r.volume.frames, cases[c].frames);
        assert_int_equal(r.volume.dims[2], cases[c].nz);
        vv_file_close(&r);
        /* And 0 for one that is in use, but for x and y. */
        for (int i = 2; i < s.ndim; i++) {
            made_put(f.header + 42 + 2 * i, 0, 2, false);
            made_save_as(&f, folder, "dims", false, path);
            assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
            assert_int_equal(r.volume.frames * r.volume.dims[2] * s.dim[i], cases[c].frames * cases[c].nz);
            vv_file_close(&r);
            made_put(f.header + 42 + 2 * i, (uint64_t)s.dim[i], 2, false);
        }
        made_free(&f);
        remove(path);
    }
}

static void scaling(void **state)
{
    (void)state;
    static const struct {
        float slope, inter;
        double want_slope, want_inter;
    } cases[] = {{2, -1024, 2, -1024}, {0, 5, 1, 0}, {1, 0, 1, 0}};
    for (size_t c = 0; c < 3; c++) {
        made_spec s = made_default();
        char path[512];
        vv_read_result r;
        s.slope = cases[c].slope;
        s.inter = cases[c].inter;
        made_file f = made_build(&s);
        made_save_as(&f, folder, "scale", true, path);
        assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
        assert_true(r.volume.slope == cases[c].want_slope && r.volume.inter == cases[c].want_inter);
        vv_file_close(&r);
        made_free(&f);
        remove(path);
    }
}

static void orientations(void **state)
{
    (void)state;
    /* What the header says, and the code and trust that come of it. */
    static const struct {
        int version, sform, qform;
        const char *code;
        bool trusted;
    } cases[] = {{1, 1, 0, "RAS", true},
                 {1, 0, 1, "RAS", true},
                 {1, 0, 0, "RAS", false},
                 {2, 0, 1, "RAS", true},
                 {0, 0, 0, "LAS", false}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        made_spec s = made_default();
        char path[512], code[4];
        vv_read_result r;
        s.version = cases[c].version;
        s.pair = s.version == 0;
        s.sform_code = cases[c].sform;
        s.qform_code = cases[c].qform;
        made_file f = made_build(&s);
        made_save_as(&f, folder, "orient", false, path);
        assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
        vv_volume_orientation(&r.volume, code);
        assert_string_equal(code, cases[c].code);
        assert_int_equal(r.volume.affine_trusted, cases[c].trusted);
        assert_true(r.volume.spacing[0] == 1.5 && r.volume.spacing[1] == 2 && r.volume.spacing[2] == 2.5);
        vv_file_close(&r);
        made_free(&f);
    }
}

/* A quarter turn about z and a left-handed grid, written by hand: voxel x runs to the front, y to the right, z down. */
static void quaternion(void **state)
{
    (void)state;
    made_spec s = made_default();
    s.sform_code = 0;
    s.qform_code = 1;
    made_file f = made_build(&s);
    made_put_float(f.header + 76, -1, false);           /* qfac */
    made_put_float(f.header + 256, 0.70710678f, false); /* b: with c this is a half turn about x=y */
    made_put_float(f.header + 260, 0.70710678f, false);
    char path[512], code[4];
    vv_read_result r;
    made_save_as(&f, folder, "quaternion", false, path);
    assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
    vv_volume_orientation(&r.volume, code);
    assert_string_equal(code, "ARS"); /* the turn takes x to y, y to x, z to -z; qfac turns z back */
    vv_file_close(&r);
    made_free(&f);
}

static void units(void **state)
{
    (void)state;
    made_spec s = made_default();
    made_file f = made_build(&s);
    f.header[123] = 3; /* micrometres */
    for (int i = 0; i < 3; i++)
        made_put_float(f.header + 280 + 20 * i, 500 + 100 * (float)i, false);
    char path[512];
    vv_read_result r;
    made_save_as(&f, folder, "units", false, path);
    assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
    assert_true(r.volume.spacing[0] > 0.4999 && r.volume.spacing[0] < 0.5001 && r.volume.spacing[2] < 0.7001);
    vv_file_close(&r);
    made_free(&f);
}

/* Single to pair and back, both NIfTI versions: the voxels, and a header that differs in its container only. */
static void other_container(void **state)
{
    (void)state;
    for (int version = 1; version < 3; version++) {
        made_spec s = made_default();
        char in[512], pair[600], back[600];
        vv_read_result a, b, c;
        s.version = version;
        s.big = true;
        s.with = MADE_TEXT | MADE_EXTENSION;
        made_file f = made_build(&s);
        made_save_as(&f, folder, "single", false, in);
        snprintf(pair, sizeof pair, "%s/p%d.img.gz", folder, version);
        snprintf(back, sizeof back, "%s/b%d.nii.gz", folder, version);
        assert_int_equal(vv_file_read(in, pool, &a, NULL), VV_OK);
        write_to(&a, pair, true);
        assert_int_equal(vv_file_read(pair, pool, &b, NULL), VV_OK);
        assert_string_equal(a.format, b.format);
        assert_true(b.has_text && b.has_extensions);
        write_to(&b, back, true);
        assert_int_equal(vv_file_read(back, pool, &c, NULL), VV_OK);
        assert_true(c.has_text && c.has_extensions);
        assert_memory_equal(c.volume.data, a.volume.data, a.volume.bytes);
        assert_memory_equal(c.volume.affine, a.volume.affine, sizeof a.volume.affine);
        size_t n;
        uint8_t *bytes = made_load(back, &n);
        assert_int_equal(n, f.header_bytes);
        assert_memory_equal(bytes, f.header, n);
        free(bytes);
        vv_file_close(&a);
        vv_file_close(&b);
        vv_file_close(&c);
        made_free(&f);
    }
}

/* Both a.img and a.img.gz are there: a.hdr.gz goes with the second, a.hdr with the first. */
static void nearest_half(void **state)
{
    (void)state;
    char plain[512], packed[512];
    vv_read_result r;
    made_spec s = made_default();
    s.pair = true;
    made_file f = made_build(&s);
    made_save_as(&f, folder, "near", false, plain);
    f.image[0] ^= 1;
    made_save_as(&f, folder, "near", true, packed);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vv_file_read(i ? packed : plain, pool, &r, NULL), VV_OK);
        assert_int_equal(*(uint8_t *)r.volume.data, i ? f.image[0] : f.image[0] ^ 1);
        vv_file_close(&r);
    }
    made_free(&f);
}

/* From a .hdr with an odd tail: the voxels of the single file start on a multiple of 16 all the same. */
static void rounded_offset(void **state)
{
    (void)state;
    char header[600], image[600], out[600];
    vv_read_result a, b;
    made_spec s = made_default();
    s.pair = true;
    s.with = MADE_EXTENSION;
    made_file f = made_build(&s);
    uint8_t longer[400] = {0};
    memcpy(longer, f.header, f.header_bytes);
    snprintf(header, sizeof header, "%s/tail.hdr", folder);
    snprintf(image, sizeof image, "%s/tail.img", folder);
    snprintf(out, sizeof out, "%s/tail.nii", folder);
    made_save(header, longer, f.header_bytes + 5);
    made_save(image, f.image, f.image_bytes);
    assert_int_equal(vv_file_read(header, pool, &a, NULL), VV_OK);
    write_to(&a, out, true);
    size_t n;
    uint8_t *bytes = made_load(out, &n);
    assert_int_equal((n - f.data_bytes) % 16, 0);
    free(bytes);
    assert_int_equal(vv_file_read(out, pool, &b, NULL), VV_OK);
    assert_memory_equal(b.volume.data, a.volume.data, a.volume.bytes);
    vv_file_close(&a);
    vv_file_close(&b);
    made_free(&f);
}

static void spm_origin(void **state)
{
    (void)state;
    for (int words_there = 0; words_there < 3; words_there++) {
        made_spec s = made_default();
        char path[512], out[600];
        vv_read_result r;
        size_t n;
        s.version = 0;
        s.pair = true;
        s.big = true;
        made_file f = made_build(&s);
        for (int i = 0; i < 3; i++)
            made_put(f.header + 253 + 2 * i, (uint64_t)(i + 1), 2, true);
        if (words_there == 1)
            memcpy(f.header + 253, "Dr. Doe   ", 10);
        if (words_there == 2)
            memcpy(f.header + 253, "\xc4r", 2); /* a negative number, and two in the image */
        made_save_as(&f, folder, "spm", false, path);
        assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
        assert_int_equal(r.has_text, words_there > 0);
        snprintf(out, sizeof out, "%s/spm_out%d.hdr", folder, words_there);
        write_to(&r, out, false);
        uint8_t *bytes = made_load(out, &n);
        if (words_there)
            assert_memory_equal(bytes + 253, "\0\0\0\0\0\0\0\0\0\0", 10);
        else
            assert_memory_equal(bytes + 253, f.header + 253, 10);
        free(bytes);
        vv_file_close(&r);
        made_free(&f);
    }
}

static void mask_file(void **state)
{
    (void)state;
    made_spec s = made_default();
    char path[512], out[600];
    vv_read_result r, m;
    uint8_t mask[7 * 5 * 3];
    for (size_t i = 0; i < sizeof mask; i++)
        mask[i] = i % 3 == 0;
    s.ndim = 4;
    s.dim[3] = 2;
    made_file f = made_build(&s);
    made_save_as(&f, folder, "masked", false, path);
    snprintf(out, sizeof out, "%s/mask.nii.gz", folder);
    assert_int_equal(vv_file_read(path, pool, &r, NULL), VV_OK);
    assert_int_equal(vv_file_write_mask(out, &r.volume, mask, false, pool, NULL), VV_OK);
    assert_int_equal(vv_file_write_mask(out, &r.volume, mask, false, pool, NULL), VV_E_USAGE);
    assert_int_equal(vv_file_write_mask(out, &r.volume, mask, true, pool, NULL), VV_OK);
    assert_int_equal(vv_file_read(out, pool, &m, NULL), VV_OK);
    assert_int_equal(m.volume.dtype, VV_DT_U8);
    assert_int_equal(m.volume.frames, 1);
    assert_memory_equal(m.volume.data, mask, sizeof mask);
    assert_memory_equal(m.volume.affine, r.volume.affine, sizeof m.volume.affine);
    vv_file_close(&r);
    vv_file_close(&m);
    made_free(&f);
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
        cmocka_unit_test(every_type_order_and_container),
        cmocka_unit_test(dimensions),
        cmocka_unit_test(scaling),
        cmocka_unit_test(orientations),
        cmocka_unit_test(quaternion),
        cmocka_unit_test(units),
        cmocka_unit_test(other_container),
        cmocka_unit_test(nearest_half),
        cmocka_unit_test(rounded_offset),
        cmocka_unit_test(spm_origin),
        cmocka_unit_test(mask_file),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
