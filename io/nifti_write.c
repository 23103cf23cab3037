#include "nifti.h"
#include "alloc.h"
#include "gzip.h"
#include "path.h"
#include "swap.h"
#include <string.h>

enum { ROUND = 16 }; /* nifti1.h: vox_offset is a multiple of 16 */

vv_status vv_nifti_files(const char *path, char *out[2], vv_err *err)
{
    vv_nifti_name name = vv_nifti_parse_name(path);
    out[0] = out[1] = NULL;
    if (name.suffix == 0)
        return vv_fail(err, VV_E_USAGE, "output",
                       "the output must end in .nii, .nii.gz, .hdr or .img (or .hdr.gz, .img.gz)");
    if (!name.pair) {
        out[0] = vv_path_resuffix(path, 0, "");
    } else {
        out[0] = name.image ? vv_path_resuffix(path, name.suffix, name.gzip ? ".hdr.gz" : ".hdr")
                            : vv_path_resuffix(path, 0, "");
        out[1] = name.image ? vv_path_resuffix(path, 0, "")
                            : vv_path_resuffix(path, name.suffix, name.gzip ? ".img.gz" : ".img");
    }
    if (out[0] && (out[1] || !name.pair))
        return VV_OK;
    vv_free(out[0]);
    vv_free(out[1]);
    out[0] = out[1] = NULL;
    return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
}

vv_status vv_nifti_container(int version, const char *path, vv_err *err)
{
    vv_nifti_name name = vv_nifti_parse_name(path);
    if (version == 0 && name.suffix > 0 && !name.pair)
        return vv_fail(err, VV_E_USAGE, "output",
                       "an ANALYZE image is a pair of files; end the output in .hdr or .img");
    return VV_OK;
}

/* Bytes to write after the header and before the voxels (or at the end of a .hdr). */
static size_t extra_size(const vv_nifti_meta *m, const vv_write_options *opt, bool single)
{
    if (m->version == 0)
        return 0;
    size_t n = VV_EXTENDER;
    if (opt->keep_extensions && m->extra_bytes > n)
        n = m->extra_bytes;
    if (single && !m->single) /* in a single file the place of the voxels is rounded; in the same container it stays */
        n = (m->header_bytes + n + ROUND - 1) / ROUND * ROUND - m->header_bytes;
    if (!single && !m->single && m->extra_bytes < VV_EXTENDER)
        n = 0;
    return n;
}

static void put(uint8_t *at, const void *value, size_t bytes, bool swapped)
{
    vv_swap_copy(at, value, bytes, swapped ? (int)bytes : 1);
}

/* The container is the only thing that may differ from the input: its magic, and where the voxels are. */
static void set_container(uint8_t *header, const vv_nifti_meta *m, bool single, size_t data_at)
{
    if (m->version == 2) {
        int64_t at = single ? (int64_t)data_at : 0;
        header[4 + 1] = single ? '+' : 'i';
        put(header + 168, &at, sizeof at, m->swapped);
        return;
    }
    if (m->version == 1)
        header[344 + 1] = single ? '+' : 'i';
    float at = single ? (float)data_at : 0;
    put(header + 108, &at, sizeof at, m->swapped);
}

static vv_status write_files(const vv_nifti_name *name, char *files[2], const vv_part *front, const vv_part *voxels,
                             int level, vv_pool *pool, vv_pending *p, vv_err *err)
{
    vv_part single[2] = {*front, *voxels};
    const vv_part *parts[2] = {name->pair ? front : single, voxels};
    vv_status status = VV_OK;
    for (int i = 0; i < 2 && files[i] && status == VV_OK; i++) {
        int count = name->pair ? 1 : 2;
        status = vv_pending_add(p, files[i], err);
        if (status != VV_OK)
            break;
        status =
            name->gzip ? vv_parts_gzip(p, parts[i], count, level, pool, err) : vv_parts_write(p, parts[i], count, err);
    }
    return status;
}

vv_status vv_nifti_write(const char *path, const vv_read_result *r, const vv_write_options *opt, vv_pool *pool,
                         vv_pending *p, vv_err *err)
{
    const vv_nifti_meta *m = (const vv_nifti_meta *)r->meta;
    vv_nifti_name name = vv_nifti_parse_name(path);
    vv_status status = vv_nifti_container(m->version, path, err);
    if (status != VV_OK)
        return status;
    char *files[2];
    status = vv_nifti_files(path, files, err);
    if (status != VV_OK)
        return status;
    size_t extra = extra_size(m, opt, !name.pair);
    vv_part front = {.bytes = m->header_bytes + extra, .swap = 1};
    vv_part voxels = {r->volume.data, r->volume.bytes, m->swapped ? vv_swap_unit(r->volume.dtype) : 1};
    uint8_t *bytes = vv_calloc(front.bytes, 1);
    if (bytes) {
        memcpy(bytes, m->header, m->header_bytes);
        if (opt->keep_extensions && m->extra && extra > 0)
            memcpy(bytes + m->header_bytes, m->extra, m->extra_bytes < extra ? m->extra_bytes : extra);
        if (!opt->keep_text)
            vv_nifti_clear_text(bytes, m->version, m->swapped);
        set_container(bytes, m, !name.pair, front.bytes);
        front.data = bytes;
        p->text_left =
            vv_nifti_has_text(bytes, m->version, m->swapped) + vv_nifti_has_extra(bytes + m->header_bytes, extra);
        status = write_files(&name, files, &front, &voxels, opt->gzip_level, pool, p, err);
    } else {
        status = vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    }
    vv_free(bytes);
    vv_free(files[0]);
    vv_free(files[1]);
    return status;
}
