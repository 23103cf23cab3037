#include "dicom_files.h"
#include "alloc.h"
#include "path.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 24, FILES_MAX = 1 << 20 };

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
}

/* Takes `path` over, also on failure. */
static vv_status take(vv_dicom_files *f, char *path, vv_err *err)
{
    if (f->n >= FILES_MAX) {
        vv_free(path);
        return vv_fail(err, VV_E_REFUSED, "dicom", "over %d files in the folder; name a smaller one", FILES_MAX);
    }
    if (f->n == f->room) {
        int64_t room = f->room ? 2 * f->room : 64;
        char **more = vv_malloc((size_t)room, sizeof *more);
        if (!more) {
            vv_free(path);
            return out_of_memory(err);
        }
        if (f->n > 0)
            memcpy(more, f->path, (size_t)f->n * sizeof *more);
        vv_free(f->path);
        f->path = more;
        f->room = room;
    }
    f->path[f->n++] = path;
    return VV_OK;
}

vv_status vv_dicom_files_add(vv_dicom_files *f, const char *path, vv_err *err)
{
    char *copy = vv_path_resuffix(path, 0, "");
    return copy ? take(f, copy, err) : out_of_memory(err);
}

static vv_status list(const char *folder, int depth, vv_dicom_files *out, vv_err *err);

static vv_status add_entry(const char *folder, const char *name, int depth, vv_dicom_files *out, vv_err *err)
{
    struct stat here, there;
    char *path = vv_path_join(folder, name);
    if (!path)
        return out_of_memory(err);
    if (lstat(path, &here) == 0 && S_ISDIR(here.st_mode)) {
        vv_status status = depth > 0 ? list(path, depth - 1, out, err) : VV_OK;
        vv_free(path);
        return status;
    }
    if (stat(path, &there) == 0 && S_ISREG(there.st_mode))
        return take(out, path, err);
    vv_free(path);
    return VV_OK;
}

static vv_status list(const char *folder, int depth, vv_dicom_files *out, vv_err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "a folder cannot be listed; check its permissions and try again");
    vv_status status = VV_OK;
    for (struct dirent *e = readdir(dir); e && status == VV_OK; e = readdir(dir)) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            status = add_entry(folder, e->d_name, depth, out, err);
    }
    closedir(dir);
    return status;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

vv_status vv_dicom_files_list(const char *folder, bool nested, vv_dicom_files *out, vv_err *err)
{
    *out = (vv_dicom_files){0};
    vv_status status = list(folder, nested ? DEPTH_MAX : 0, out, err);
    if (status != VV_OK)
        vv_dicom_files_free(out);
    else if (out->n > 0)
        qsort(out->path, (size_t)out->n, sizeof *out->path, by_bytes);
    return status;
}

void vv_dicom_files_free(vv_dicom_files *f)
{
    for (int64_t i = 0; i < f->n; i++)
        vv_free(f->path[i]);
    vv_free(f->path);
    *f = (vv_dicom_files){0};
}
