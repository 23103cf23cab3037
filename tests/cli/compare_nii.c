/* compare_nii same A B        every voxel of A and B has the same bytes
 * compare_nii masked A B M    outside the mask M the same bytes, inside it a change in every frame, the same geometry
 * compare_nii kept A B M      inside the mask M the same bytes in every frame
 *
 * Reads uncompressed NIfTI-1 of either byte order by itself, so that it does not depend on the code under test. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct image {
    uint8_t *bytes;
    size_t size, voxels, frames, voxel_bytes, offset;
} image;

static unsigned u16(const image *m, size_t at)
{
    int big = m->bytes[0] == 0; /* 348 is 5c 01 00 00 or 00 00 01 5c */
    return big ? m->bytes[at] * 256u + m->bytes[at + 1] : m->bytes[at + 1] * 256u + m->bytes[at];
}

static int fail(const char *what)
{
    fprintf(stderr, "compare_nii: %s\n", what);
    return 0;
}

static int load(const char *path, image *m)
{
    enum { HEADER = 352, LIMIT = 1 << 28 };
    FILE *f = fopen(path, "rb");
    m->bytes = f ? malloc(LIMIT) : NULL;
    m->size = m->bytes ? fread(m->bytes, 1, LIMIT, f) : 0;
    if (f)
        fclose(f);
    if (m->size < HEADER)
        return fail("no NIfTI file");
    m->offset = HEADER;
    m->voxels = (size_t)u16(m, 42) * u16(m, 44) * u16(m, 46);
    m->frames = u16(m, 40) > 3 ? u16(m, 48) : 1;
    m->voxel_bytes = u16(m, 72) / 8;
    return m->size == m->offset + m->voxels * m->frames * m->voxel_bytes ? 1 : fail("a file of another length");
}

static int same(const image *a, const image *b)
{
    return a->size == b->size && !memcmp(a->bytes + a->offset, b->bytes + b->offset, a->size - a->offset);
}

static int same_geometry(const image *a, const image *b)
{
    return !memcmp(a->bytes + 40, b->bytes + 40, 68) && !memcmp(a->bytes + 252, b->bytes + 252, 76);
}

static int masked(const image *a, const image *b, const image *m)
{
    if (a->size != b->size || m->voxels != a->voxels || m->voxel_bytes != 1 || m->frames != 1)
        return fail("sizes differ");
    if (!same_geometry(a, b))
        return fail("the geometry differs");
    for (size_t t = 0; t < a->frames; t++) {
        size_t changed = 0;
        for (size_t i = 0; i < a->voxels; i++) {
            size_t at = a->offset + (t * a->voxels + i) * a->voxel_bytes;
            int differs = memcmp(a->bytes + at, b->bytes + at, a->voxel_bytes) != 0;
            if (differs && m->bytes[m->offset + i] != 1)
                return fail("a voxel outside the mask differs");
            changed += (size_t)differs;
        }
        if (changed == 0)
            return fail("a frame without a change");
    }
    return 1;
}

static int kept(const image *a, const image *b, const image *m)
{
    size_t set = 0;
    if (a->size != b->size || m->voxels != a->voxels || m->voxel_bytes != 1)
        return fail("sizes differ");
    for (size_t i = 0; i < a->voxels * a->frames; i++) {
        size_t at = a->offset + i * a->voxel_bytes;
        int in = m->bytes[m->offset + i % a->voxels] != 0;
        if (in && memcmp(a->bytes + at, b->bytes + at, a->voxel_bytes) != 0)
            return fail("a voxel inside the mask differs");
        set += (size_t)in;
    }
    return set > 0 ? 1 : fail("the mask is empty");
}

int main(int argc, char **argv)
{
    image a = {0}, b = {0}, m = {0};
    int ok = argc >= 4 && load(argv[2], &a) && load(argv[3], &b);
    if (ok && !strcmp(argv[1], "masked"))
        ok = argc == 5 && load(argv[4], &m) && masked(&a, &b, &m);
    else if (ok && !strcmp(argv[1], "kept"))
        ok = argc == 5 && load(argv[4], &m) && kept(&a, &b, &m);
    else if (ok)
        ok = same(&a, &b) || fail("voxels differ");
    free(a.bytes);
    free(b.bytes);
    free(m.bytes);
    return !ok;
}
