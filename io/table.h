/* table.h - what a format is to the table in format.c. */
#ifndef VV_TABLE_H
#define VV_TABLE_H
#include "format.h"
#include "pending.h"
#include "source.h"

enum { VV_START = 1024 }; /* bytes of the contents a format is recognised by */

typedef struct vv_format {
    /* Whether the file is this format's: from its first bytes (gunzipped), or from its path where those say nothing. */
    bool (*claims)(const char *path, const uint8_t *start, size_t n);
    /* Reads it. *out is zero on entry; after a failure vv_file_close releases whatever was set. `source` is the file at
     * `path`, open, borrowed. */
    vv_status (*read)(const char *path, const vv_source *source, vv_pool *pool, vv_read_result *out, vv_err *err);
    /* VV_E_USAGE where `path` has no extension of this format. out[0], out[1]: the files it will be, NULL past the
     * last; release with vv_free. */
    vv_status (*files)(const char *path, char *out[2], vv_err *err);
    /* Before work starts: VV_E_USAGE where the input at `in` cannot be held by a file of out's ending. An input that
     * cannot be read is left for `read` to refuse. */
    vv_status (*fits)(const char *in, const char *out, vv_err *err);
    /* Writes r into `p` (empty, owned by the caller, who discards it after a failure). */
    vv_status (*write)(const char *path, const vv_read_result *r, const vv_write_options *opt, vv_pool *pool,
                       vv_pending *p, vv_err *err);
    void (*close)(vv_file_meta *meta);
} vv_format;

/* Every format's vv_file_meta starts with this. */
struct vv_file_meta {
    const vv_format *format;
};

extern const vv_format vv_format_nifti;
#endif
