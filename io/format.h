/* format.h - the table of file formats. A new format is one file here and one line in the table. */
#ifndef VV_FORMAT_H
#define VV_FORMAT_H
#include "pool.h"
#include "volume.h"

/* What was in the file beside the voxels; belongs to the format. */
typedef struct vv_file_meta vv_file_meta;

typedef struct vv_read_result {
    vv_volume volume; /* data owned here; released by vv_file_close */
    vv_file_meta *meta;
    const char *format;  /* "nifti1", "nifti2", "analyze75", "dicom" */
    const char *written; /* the format it is written in: the same, but for "dicom", of which comes "nifti1" */
    char sha256[65];     /* of the input file's bytes as they are on disk (hdr then img for a pair; of a DICOM series all
                          * its files in the order of their names) */
    int64_t all_dims[7]; /* as stored, 0-filled past ndim */
    int ndim;
    bool has_text; /* free-text fields hold something */
    bool has_extensions;
} vv_read_result;

typedef struct vv_write_options {
    bool keep_text, keep_extensions, force;
    int gzip_level; /* 0: default */
} vv_write_options;

/* By content, not by name; a folder is a DICOM series. VV_E_REFUSED: not an image this build knows, or broken. VV_E_RESOURCE: cannot be read now.
 */
VV_NODISCARD vv_status vv_file_read(const char *path, vv_pool *pool, vv_read_result *out, vv_err *err);
void vv_file_close(vv_read_result *r);

/* Refuses (VV_E_USAGE) what can be known to be wrong about OUT before work starts: it exists (without force), is IN,
 * is a folder, its folder is missing or not writable, or its extension fits no format that can hold this input. */
VV_NODISCARD vv_status vv_file_check_out(const char *in, const char *out, bool force, vv_err *err);

/* Refuses (VV_E_USAGE) a `path` that names the file `other`, or its other half where both end in .hdr or .img: the same
 * file under any name, or the same name in the same folder, also when there is no file yet. `what`: err's where. */
VV_NODISCARD vv_status vv_file_check_apart(const char *path, const char *other, const char *what, vv_err *err);

/* Writes r's volume (dtype, scaling, geometry, byte order as read) into temporary files beside `path`; nothing is at
 * `path` until vv_file_commit renames (atomically; for a pair .img first, then .hdr). vv_file_discard removes them. */
typedef struct vv_pending vv_pending;
VV_NODISCARD vv_status vv_file_write(const char *path, const vv_read_result *r, const vv_write_options *opt,
                                     vv_pool *pool, vv_pending **out, vv_err *err);
const char *vv_pending_sha256(const vv_pending *p);
uint64_t vv_pending_bytes(const vv_pending *p);
/* 1 where free-text fields of the header hold anything plus 1 where extensions follow it, told from the header bytes
 * that were written (not from the options): the engine's gate on header text. */
int vv_pending_text_left(const vv_pending *p);
VV_NODISCARD vv_status vv_file_commit(vv_pending **p, bool force, vv_err *err);
/* Renames the pending file(s) into `dir` (made if missing, mode 0700) under the output's base name. */
VV_NODISCARD vv_status vv_file_quarantine(vv_pending **p, const char *dir, vv_err *err);
void vv_file_discard(vv_pending **p);

/* A uint8 NIfTI-1 on the grid of `v` (0/1 mask), .nii or .nii.gz by name, atomic like the rest. */
VV_NODISCARD vv_status vv_file_write_mask(const char *path, const vv_volume *v, const uint8_t *mask, bool force,
                                          vv_pool *pool, vv_err *err);
/* 8-bit grey or RGB PNG through libpng; rows top to bottom. channels 1 or 3. Atomic. */
VV_NODISCARD vv_status vv_png_write(const char *path, const uint8_t *pixels, int width, int height, int channels,
                                    bool force, vv_err *err);
/* The same of 8-bit grey into memory, the caller's, released with vv_free. */
VV_NODISCARD vv_status vv_png_encode(const uint8_t *pixels, int width, int height, uint8_t **out, size_t *bytes,
                                     vv_err *err);
#endif
