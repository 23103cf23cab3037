/* made.h - NIfTI and ANALYZE files put together byte by byte, without the code under test. */
#ifndef MADE_H
#define MADE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MADE_HEADER_MAX = 540, MADE_TEXT = 1, MADE_EXTENSION = 2 };

typedef struct made_spec {
    int version;    /* 0 ANALYZE 7.5, 1 NIfTI-1, 2 NIfTI-2 */
    bool big, pair; /* byte order; .hdr and .img */
    int datatype;   /* as in nifti1.h */
    int voxel_bytes;
    int unit;         /* bytes of one number in a voxel: 1 for colours */
    int ndim, dim[7]; /* dims 1.. */
    float spacing[3];
    float slope, inter;
    int sform_code, qform_code;
    unsigned with; /* MADE_TEXT, MADE_EXTENSION */
} made_spec;

/* A small int16 NIfTI-1 volume with an oblique-free sform; change what the test is about. */
made_spec made_default(void);

typedef struct made_file {
    uint8_t *header; /* a single file: everything */
    size_t header_bytes;
    uint8_t *image; /* a pair's .img; NULL for a single file */
    size_t image_bytes;
    size_t data_at; /* of the voxels, in the file that holds them */
    size_t data_bytes;
} made_file;

made_file made_build(const made_spec *s);
void made_free(made_file *f);
const uint8_t *made_voxels(const made_file *f);
/* Numbers into a header, in the file's byte order. */
void made_put(uint8_t *at, uint64_t value, int bytes, bool big);
void made_put_float(uint8_t *at, float value, bool big);
void made_put_double(uint8_t *at, double value, bool big);

/* Writes bytes to a file, gzipped by zlib where the name ends in .gz. Reads a whole file, gunzipped by zlib where it is
 * gzip. Both end the test on failure. The result of made_load is freed with free. */
void made_save(const char *path, const void *bytes, size_t n);
uint8_t *made_load(const char *path, size_t *n);
/* Writes `f` as `dir/stem` + ".nii" or ".hdr" and ".img", + ".gz" where gzip; path gets the (header) file's path. */
void made_save_as(const made_file *f, const char *dir, const char *stem, bool gzip, char path[512]);

/* A fresh folder, and its removal with everything in it (one level of folders). */
char *made_folder(char path[512]);
void made_remove_folder(const char *path);
/* Entries in a folder, without . and .. */
int made_count(const char *path);
#endif
