/* nii.h - uncompressed NIfTI-1 of either byte order, read without the code under test. */
#ifndef TEST_NII_H
#define TEST_NII_H
#include <stddef.h>
#include <stdint.h>

typedef struct nii {
    uint8_t *bytes; /* the whole file */
    size_t size, voxels, frames, voxel_bytes, offset;
} nii;

/* A 16-bit number of the header or the voxels. */
unsigned nii_u16(const nii *m, size_t at);
/* 0, and a line on standard error, where it is none. Never freed: each program ends with it. */
int nii_load(const char *path, nii *m);
#endif
