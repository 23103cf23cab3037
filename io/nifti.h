/* nifti.h - what the NIfTI files share: the header in its three versions, byte order, pairs. */
#ifndef VV_NIFTI_H
#define VV_NIFTI_H
#include "source.h"
#include "table.h"
#include "volume.h"

enum { VV_N1_BYTES = 348, VV_N2_BYTES = 540, VV_EXTENDER = 4 };

/* The header's fields in this machine's byte order, as stored: not yet judged. */
typedef struct vv_nifti_head {
    int version;  /* 0 ANALYZE 7.5, 1 NIfTI-1, 2 NIfTI-2 */
    bool single;  /* header and voxels in one file (magic n+1, n+2) */
    bool swapped; /* the file's byte order is not this machine's */
    int64_t dim[8];
    int datatype;
    double pixdim[8];
    double vox_offset, slope, inter;
    int units; /* xyzt_units */
    int qform_code, sform_code;
    double quatern[3], qoffset[3], srow[12];
    int orient; /* ANALYZE */
} vv_nifti_head;

/* What a NIfTI file was, beside its voxels. */
typedef struct vv_nifti_meta {
    struct vv_file_meta base;
    uint8_t header[VV_N2_BYTES]; /* as in the file */
    size_t header_bytes;
    int version;
    bool single, swapped;
    uint8_t
        *extra; /* owned: what lay between the header and the voxels (from the extender on), or followed it in a .hdr */
    size_t extra_bytes;
    uint8_t *block; /* owned: the memory that volume.data points into */
} vv_nifti_meta;

/* 348 or 540 for the version. */
size_t vv_nifti_header_bytes(int version);
/* The fields of a header (bytes[n], at least 348 or 540). VV_E_REFUSED: not a header of any version. */
VV_NODISCARD vv_status vv_nifti_parse(const uint8_t *bytes, size_t n, vv_nifti_head *h, vv_err *err);
/* Fills v's dims, frames, dtype, scaling, affine, spacing and bytes from the header. VV_E_REFUSED with the reason:
 * dims, type, spacing or affine that cannot be used. */
VV_NODISCARD vv_status vv_nifti_shape(const vv_nifti_head *h, vv_volume *v, vv_err *err);

/* Whether a header (as in the file, and good for vv_nifti_shape) holds words: in its free-text fields, or as numbers
 * that cannot be meant; and cleaning both. */
bool vv_nifti_has_text(const uint8_t *header, int version, bool swapped);
void vv_nifti_clear_text(uint8_t *header, int version, bool swapped);
/* Takes out of a header the numbers that are out of use and those that cannot be meant (0, or what a reader takes them
 * for, instead). Tells whether there were any that cannot be meant. */
bool vv_nifti_clean_numbers(uint8_t *header, int version, bool swapped);
/* Whether anything stands after the header: extensions, announced by the extender or not. */
bool vv_nifti_has_extra(const uint8_t *extra, size_t bytes);

/* Reads header and voxels; `image` is NULL where the header's own file must hold them. *out is zero on entry. */
VV_NODISCARD vv_status vv_nifti_read_sources(const vv_source *header, const vv_source *image, vv_pool *pool,
                                             vv_read_result *out, vv_err *err);

/* The path's NIfTI extension: its length (0: none), whether it is half of a pair, whether gzip. */
typedef struct vv_nifti_name {
    size_t suffix;          /* ".nii.gz" is 7 */
    bool pair, gzip, image; /* image: .img */
} vv_nifti_name;
vv_nifti_name vv_nifti_parse_name(const char *path);

/* VV_E_USAGE where a header of this version cannot go into the container that the path's ending names. */
VV_NODISCARD vv_status vv_nifti_container(int version, const char *path, vv_err *err);
/* The two calls of vv_format. */
vv_status vv_nifti_files(const char *path, char *out[2], vv_err *err);
vv_status vv_nifti_write(const char *path, const vv_read_result *r, const vv_write_options *opt, vv_pool *pool,
                         vv_pending *p, vv_err *err);
/* The code of a type in a header (any but VV_DT_NONE has one). */
int vv_nifti_code(vv_dtype t);
/* A NIfTI-1 header for a volume that came from another format: dims, type, scaling, spacing and, where it can be trusted,
 * the affine; nothing else. out->volume is v with the numbers as the header holds them. Takes v->data over
 * where it succeeds; after a failure vv_file_close releases what was set. VV_E_REFUSED: NIfTI-1 cannot hold it. */
VV_NODISCARD vv_status vv_nifti_new(vv_volume *v, vv_read_result *out, vv_err *err);
/* A NIfTI-1 header for one uint8 frame on v's grid, into out->meta; out->volume is v's with the type changed and no
 * data. */
VV_NODISCARD vv_status vv_nifti_new_mask(const vv_volume *v, vv_read_result *out, vv_err *err);
#endif
