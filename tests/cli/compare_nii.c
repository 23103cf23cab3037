/* compare_nii same A B        every voxel of A and B has the same bytes
 * compare_nii masked A B M    outside the mask M the same bytes, inside it a change in every frame, the same geometry
 * compare_nii kept A B M      inside the mask M the same bytes in every frame
 * compare_nii level A B M LO HI     inside the mask M every voxel of B (int16) lies in LO..HI
 * compare_nii gone A B X0 X1 Y0 Y1 Z0 Z1 AIR    in the box (mm of the sform) and in every frame and slice of it, what
 * was above AIR in A (int16) is not in B
 *
 * Reads uncompressed NIfTI-1 of either byte order by itself, so that it does not depend on the code under test. */
#include "nii.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what)
{
    fprintf(stderr, "compare_nii: %s\n", what);
    return 0;
}

static int same(const nii *a, const nii *b)
{
    return a->size == b->size && !memcmp(a->bytes + a->offset, b->bytes + b->offset, a->size - a->offset);
}

static int same_geometry(const nii *a, const nii *b)
{
    return !memcmp(a->bytes + 40, b->bytes + 40, 68) && !memcmp(a->bytes + 252, b->bytes + 252, 76);
}

static int masked(const nii *a, const nii *b, const nii *m)
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

static int kept(const nii *a, const nii *b, const nii *m)
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

static int value(const nii *m, size_t i)
{
    return (int16_t)nii_u16(m, m->offset + 2 * i);
}

static int level(const nii *b, const nii *m, char **bounds)
{
    int lo = atoi(bounds[0]), hi = atoi(bounds[1]);
    size_t set = 0;
    if (m->voxels != b->voxels || b->voxel_bytes != 2)
        return fail("sizes differ");
    for (size_t i = 0; i < b->voxels * b->frames; i++) {
        int in = m->bytes[m->offset + i % b->voxels] != 0;
        if (in && (value(b, i) < lo || value(b, i) > hi))
            return fail("a voxel inside the mask has another level");
        set += (size_t)in;
    }
    return set > 0 ? 1 : fail("the mask is empty");
}

static float f32(const nii *m, size_t at)
{
    uint32_t bits = nii_u16(m, at) | (uint32_t)nii_u16(m, at + 2) << 16;
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static int in_box(const nii *m, size_t i, char **box)
{
    size_t x = nii_u16(m, 42), y = nii_u16(m, 44), at[3] = {i % x, i / x % y, i / (x * y)};
    for (size_t r = 0; r < 3; r++) {
        double mm = f32(m, 280 + 16 * r + 12);
        for (size_t c = 0; c < 3; c++)
            mm += f32(m, 280 + 16 * r + 4 * c) * (double)at[c];
        if (mm < atof(box[2 * r]) || mm > atof(box[2 * r + 1]))
            return 0;
    }
    return 1;
}

/* Little-endian files. */
static int gone(const nii *a, const nii *b, char **box)
{
    int air = atoi(box[6]);
    size_t slice = (size_t)nii_u16(a, 42) * nii_u16(a, 44), had = 0, slices = 0, last = (size_t)-1;
    if (a->size != b->size || a->voxel_bytes != 2)
        return fail("sizes differ");
    for (size_t i = 0; i < a->voxels * a->frames; i++) {
        if (value(a, i) <= air || !in_box(a, i % a->voxels, box))
            continue;
        if (value(b, i) > air)
            return fail("something is left in the box");
        had++;
        slices += i / slice != last;
        last = i / slice;
    }
    printf("%zu voxels in %zu slices\n", had, slices);
    return had > 0 ? 1 : fail("there was nothing in the box");
}

int main(int argc, char **argv)
{
    nii a = {0}, b = {0}, m = {0};
    int ok = argc >= 4 && nii_load(argv[2], &a) && nii_load(argv[3], &b);
    if (ok && !strcmp(argv[1], "masked"))
        ok = argc == 5 && nii_load(argv[4], &m) && masked(&a, &b, &m);
    else if (ok && !strcmp(argv[1], "kept"))
        ok = argc == 5 && nii_load(argv[4], &m) && kept(&a, &b, &m);
    else if (ok && !strcmp(argv[1], "level"))
        ok = argc == 7 && nii_load(argv[4], &m) && level(&b, &m, argv + 5);
    else if (ok && !strcmp(argv[1], "gone"))
        ok = argc == 11 && gone(&a, &b, argv + 4);
    else if (ok)
        ok = same(&a, &b) || fail("voxels differ");
    free(a.bytes);
    free(b.bytes);
    free(m.bytes);
    return !ok;
}
