/* Writes the corpus of the NIfTI fuzzer into a folder: small good files of every kind, and each kind of bad one. */
#include "made.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char *folder;

static void save(const char *name, const uint8_t *bytes, size_t n)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        exit(1);
}

/* gzip with no time and no name, so that the files are the same on every run. */
static size_t pack(const uint8_t *bytes, size_t n, uint8_t *out, size_t room)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)n, .next_out = out, .avail_out = (uInt)room};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        exit(1);
    size_t made = z.total_out;
    deflateEnd(&z);
    return made;
}

static made_spec small(void)
{
    made_spec s = made_default();
    s.dim[0] = 4;
    s.dim[1] = 3;
    s.dim[2] = 2;
    return s;
}

/* A pair lies in one file here: the image's bytes follow the header. */
static void good(const char *name, made_spec s, int gzip)
{
    uint8_t packed[8192];
    s.pair = s.version == 0;
    made_file f = made_build(&s);
    size_t n = f.header_bytes + f.image_bytes;
    uint8_t *all = malloc(n);
    memcpy(all, f.header, f.header_bytes);
    if (f.image)
        memcpy(all + f.header_bytes, f.image, f.image_bytes);
    if (gzip)
        save(name, packed, pack(all, n, packed, sizeof packed));
    else
        save(name, all, n);
    free(all);
    made_free(&f);
}

static void good_files(void)
{
    static const struct {
        int nifti, bytes, unit;
    } types[] = {{2, 1, 1},    {256, 1, 1}, {512, 2, 2}, {4, 2, 2},      {768, 4, 4}, {8, 4, 4},   {1280, 8, 8},
                 {1024, 8, 8}, {16, 4, 4},  {64, 8, 8},  {1536, 16, 16}, {128, 3, 1}, {2304, 4, 1}};
    static const int analyze[] = {2, 4, 8, 16, 64, 128};
    char name[64];
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        made_spec s = small();
        s.datatype = types[t].nifti;
        s.voxel_bytes = types[t].bytes;
        s.unit = types[t].unit;
        s.version = 1 + (int)t % 2;
        s.big = t % 3 == 0;
        s.with = (unsigned)t % 4;
        snprintf(name, sizeof name, "ok-nifti%d-type%d", s.version, s.datatype);
        good(name, s, t % 5 == 0);
        for (size_t a = 0; a < sizeof analyze / sizeof analyze[0]; a++) {
            if (analyze[a] != types[t].nifti)
                continue;
            s.version = 0;
            snprintf(name, sizeof name, "ok-analyze-type%d", s.datatype);
            good(name, s, 0);
        }
    }
    made_spec s = small();
    s.ndim = 7;
    for (int i = 3; i < 7; i++)
        s.dim[i] = 2;
    good("ok-7d", s, 1);
    s = small();
    s.ndim = 2;
    good("ok-2d", s, 0);
    s = small();
    s.sform_code = 0;
    good("ok-no-affine", s, 0);
    s.qform_code = 1;
    good("ok-qform", s, 0);
}

/* One field of a good header replaced. */
static void bad(const char *name, int version, int at, int bytes, uint64_t value, int gzip)
{
    uint8_t packed[4096];
    made_spec s = small();
    s.version = version;
    made_file f = made_build(&s);
    made_put(f.header + at, value, bytes, false);
    if (gzip)
        save(name, packed, pack(f.header, f.header_bytes, packed, sizeof packed));
    else
        save(name, f.header, f.header_bytes);
    made_free(&f);
}

static void bad_fields(void)
{
    const uint64_t nan = 0x7fc00000u;
    bad("bad-size", 1, 0, 4, 347, 0);
    bad("bad-magic", 1, 344, 4, 0x58585858, 0);
    bad("bad-magic-2", 2, 8, 4, 0x0a0a0a0a, 0);
    bad("bad-ndim-0", 1, 40, 2, 0, 0);
    bad("bad-ndim-8", 1, 40, 2, 8, 0);
    bad("bad-nx-0", 1, 42, 2, 0, 0);
    bad("bad-ny-negative", 1, 44, 2, 0xffff, 0);
    bad("bad-longer-than-file", 1, 46, 2, 3, 0);
    bad("bad-huge", 1, 46, 2, 32767, 1);
    bad("bad-overflow-2", 2, 32, 8, (uint64_t)1 << 62, 0);
    bad("bad-complex", 1, 70, 2, 32, 0);
    bad("bad-binary", 1, 70, 2, 1, 0);
    bad("bad-type", 1, 70, 2, 255, 0);
    bad("bad-spacing-0", 1, 80, 4, 0, 0);
    bad("bad-spacing-negative", 1, 84, 4, 0xbf800000u, 0);
    bad("bad-spacing-nan", 1, 88, 4, nan, 1);
    bad("bad-offset-in-header", 1, 108, 4, 0x43480000u, 0);
    bad("bad-offset-nan", 1, 108, 4, nan, 0);
    bad("bad-offset-past-end", 1, 108, 4, 0x4b000000u, 0);
    bad("bad-offset-2-negative", 2, 168, 8, UINT64_MAX, 0);
    bad("bad-affine-nan", 1, 280, 4, nan, 0);
    bad("bad-affine-empty", 1, 280, 4, 0, 0);
}

static void bad_lengths(void)
{
    uint8_t packed[4096], both[8192];
    made_spec s = small();
    made_file f = made_build(&s);
    size_t n = pack(f.header, f.header_bytes, packed, sizeof packed);
    save("bad-empty", packed, 0);
    save("bad-header-cut", f.header, 200);
    save("bad-voxels-cut", f.header, f.header_bytes - 1);
    save("bad-gzip-head-only", packed, 10);
    save("bad-gzip-cut", packed, n - 9);
    save("bad-gzip-checksum-cut", packed, n - 1);
    packed[n - 5] ^= 1;
    save("bad-gzip-checksum", packed, n);
    packed[n - 5] ^= 1;
    packed[20] ^= 0x55;
    save("bad-gzip-bits", packed, n);
    packed[20] ^= 0x55;
    memcpy(both, packed, n);
    memcpy(both + n, packed, n);
    save("ok-gzip-two-members", both, 2 * n); /* the second is contents after the voxels */
    save("bad-gzip-second-cut", both, 2 * n - 3);
    memset(both + n, 0, 16);
    save("ok-gzip-padded", both, n + 16);
    made_free(&f);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    good_files();
    bad_fields();
    bad_lengths();
    return 0;
}
