#include "format.h"
#include "alloc.h"
#include "dicom_read.h"
#include "nifti.h"
#include "path.h"
#include "table.h"
#include "unpack.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const vv_format *const formats[] = {
    &vv_format_nifti,
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static vv_status read_source(const char *path, const vv_source *source, vv_pool *pool, vv_read_result *out, vv_err *err)
{
    uint8_t start[VV_START];
    size_t got;
    vv_status status = vv_peek(source, start, sizeof start, &got, err);
    if (status != VV_OK)
        return status;
    for (int i = 0; i < FORMATS; i++) {
        if (formats[i]->claims(path, start, got))
            return formats[i]->read(path, source, pool, out, err);
    }
    return vv_fail(err, VV_E_REFUSED, "input", "not an image format this build knows");
}

vv_status vv_file_read(const char *path, vv_pool *pool, vv_read_result *out, vv_err *err)
{
    memset(out, 0, sizeof *out);
    vv_source source;
    vv_status status;
    if (vv_dicom_is(path)) {
        status = vv_dicom_read(path, out, err);
    } else {
        status = vv_source_open(path, &source, err);
        if (status != VV_OK)
            return status;
        status = read_source(path, &source, pool, out, err);
        vv_source_close(&source);
    }
    if (status != VV_OK)
        vv_file_close(out);
    return status;
}

void vv_file_close(vv_read_result *r)
{
    if (r->meta)
        r->meta->format->close(r->meta);
    memset(r, 0, sizeof *r);
}

/* The files that `path` stands for (one, or both of a pair), by its extension. */
static vv_status files_of(const char *path, char *files[2], vv_err *err)
{
    vv_status status = VV_E_USAGE;
    for (int i = 0; i < FORMATS && status == VV_E_USAGE; i++)
        status = formats[i]->files(path, files, err);
    return status;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static vv_status check_file(const char *const in[3], const char *out, bool force, vv_err *err)
{
    for (int i = 0; i < 3; i++) {
        if (in[i] && same_file(in[i], out))
            return vv_fail(err, VV_E_USAGE, "output", "the output is the input; name another output");
    }
    struct stat st;
    if (lstat(out, &st) != 0)
        return VV_OK;
    if (S_ISDIR(st.st_mode))
        return vv_fail(err, VV_E_USAGE, "output", "the output is a folder; name a file in it");
    if (!vv_sink_may_replace(out))
        return vv_fail(err, VV_E_USAGE, "output", "the output is a pipe or a device; name a file");
    if (!force)
        return vv_fail(err, VV_E_USAGE, "output",
                       "the output exists already; remove it or ask to replace it (--force)");
    return VV_OK;
}

static vv_status check_folder(const char *out, vv_err *err)
{
    char *dir = vv_path_dir(out);
    if (!dir)
        return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    struct stat st;
    vv_status status = VV_OK;
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
        status = vv_fail(err, VV_E_USAGE, "output", "the output's folder does not exist; make it first");
    else if (access(dir, W_OK | X_OK) != 0)
        status = vv_fail(err, VV_E_USAGE, "output", "the output's folder is not writable; choose another or change it");
    vv_free(dir);
    return status;
}

vv_status vv_file_check_out(const char *in, const char *out, bool force, vv_err *err)
{
    char *ins[2] = {NULL, NULL}, *outs[2] = {NULL, NULL};
    vv_status status = files_of(out, outs, err);
    if (status == VV_E_USAGE && vv_dicom_is(in))
        status = vv_fail(err, VV_E_USAGE, "output",
                         "DICOM is not written yet: its data set would carry the identity on; name a .nii.gz output");
    /* An input with an unknown extension is only itself. */
    if (status == VV_OK && files_of(in, ins, NULL) == VV_E_RESOURCE)
        status = vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    for (int i = 0; i < FORMATS && status == VV_OK; i++)
        status = formats[i]->fits(in, out, err);
    const char *const all_in[3] = {in, ins[0], ins[1]};
    for (int i = 0; i < 2 && outs[i] && status == VV_OK; i++)
        status = check_file(all_in, outs[i], force, err);
    if (status == VV_OK)
        status = check_folder(out, err);
    for (int i = 0; i < 2; i++) {
        vv_free(ins[i]);
        vv_free(outs[i]);
    }
    return status;
}

vv_status vv_file_write(const char *path, const vv_read_result *r, const vv_write_options *opt, vv_pool *pool,
                        vv_pending **out, vv_err *err)
{
    *out = NULL;
    if (opt->gzip_level < 0 || opt->gzip_level > 9)
        return vv_fail(err, VV_E_USAGE, "gzip", "the level must be 1 to 9, or 0 for the default");
    vv_pending *p = vv_pending_new();
    if (!p)
        return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    vv_status status = r->meta->format->write(path, r, opt, pool, p, err);
    if (status != VV_OK) {
        vv_file_discard(&p);
        return status;
    }
    vv_pending_end(p);
    *out = p;
    return VV_OK;
}

vv_status vv_file_write_mask(const char *path, const vv_volume *v, const uint8_t *mask, bool force, vv_pool *pool,
                             vv_err *err)
{
    static const vv_write_options plain = {0};
    vv_read_result r;
    vv_status status = vv_nifti_new_mask(v, &r, err);
    if (status != VV_OK)
        return status;
    r.volume.data = (void *)(uintptr_t)mask; /* only read from */
    vv_pending *p = NULL;
    status = vv_file_write(path, &r, &plain, pool, &p, err);
    if (status == VV_OK)
        status = vv_file_commit(&p, force, err);
    vv_file_close(&r);
    return status;
}
