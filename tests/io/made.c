#include "made.h"
#include "test.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

made_spec made_default(void)
{
    return (made_spec){.version = 1,
                       .datatype = 4,
                       .voxel_bytes = 2,
                       .unit = 2,
                       .ndim = 3,
                       .dim = {7, 5, 3, 1, 1, 1, 1},
                       .spacing = {1.5f, 2, 2.5f},
                       .slope = 1,
                       .sform_code = 1};
}

void made_put(uint8_t *at, uint64_t value, int bytes, bool big)
{
    for (int i = 0; i < bytes; i++)
        at[big ? bytes - 1 - i : i] = (uint8_t)(value >> (8 * i));
}

void made_put_float(uint8_t *at, float value, bool big)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    made_put(at, bits, 4, big);
}

void made_put_double(uint8_t *at, double value, bool big)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    made_put(at, bits, 8, big);
}

/* The words, and the field filled to its last byte. */
static void text(uint8_t *at, size_t n, const char *words)
{
    size_t m = strlen(words);
    memset(at, '.', n);
    memcpy(at, words, m < n ? m : n);
}

static void header_1(const made_spec *s, uint8_t *h, size_t data_at)
{
    bool big = s->big;
    made_put(h, 348, 4, big);
    h[38] = 'r';
    made_put(h + 40, (uint64_t)s->ndim, 2, big);
    for (int i = 0; i < 7; i++)
        made_put(h + 42 + 2 * i, (uint64_t)s->dim[i], 2, big);
    made_put(h + 70, (uint64_t)s->datatype, 2, big);
    made_put(h + 72, (uint64_t)s->voxel_bytes * 8, 2, big);
    made_put_float(h + 76, 1, big);
    for (int i = 0; i < 7; i++)
        made_put_float(h + 80 + 4 * i, i < 3 ? s->spacing[i] : 1, big);
    made_put_float(h + 108, s->pair ? 0 : (float)data_at, big);
    if (s->version == 0)
        made_put(h + 140, 255, 4, big); /* glmax: must survive */
    if (s->with & MADE_TEXT) {
        text(h + 4, 10, "DOE^JANE01");
        text(h + 14, 18, "hospital number 17");
        text(h + 148, 80, "Doe^Jane 1950-01-01");
        text(h + 228, 24, "jane.doe");
    }
    if (s->version == 0) {
        if (s->with & MADE_TEXT)
            text(h + 263, 53, "2001-02-03DOE       MRN123456 ");
        return;
    }
    if (s->with & MADE_TEXT)
        text(h + 328, 16, "jane");
    made_put_float(h + 112, s->slope, big);
    made_put_float(h + 116, s->inter, big);
    h[123] = 2; /* mm */
    made_put(h + 252, (uint64_t)s->qform_code, 2, big);
    made_put(h + 254, (uint64_t)s->sform_code, 2, big);
    for (int i = 0; i < 3; i++) {
        if (s->qform_code)
            made_put_float(h + 268 + 4 * i, (float)(-10 * i), big);
        if (!s->sform_code)
            continue;
        made_put_float(h + 280 + 16 * i + 4 * i, s->spacing[i], big);
        made_put_float(h + 280 + 16 * i + 12, (float)(-10 * i), big);
    }
    memcpy(h + 344, s->pair ? "ni1" : "n+1", 4);
}

static void header_2(const made_spec *s, uint8_t *h, size_t data_at)
{
    bool big = s->big;
    made_put(h, 540, 4, big);
    memcpy(h + 4, s->pair ? "ni2\0\r\n\032\n" : "n+2\0\r\n\032\n", 8);
    made_put(h + 12, (uint64_t)s->datatype, 2, big);
    made_put(h + 14, (uint64_t)s->voxel_bytes * 8, 2, big);
    made_put(h + 16, (uint64_t)s->ndim, 8, big);
    for (int i = 0; i < 7; i++)
        made_put(h + 24 + 8 * i, (uint64_t)s->dim[i], 8, big);
    made_put_double(h + 104, 1, big);
    for (int i = 0; i < 7; i++)
        made_put_double(h + 112 + 8 * i, i < 3 ? s->spacing[i] : 1, big);
    made_put(h + 168, s->pair ? 0 : data_at, 8, big);
    made_put_double(h + 176, s->slope, big);
    made_put_double(h + 184, s->inter, big);
    if (s->with & MADE_TEXT) {
        text(h + 240, 80, "Doe^Jane 1950-01-01");
        text(h + 320, 24, "jane.doe");
        text(h + 508, 16, "jane");
        text(h + 525, 15, "MRN123456");
    }
    made_put(h + 344, (uint64_t)s->qform_code, 4, big);
    made_put(h + 348, (uint64_t)s->sform_code, 4, big);
    for (int i = 0; i < 3; i++) {
        if (s->qform_code)
            made_put_double(h + 376 + 8 * i, -10 * i, big);
        if (!s->sform_code)
            continue;
        made_put_double(h + 400 + 32 * i + 8 * i, s->spacing[i], big);
        made_put_double(h + 400 + 32 * i + 24, -10 * i, big);
    }
    made_put(h + 500, 2, 4, big);
}

made_file made_build(const made_spec *s)
{
    made_file f = {0};
    size_t header = s->version == 2 ? 540 : 348, extender = s->version ? 4 : 0;
    size_t extension = s->version && (s->with & MADE_EXTENSION) ? 32 : 0;
    size_t front = header + extender + extension;
    f.data_bytes = (size_t)s->voxel_bytes;
    for (int i = 0; i < s->ndim; i++)
        f.data_bytes *= (size_t)s->dim[i];
    f.data_at = s->pair ? 0 : front;
    f.header_bytes = front + (s->pair ? 0 : f.data_bytes);
    f.header = calloc(f.header_bytes, 1);
    f.image_bytes = s->pair ? f.data_bytes : 0;
    f.image = s->pair ? calloc(f.image_bytes, 1) : NULL;
    assert_non_null(f.header);
    if (s->version == 2)
        header_2(s, f.header, front);
    else
        header_1(s, f.header, front);
    if (extension) {
        f.header[header] = 1;
        made_put(f.header + header + 4, 32, 4, s->big);
        made_put(f.header + header + 8, 6, 4, s->big);
        text(f.header + header + 12, 20, "comment: Doe^Jane");
    }
    uint8_t *voxels = s->pair ? f.image : f.header + front;
    for (size_t i = 0; i < f.data_bytes; i++)
        voxels[i] = (uint8_t)(i * 131 + (i >> 8) * 17 + 5);
    return f;
}

void made_free(made_file *f)
{
    free(f->header);
    free(f->image);
    memset(f, 0, sizeof *f);
}

const uint8_t *made_voxels(const made_file *f)
{
    return f->image ? f->image : f->header + f->data_at;
}

void made_save(const char *path, const void *bytes, size_t n)
{
    size_t length = strlen(path);
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0) {
        gzFile g = gzopen(path, "wb6");
        assert_non_null(g);
        assert_int_equal(n == 0 ? 0 : gzwrite(g, bytes, (unsigned)n), (int)n);
        assert_int_equal(gzclose(g), Z_OK);
        return;
    }
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

uint8_t *made_load(const char *path, size_t *n)
{
    gzFile g = gzopen(path, "rb"); /* gives plain files as they are */
    assert_non_null(g);
    size_t room = 1 << 16;
    uint8_t *bytes = malloc(room);
    assert_non_null(bytes);
    *n = 0;
    for (;;) {
        int got = gzread(g, bytes + *n, (unsigned)(room - *n));
        assert_true(got >= 0);
        if (got == 0)
            break;
        *n += (size_t)got;
        if (*n == room) {
            room *= 2;
            bytes = realloc(bytes, room);
            assert_non_null(bytes);
        }
    }
    assert_int_equal(gzclose(g), Z_OK);
    return bytes;
}

void made_save_as(const made_file *f, const char *dir, const char *stem, bool gzip, char path[512])
{
    char image[512];
    const char *gz = gzip ? ".gz" : "";
    snprintf(path, 512, "%s/%s%s%s", dir, stem, f->image ? ".hdr" : ".nii", gz);
    made_save(path, f->header, f->header_bytes);
    if (f->image) {
        snprintf(image, sizeof image, "%s/%s.img%s", dir, stem, gz);
        made_save(image, f->image, f->image_bytes);
    }
}

char *made_folder(char path[512])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(path, 512, "%s/voxveil-test-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(path));
    return path;
}

static void each_entry(const char *path, int *count, bool remove_them)
{
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        ++*count;
        char name[1024];
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        struct stat st;
        if (remove_them && lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
            made_remove_folder(name);
        else if (remove_them)
            unlink(name);
    }
    closedir(d);
}

void made_remove_folder(const char *path)
{
    int count = 0;
    each_entry(path, &count, true);
    rmdir(path);
}

int made_count(const char *path)
{
    int count = 0;
    each_entry(path, &count, false);
    return count;
}
