/* The volume of a stack: each file is opened once, and each of its frames decoded once. */
#include "alloc.h"
#include "dicom_series.h"
#include "hash.h"
#include <stdlib.h>
#include <string.h>

/* One slice's way into the volume. */
struct job {
    const vv_dicom_slice *slice;
    int64_t time, place;
};

static int by_file(const void *a, const void *b)
{
    const struct job *x = a, *y = b;
    if (x->slice->file != y->slice->file)
        return x->slice->file < y->slice->file ? -1 : 1;
    return (x->slice->frame > y->slice->frame) - (x->slice->frame < y->slice->frame);
}

static struct job *make_jobs(const vv_dicom_series *s, const vv_dicom_stack *st)
{
    int64_t n = st->slices * st->times;
    struct job *jobs = vv_malloc((size_t)n, sizeof *jobs);
    for (int64_t i = 0; jobs && i < n; i++)
        jobs[i] = (struct job){&s->slices.all[st->slice[i]], i / st->slices, i % st->slices};
    if (jobs)
        qsort(jobs, (size_t)n, sizeof *jobs, by_file);
    return jobs;
}

int64_t vv_dicom_series_files(const vv_dicom_series *s, int64_t i)
{
    const vv_dicom_stack *st = &s->stacks.all[i];
    struct job *jobs = make_jobs(s, st);
    int64_t files = 0;
    for (int64_t k = 0; jobs && k < st->slices * st->times; k++)
        files += k == 0 || jobs[k].slice->file != jobs[k - 1].slice->file;
    vv_free(jobs);
    return files;
}

static bool one_scaling(const vv_dicom_series *s, const vv_dicom_stack *st)
{
    const vv_dicom_slice *first = &s->slices.all[st->slice[0]];
    for (int64_t i = 1; i < st->slices * st->times; i++) {
        const vv_dicom_slice *other = &s->slices.all[st->slice[i]];
        if (other->slope != first->slope || other->inter != first->inter)
            return false;
    }
    return true;
}

static vv_status make_volume(const vv_dicom_series *s, const vv_dicom_stack *st, vv_volume *v, vv_err *err)
{
    const vv_dicom_slice *first = &s->slices.all[st->slice[0]];
    bool stored = one_scaling(s, st) || first->dtype == VV_DT_RGB24;
    *v = (vv_volume){
        .dims = {first->columns, first->rows, st->planes},
        .frames = st->times,
        .dtype = stored ? first->dtype : VV_DT_F32,
        .slope = stored ? first->slope : 1,
        .inter = stored ? first->inter : 0,
        .affine_trusted = st->placed && st->straight,
        .space = st->placed ? 1 : 0,
    };
    memcpy(v->affine, st->affine, sizeof v->affine);
    vv_affine_spacing(v->affine, v->spacing);
    if (first->dtype == VV_DT_NONE)
        return vv_fail(err, VV_E_REFUSED, "dicom", "colours of more than 8 bits are not supported");
    for (int a = 0; a < 3; a++) {
        if (v->dims[a] > VV_DIM_MAX)
            return vv_fail(err, VV_E_REFUSED, "dicom", "a stack of over %d slices", VV_DIM_MAX);
    }
    if (!vv_mul_size((size_t)vv_volume_voxels(v), (size_t)v->frames, vv_dtype_bytes(v->dtype), &v->bytes))
        return vv_fail(err, VV_E_REFUSED, "dicom", "the dimensions overflow");
    v->data = vv_malloc(v->bytes, 1);
    return v->data ? VV_OK : vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory for the voxels");
}

/* Rows of a slice, cut from its frame, as they are or scaled. */
static void copy_rows(const vv_dicom_slice *s, const uint8_t *frame, size_t frame_columns, const vv_volume *v,
                      uint8_t *to)
{
    size_t voxel = vv_dtype_bytes(s->dtype);
    for (int y = 0; y < s->rows; y++) {
        const uint8_t *from = frame + ((size_t)(s->top + y) * frame_columns + (size_t)s->left) * voxel;
        if (v->dtype == s->dtype) {
            memcpy(to + (size_t)y * (size_t)s->columns * voxel, from, (size_t)s->columns * voxel);
            continue;
        }
        for (int x = 0; x < s->columns; x++) {
            double value = 0;
            switch (s->dtype) {
            case VV_DT_U8:
                value = from[x];
                break;
            case VV_DT_I8:
                value = ((const int8_t *)from)[x];
                break;
            case VV_DT_U16:
                value = ((const uint16_t *)from)[x];
                break;
            case VV_DT_I16:
                value = ((const int16_t *)from)[x];
                break;
            case VV_DT_U32:
                value = ((const uint32_t *)from)[x];
                break;
            case VV_DT_I32:
                value = ((const int32_t *)from)[x];
                break;
            default:
                break;
            }
            ((float *)to)[(size_t)y * (size_t)s->columns + (size_t)x] = (float)(value * s->slope + s->inter);
        }
    }
}

static void put(const vv_dicom_stack *st, const struct job *j, const uint8_t *frame, size_t frame_columns,
                const vv_volume *v)
{
    size_t plane = (size_t)(v->dims[0] * v->dims[1]) * vv_dtype_bytes(v->dtype);
    uint8_t *volume = v->data, *done = NULL;
    for (int64_t p = 0; p < st->planes; p++) {
        if (st->plane_slice[p] != j->place)
            continue;
        uint8_t *to = volume + (size_t)(j->time * st->planes + p) * plane;
        if (done)
            memcpy(to, done, plane);
        else
            copy_rows(j->slice, frame, frame_columns, v, to);
        done = to;
    }
}

static vv_status hash_file(const vv_source *s, vv_sha256 *h, vv_err *err)
{
    uint8_t block[1 << 15];
    for (uint64_t at = 0; at < s->size;) {
        size_t got;
        vv_status status = vv_source_read(s, at, block, sizeof block, &got, err);
        if (status != VV_OK)
            return status;
        if (got == 0)
            break;
        vv_sha256_add(h, block, got);
        at += got;
    }
    return VV_OK;
}

/* The slices of one open file, jobs[0..n). A file that is not any more what it was when it was listed is refused. */
static vv_status read_frames(const vv_dicom *d, const vv_dicom_stack *st, const struct job *jobs, int64_t n,
                             const vv_volume *v, vv_err *err)
{
    vv_dicom_pixel_format f;
    vv_status status = vv_dicom_pixels(d, &f, err);
    if (status != VV_OK)
        return status;
    uint8_t *frame = vv_malloc(f.frame_bytes, 1);
    if (!frame)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    for (int64_t i = 0; i < n && status == VV_OK; i++) {
        const vv_dicom_slice *s = jobs[i].slice;
        if (s->frame >= f.frames || s->left + s->columns > f.columns || s->top + s->rows > f.rows ||
            vv_dtype_bytes(s->dtype) != f.sample_bytes * (size_t)f.samples)
            status = vv_fail(err, VV_E_RESOURCE, "dicom", "a file changed while it was read; try again");
        else if (i == 0 || s->frame != jobs[i - 1].slice->frame)
            status = vv_dicom_decode(d, &f, s->frame, frame, err);
        if (status == VV_OK)
            put(st, &jobs[i], frame, (size_t)f.columns, v);
    }
    vv_free(frame);
    return status;
}

static vv_status read_file(const char *path, const vv_dicom_stack *st, const struct job *jobs, int64_t n,
                           const vv_volume *v, vv_sha256 *h, vv_err *err)
{
    vv_source source;
    vv_dicom *d = NULL;
    vv_status status = vv_source_open(path, &source, err);
    if (status != VV_OK)
        return status;
    status = hash_file(&source, h, err);
    if (status == VV_OK)
        status = vv_dicom_open(&source, &d, err);
    if (status == VV_OK) {
        status = read_frames(d, st, jobs, n, v, err);
        vv_dicom_close(&d);
    }
    vv_source_close(&source);
    return status;
}

static vv_status read_all(const vv_dicom_series *s, const vv_dicom_stack *st, const struct job *jobs,
                          const vv_volume *v, char sha256[65], vv_err *err)
{
    vv_sha256 h;
    vv_status status = VV_OK;
    int64_t all = st->slices * st->times, n;
    vv_sha256_begin(&h);
    for (int64_t i = 0; i < all && status == VV_OK; i += n) {
        int64_t file = jobs[i].slice->file;
        for (n = 1; i + n < all && jobs[i + n].slice->file == file; n++) {
        }
        status = read_file(s->files.path[file], st, jobs + i, n, v, &h, err);
    }
    vv_sha256_end(&h, sha256);
    return status;
}

vv_status vv_dicom_series_read(const vv_dicom_series *s, int64_t i, vv_volume *v, char sha256[65], vv_err *err)
{
    const vv_dicom_stack *st = &s->stacks.all[i];
    struct job *jobs = make_jobs(s, st);
    vv_status status = jobs ? make_volume(s, st, v, err) : vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    if (status == VV_OK) {
        status = read_all(s, st, jobs, v, sha256, err);
        if (status == VV_OK)
            status = vv_volume_check(v, err);
        if (status != VV_OK) {
            vv_free(v->data);
            v->data = NULL;
        }
    }
    vv_free(jobs);
    return status;
}
