#include "side.h"
#include "alloc.h"
#include "format.h"
#include "path.h"
#include "sink.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether files can be made in the folder. */
static bool is_usable(const char *dir)
{
    struct stat st;
    return !stat(dir, &st) && S_ISDIR(st.st_mode) && access(dir, W_OK | X_OK) == 0;
}

static vv_status check_folder(const char *path, const char *what, vv_err *err)
{
    char *dir = vv_path_dir(path);
    if (!dir)
        return vv_fail(err, VV_E_RESOURCE, what, "out of memory; free some and try again");
    bool usable = is_usable(dir);
    vv_free(dir);
    if (!usable)
        return vv_fail(err, VV_E_USAGE, what, "its folder is missing or cannot be written to; make it first");
    return VV_OK;
}

vv_status vv_side_check(const char *path, const char *what, const char *in, const char *out, bool force, vv_err *err)
{
    if (!path)
        return VV_OK;
    vv_status status = vv_file_check_apart(path, in, what, err);
    if (!status)
        status = vv_file_check_apart(path, out, what, err);
    if (status)
        return status;
    struct stat st;
    if (!lstat(path, &st)) {
        if (S_ISDIR(st.st_mode))
            return vv_fail(err, VV_E_USAGE, what, "it names a folder; give the path of a file");
        if (!vv_sink_may_replace(path))
            return vv_fail(err, VV_E_USAGE, what, "it names a pipe or a device; give the path of a file");
        if (!force)
            return vv_fail(err, VV_E_USAGE, what, "the file exists; choose another path or give force");
    }
    return check_folder(path, what, err);
}

vv_status vv_side_check_quarantine(const char *dir, vv_err *err)
{
    static const char what[] = "quarantine";
    struct stat st;
    if (!dir || is_usable(dir))
        return VV_OK;
    if (!lstat(dir, &st))
        return vv_fail(err, VV_E_USAGE, what, "it is no folder that can be written to; name another");
    size_t slashes = 0, length = strlen(dir);
    while (slashes < length && dir[length - slashes - 1] == '/')
        slashes++;
    char *path = vv_path_resuffix(dir, slashes, "");
    if (!path)
        return vv_fail(err, VV_E_RESOURCE, what, "out of memory; free some and try again");
    vv_status status = check_folder(path, what, err);
    vv_free(path);
    return status;
}

vv_status vv_side_named(vv_status status, const char *what, vv_err *err)
{
    if (status && err)
        snprintf(err->where, sizeof err->where, "%s", what);
    return status;
}
