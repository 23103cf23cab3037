#include "nii.h"
#include <stdio.h>
#include <stdlib.h>

unsigned nii_u16(const nii *m, size_t at)
{
    int big = m->bytes[0] == 0; /* 348 is 5c 01 00 00 or 00 00 01 5c */
    return big ? m->bytes[at] * 256u + m->bytes[at + 1] : m->bytes[at + 1] * 256u + m->bytes[at];
}

static int fail(const char *what)
{
    fprintf(stderr, "nii: %s\n", what);
    return 0;
}

int nii_load(const char *path, nii *m)
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
    m->voxels = (size_t)nii_u16(m, 42) * nii_u16(m, 44) * nii_u16(m, 46);
    m->frames = nii_u16(m, 40) > 3 ? nii_u16(m, 48) : 1;
    m->voxel_bytes = nii_u16(m, 72) / 8;
    return m->size == m->offset + m->voxels * m->frames * m->voxel_bytes ? 1 : fail("a file of another length");
}
