#include "nifti.h"
#include "alloc.h"
#include "path.h"
#include "swap.h"
#include "unpack.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

/* Extensions in a .hdr file are rare and small; in a single file they are bounded by the file. */
enum { HDR_FILE_MAX = 1 << 20, ALIGN = 64 };

vv_nifti_name vv_nifti_parse_name(const char *path)
{
    static const struct {
        const char *suffix;
        bool pair, gzip, image;
    } names[] = {
        {".nii", false, false, false}, {".nii.gz", false, true, false}, {".hdr", true, false, false},
        {".img", true, false, true},   {".hdr.gz", true, true, false},  {".img.gz", true, true, true},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (vv_path_has_suffix(path, names[i].suffix))
            return (vv_nifti_name){strlen(names[i].suffix), names[i].pair, names[i].gzip, names[i].image};
    }
    return (vv_nifti_name){0};
}

/* The other half of a pair: the same name with another extension, first as the half at hand is compressed. NULL with
 * *err filled: none, or no memory. */
static vv_status find_half(const char *path, bool image, char **out, vv_err *err)
{
    static const char *const images[] = {".img", ".img.gz", ".IMG", ".IMG.GZ"};
    static const char *const headers[] = {".hdr", ".hdr.gz", ".HDR", ".HDR.GZ"};
    vv_nifti_name name = vv_nifti_parse_name(path);
    *out = NULL;
    for (int i = 0; name.pair && i < 4; i++) {
        const char *suffix = (image ? images : headers)[i ^ (name.gzip ? 1 : 0)];
        char *half = vv_path_resuffix(path, name.suffix, suffix);
        if (!half)
            return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
        if (access(half, F_OK) == 0) {
            *out = half;
            return VV_OK;
        }
        vv_free(half);
    }
    return vv_fail(err, VV_E_REFUSED, "nifti", "the %s file of this pair is not beside it", image ? ".img" : ".hdr");
}

/* Where the voxels start in their file. */
static vv_status data_offset(const vv_nifti_head *h, uint64_t *at, vv_err *err)
{
    double x = h->vox_offset;
    size_t header = vv_nifti_header_bytes(h->version);
    if (!(x >= 0) || x > 9007199254740992.0 || floor(x) != x)
        return vv_fail(err, VV_E_REFUSED, "nifti", "the header's vox_offset is not a place in a file");
    *at = (uint64_t)x;
    if (h->single && *at == 0)
        *at = header + VV_EXTENDER; /* not set: the least it may be */
    if (h->single && *at != header && *at < header + VV_EXTENDER)
        return vv_fail(err, VV_E_REFUSED, "nifti", "the header's vox_offset points into the header");
    return VV_OK;
}

/* The header alone. */
static vv_status read_header(const vv_source *s, vv_nifti_meta *m, vv_nifti_head *h, vv_err *err)
{
    uint8_t start[VV_START];
    size_t got;
    vv_status status = vv_peek(s, start, sizeof start, &got, err);
    if (status == VV_OK)
        status = vv_nifti_parse(start, got, h, err);
    if (status != VV_OK)
        return status;
    m->version = h->version;
    m->single = h->single;
    m->swapped = h->swapped;
    m->header_bytes = vv_nifti_header_bytes(h->version);
    memcpy(m->header, start, m->header_bytes);
    return VV_OK;
}

/* The header file of a pair, whole: for its digest, and for the extensions in it. */
static vv_status read_pair_header(const vv_source *s, vv_nifti_meta *m, vv_pool *pool, vv_sha256 *hash, vv_err *err)
{
    uint8_t *all = vv_malloc(HDR_FILE_MAX, 1);
    size_t got = 0;
    if (!all)
        return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
    vv_status status = vv_peek(s, all, HDR_FILE_MAX, &got, err);
    if (status == VV_OK && got >= HDR_FILE_MAX)
        status = vv_fail(err, VV_E_REFUSED, "nifti", "the .hdr file is over 1 MiB; it is not a header");
    if (status == VV_OK)
        status = vv_unpack(s, pool, all, got, hash, err);
    if (status == VV_OK && got > m->header_bytes) {
        m->extra_bytes = got - m->header_bytes;
        m->extra = vv_malloc(m->extra_bytes, 1);
        if (m->extra)
            memcpy(m->extra, all + m->header_bytes, m->extra_bytes);
        else
            status = vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
    }
    vv_free(all);
    return status;
}

/* The voxels, and for a single file what lies before them. */
static vv_status read_voxels(const vv_source *s, uint64_t at, vv_nifti_meta *m, vv_pool *pool, vv_volume *v,
                             vv_sha256 *hash, vv_err *err)
{
    if (at > PTRDIFF_MAX - 2 * ALIGN || v->bytes > PTRDIFF_MAX - 2 * ALIGN - at)
        return vv_fail(err, VV_E_REFUSED, "nifti", "the dimensions overflow");
    size_t want = (size_t)at + v->bytes;
    vv_status status = vv_unpack_check(s, want, err);
    if (status != VV_OK)
        return status;
    m->block = vv_malloc(want + 2 * ALIGN, 1);
    if (!m->block)
        return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory for the voxels");
    /* The file goes where its voxels, not its header, come to lie on a boundary. */
    uintptr_t voxels = ((uintptr_t)m->block + (uintptr_t)at + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
    uint8_t *file = m->block + (voxels - (uintptr_t)at - (uintptr_t)m->block);
    status = vv_unpack(s, pool, file, want, hash, err);
    if (status != VV_OK)
        return status;
    v->data = file + at;
    if (m->single && at > m->header_bytes) {
        m->extra_bytes = (size_t)at - m->header_bytes;
        m->extra = vv_malloc(m->extra_bytes, 1);
        if (!m->extra)
            return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
        memcpy(m->extra, file + m->header_bytes, m->extra_bytes);
    }
    if (m->swapped)
        vv_swap_all(v->data, v->bytes, vv_swap_unit(v->dtype), pool);
    return VV_OK;
}

static void describe(const vv_nifti_meta *m, const vv_nifti_head *h, vv_read_result *out)
{
    static const char *const names[] = {"analyze75", "nifti1", "nifti2"};
    out->format = out->written = names[m->version];
    out->ndim = (int)h->dim[0];
    for (int i = 0; i < out->ndim; i++)
        out->all_dims[i] = h->dim[i + 1];
    out->has_text = vv_nifti_has_text(m->header, m->version, m->swapped);
    out->has_extensions = vv_nifti_has_extra(m->extra, m->extra_bytes);
}

vv_status vv_nifti_read_sources(const vv_source *header, const vv_source *image, vv_pool *pool, vv_read_result *out,
                                vv_err *err)
{
    vv_nifti_meta *m = vv_calloc(1, sizeof *m);
    if (!m)
        return vv_fail(err, VV_E_RESOURCE, "nifti", "out of memory");
    m->base.format = &vv_format_nifti;
    out->meta = &m->base;
    vv_nifti_head h;
    vv_sha256 hash;
    uint64_t at = 0;
    vv_sha256_begin(&hash);
    vv_status status = read_header(header, m, &h, err);
    if (status == VV_OK)
        status = vv_nifti_shape(&h, &out->volume, err);
    if (status == VV_OK)
        status = data_offset(&h, &at, err);
    if (status == VV_OK && !m->single && !image)
        return vv_fail(err, VV_E_REFUSED, "nifti",
                       m->version ? "the header is half of a pair (.hdr, .img) but stands alone"
                                  : "the header has a wrong magic number, or is half of an ANALYZE pair");
    if (status == VV_OK && !m->single)
        status = read_pair_header(header, m, pool, &hash, err);
    if (status == VV_OK)
        status = read_voxels(m->single ? header : image, at, m, pool, &out->volume, &hash, err);
    if (status == VV_OK)
        status = vv_volume_check(&out->volume, err);
    if (status != VV_OK)
        return status;
    vv_sha256_end(&hash, out->sha256);
    describe(m, &h, out);
    return VV_OK;
}

static bool claims(const char *path, const uint8_t *start, size_t n)
{
    vv_nifti_head h;
    return vv_nifti_parse_name(path).suffix > 0 || vv_nifti_parse(start, n, &h, NULL) == VV_OK;
}

/* `path` may be either half of a pair; the other one is looked for only where the header asks for it. */
static vv_status read_path(const char *path, const vv_source *source, vv_pool *pool, vv_read_result *out, vv_err *err)
{
    vv_nifti_name name = vv_nifti_parse_name(path);
    uint8_t start[VV_START];
    size_t got;
    vv_nifti_head h = {0};
    char *half = NULL;
    vv_source other;
    vv_status status = vv_peek(source, start, sizeof start, &got, err);
    if (status != VV_OK)
        return status;
    bool single = vv_nifti_parse(start, got, &h, NULL) == VV_OK && h.single;
    if (!name.pair || single)
        return vv_nifti_read_sources(source, NULL, pool, out, err);
    status = find_half(path, !name.image, &half, err);
    if (status != VV_OK)
        return status;
    status = vv_source_open(half, &other, err);
    vv_free(half);
    if (status != VV_OK)
        return status;
    status = name.image ? vv_nifti_read_sources(&other, source, pool, out, err)
                        : vv_nifti_read_sources(source, &other, pool, out, err);
    vv_source_close(&other);
    return status;
}

/* The version in the header of the input at `path`, which may be either half of a pair. */
static vv_status find_version(const char *path, int *version, vv_err *err)
{
    char *half = NULL;
    vv_source source;
    uint8_t start[VV_START];
    size_t got = 0;
    vv_nifti_head h;
    vv_status status = vv_nifti_parse_name(path).image ? find_half(path, false, &half, err) : VV_OK;
    if (status == VV_OK)
        status = vv_source_open(half ? half : path, &source, err);
    vv_free(half);
    if (status != VV_OK)
        return status;
    status = vv_peek(&source, start, sizeof start, &got, err);
    vv_source_close(&source);
    if (status == VV_OK)
        status = vv_nifti_parse(start, got, &h, err);
    if (status == VV_OK)
        *version = h.version;
    return status;
}

static vv_status fits(const char *in, const char *out, vv_err *err)
{
    vv_err why = {0};
    int version;
    vv_status status = find_version(in, &version, &why);
    /* without a magic number it is ANALYZE only as a pair; else reading says what is wrong with it */
    if (status == VV_OK && (version > 0 || vv_nifti_parse_name(in).pair))
        return vv_nifti_container(version, out, err);
    return status == VV_E_RESOURCE ? vv_fail(err, status, why.where, "%s", why.message) : VV_OK;
}

static void close_meta(vv_file_meta *meta)
{
    vv_nifti_meta *m = (vv_nifti_meta *)meta;
    vv_free(m->block);
    vv_free(m->extra);
    vv_free(m);
}

const vv_format vv_format_nifti = {.claims = claims,
                                   .read = read_path,
                                   .files = vv_nifti_files,
                                   .fits = fits,
                                   .write = vv_nifti_write,
                                   .close = close_meta};
