/* edit_nii paste A B M OUT    B, but the voxels of A where the mask M (uint8) is above 0
 * edit_nii fold A N OUT       the first N planes of A (int16, little endian) along y, what lies beyond them added where
 * it wraps around to, as in a field of view that is too short
 *
 * Damages files on purpose, without the code under test. */
#include "nii.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int save(const char *path, const nii *m)
{
    FILE *f = fopen(path, "wb");
    int ok = f && fwrite(m->bytes, 1, m->size, f) == m->size;
    return (!f || !fclose(f)) && ok;
}

static int paste(const nii *a, nii *b, const nii *m)
{
    if (a->size != b->size || m->voxels != a->voxels || m->voxel_bytes != 1)
        return 0;
    for (size_t i = 0; i < b->voxels * b->frames; i++) {
        size_t at = b->offset + i * b->voxel_bytes;
        if (m->bytes[m->offset + i % m->voxels])
            memcpy(b->bytes + at, a->bytes + at, b->voxel_bytes);
    }
    return 1;
}

static void add(nii *m, size_t at, unsigned value)
{
    value += nii_u16(m, at);
    m->bytes[at] = (uint8_t)value;
    m->bytes[at + 1] = (uint8_t)(value >> 8);
}

static int fold(nii *m, size_t n)
{
    size_t nx = nii_u16(m, 42), ny = nii_u16(m, 44), nz = m->voxels / nx / ny, row = nx * 2, to = m->offset;
    if (m->voxel_bytes != 2 || m->frames != 1 || n >= ny || 2 * n < ny)
        return 0;
    for (size_t z = 0; z < nz; z++) {
        size_t from = m->offset + z * ny * row;
        for (size_t i = 0; i < (ny - n) * nx; i++)
            add(m, from + 2 * i, nii_u16(m, from + n * row + 2 * i));
        memmove(m->bytes + to, m->bytes + from, n * row);
        to += n * row;
    }
    m->size = to;
    m->bytes[44] = (uint8_t)n;
    m->bytes[45] = (uint8_t)(n >> 8);
    return 1;
}

int main(int argc, char **argv)
{
    nii a, b, m;
    if (argc == 6 && !strcmp(argv[1], "paste") && nii_load(argv[2], &a) && nii_load(argv[3], &b) &&
        nii_load(argv[4], &m))
        return !(paste(&a, &b, &m) && save(argv[5], &b));
    if (argc == 5 && !strcmp(argv[1], "fold") && nii_load(argv[2], &a))
        return !(fold(&a, (size_t)atoi(argv[3])) && save(argv[4], &a));
    fprintf(stderr, "edit_nii: see the head of its source\n");
    return 2;
}
