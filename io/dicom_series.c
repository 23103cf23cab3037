#include "dicom_series.h"
#include "alloc.h"
#include "path.h"
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_dicom(const vv_source *s)
{
    uint8_t start[256];
    size_t got;
    return vv_source_read(s, 0, start, sizeof start, &got, NULL) == VV_OK && vv_dicom_claims(start, got, true);
}

static bool is_image(const vv_dicom *d)
{
    double x;
    return !vv_dicom_is_directory(d) && vv_dicom_numbers(d, VV_DICOM_ROOT, 0x00280010, &x, 1) == 1;
}

/* Only files of the series that the first slice belongs to count; one too broken to say so counts. */
static bool is_wanted(const vv_dicom_series *s, const vv_dicom *d)
{
    return !s->one_series || s->slices.n == 0 || vv_dicom_series_digest(d) == s->slices.all[0].series;
}

static void note_identity(vv_dicom_series *s, const vv_dicom *d)
{
    vv_dicom_identity here, *most = &s->identity;
    vv_dicom_find_identity(d, &here);
    most->attributes = here.attributes > most->attributes ? here.attributes : most->attributes;
    most->uids = here.uids > most->uids ? here.uids : most->uids;
    most->privates = here.privates > most->privates ? here.privates : most->privates;
    most->overlays = here.overlays > most->overlays ? here.overlays : most->overlays;
}

/* Adds the slices of file `i`, or counts why there are none. Only a lack of something ends the whole. */
static vv_status add_parsed(vv_dicom_series *s, int64_t i, const vv_source *source, vv_err *err)
{
    vv_dicom *d;
    vv_err why = {0};
    int64_t before = s->slices.n;
    vv_status status = vv_dicom_open(source, &d, &why);
    if (status == VV_OK) {
        bool wanted = is_wanted(s, d) && is_image(d);
        if (wanted)
            note_identity(s, d);
        if (wanted)
            status = vv_dicom_slices_add(&s->slices, d, i, &why);
        s->images += wanted && status == VV_OK;
        s->others += !wanted;
        vv_dicom_close(&d);
    }
    if (status == VV_E_REFUSED) {
        s->slices.n = before;
        if (s->unread++ == 0)
            s->first_unread = why;
        return VV_OK;
    }
    if (status != VV_OK && err)
        *err = why;
    return status;
}

static vv_status add_file(vv_dicom_series *s, int64_t i, vv_err *err)
{
    vv_source source;
    vv_status status = vv_source_open(s->files.path[i], &source, err);
    if (status == VV_E_REFUSED || status == VV_E_USAGE) { /* empty, unreadable, gone */
        s->others++;
        return VV_OK;
    }
    if (status != VV_OK)
        return status;
    if (is_dicom(&source))
        status = add_parsed(s, i, &source, err);
    else
        s->others++;
    vv_source_close(&source);
    return status;
}

static vv_status same_folder(vv_dicom_series *s, const char *path, vv_err *err)
{
    vv_dicom_files beside = {0};
    struct stat own, other;
    char *folder = vv_path_dir(path);
    vv_status status = folder ? vv_dicom_files_list(folder, false, &beside, err)
                              : vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    bool known = stat(path, &own) == 0;
    for (int64_t i = 0; i < beside.n && status == VV_OK; i++) {
        bool itself =
            known && stat(beside.path[i], &other) == 0 && own.st_dev == other.st_dev && own.st_ino == other.st_ino;
        if (!itself)
            status = vv_dicom_files_add(&s->files, beside.path[i], err);
    }
    vv_dicom_files_free(&beside);
    vv_free(folder);
    return status;
}

static vv_status gather(vv_dicom_series *s, const char *path, vv_err *err)
{
    bool folder = is_folder(path);
    vv_status status =
        folder ? vv_dicom_files_list(path, true, &s->files, err) : vv_dicom_files_add(&s->files, path, err);
    if (status == VV_OK && !folder)
        status = add_file(s, 0, err);
    if (status == VV_OK && !folder && s->slices.n > 0)
        status = same_folder(s, path, err);
    for (int64_t i = folder ? 0 : 1; i < s->files.n && status == VV_OK; i++)
        status = add_file(s, i, err);
    if (status != VV_OK)
        return status;
    if (s->slices.n == 0 && s->unread > 0) {
        if (err)
            *err = s->first_unread;
        return VV_E_REFUSED;
    }
    if (s->slices.n == 0)
        return vv_fail(err, VV_E_REFUSED, "input",
                       folder ? "no DICOM image in the folder" : "a DICOM file without an image");
    return VV_OK;
}

vv_status vv_dicom_series_open(const char *path, vv_dicom_series **out, vv_err *err)
{
    *out = NULL;
    vv_dicom_series *s = vv_calloc(1, sizeof *s);
    if (!s)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    vv_status status = gather(s, path, err);
    if (status == VV_OK)
        status = vv_dicom_stacks_make(&s->slices, &s->stacks, err);
    if (status != VV_OK)
        vv_dicom_series_close(&s);
    *out = s;
    return status;
}

void vv_dicom_series_close(vv_dicom_series **s)
{
    if (*s) {
        vv_dicom_files_free(&(*s)->files);
        vv_dicom_slices_free(&(*s)->slices);
        vv_dicom_stacks_free(&(*s)->stacks);
    }
    vv_free(*s);
    *s = NULL;
}

const vv_dicom_slice *vv_dicom_series_first(const vv_dicom_series *s, int64_t i)
{
    return &s->slices.all[s->stacks.all[i].slice[0]];
}
