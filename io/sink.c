#include "sink.h"
#include "alloc.h"
#include "path.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TMP_TRIES = 1000, COPY_STEP = 1 << 16 };

struct vv_sink {
    char *path; /* where it will be */
    int folder; /* open folder of path */
    int fd;
    char tmp[48]; /* name in the folder; empty while the file has none */
};

static vv_status bad_folder(int e, vv_err *err)
{
    if (e == ENOENT || e == ENOTDIR)
        return vv_fail(err, VV_E_USAGE, "output", "the output's folder does not exist; make it first");
    if (e == EACCES || e == EPERM || e == EROFS)
        return vv_fail(err, VV_E_USAGE, "output", "the output's folder is not writable; choose another or change it");
    return vv_fail(err, VV_E_RESOURCE, "output", "the output's folder cannot be used now (system error %d)", e);
}

static vv_status failed(int e, vv_err *err)
{
    if (e == ENOSPC || e == EDQUOT)
        return vv_fail(err, VV_E_RESOURCE, "output", "the output's disk is full; free some space and try again");
    if (e == EFBIG)
        return vv_fail(err, VV_E_RESOURCE, "output", "the output is over the file-size limit; raise it and try again");
    return vv_fail(err, VV_E_RESOURCE, "output", "writing the output failed (system error %d); try again", e);
}

/* Gives the next free hidden name to the file: makes it (unnamed < 0) or links the unnamed one there. */
static int take_tmp_name(vv_sink *s, int unnamed)
{
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", unnamed);
    for (int i = 0; i < TMP_TRIES; i++) {
        snprintf(s->tmp, sizeof s->tmp, ".voxveil-%ld-%d.tmp", (long)getpid(), i);
        int rc = unnamed >= 0 ? linkat(AT_FDCWD, self, s->folder, s->tmp, AT_SYMLINK_FOLLOW)
                              : openat(s->folder, s->tmp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (rc >= 0)
            return rc;
        if (errno != EEXIST)
            break;
    }
    s->tmp[0] = 0;
    return -1;
}

/* An unnamed file, where there is such a thing and /proc to give it a name later. */
static int open_unnamed(int folder)
{
    int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    if (access(self, F_OK) == 0)
        return fd;
    close(fd);
    return -1;
}

/* `name` in the open folder, or a path where that is AT_FDCWD. */
static bool may_replace(int folder, const char *name)
{
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(st.st_mode))
        return true;
    return S_ISLNK(st.st_mode) && (fstatat(folder, name, &st, 0) != 0 || S_ISREG(st.st_mode));
}

bool vv_sink_may_replace(const char *path)
{
    return may_replace(AT_FDCWD, path);
}

static vv_status not_a_file(vv_err *err)
{
    return vv_fail(err, VV_E_USAGE, "output", "the output is a folder, a pipe or a device; name a file");
}

vv_status vv_sink_open(const char *path, vv_sink **out, vv_err *err)
{
    *out = NULL;
    vv_sink *s = vv_calloc(1, sizeof *s);
    char *dir = vv_path_dir(path);
    if (s) {
        s->folder = s->fd = -1;
        s->path = vv_path_resuffix(path, 0, "");
    }
    if (!s || !dir || !s->path) {
        vv_free(dir);
        vv_sink_discard(&s);
        return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    }
    s->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder >= 0) {
        s->fd = open_unnamed(s->folder);
        if (s->fd < 0)
            s->fd = take_tmp_name(s, -1);
    }
    int e = errno;
    vv_free(dir);
    if (s->fd < 0) {
        vv_sink_discard(&s);
        return bad_folder(e, err);
    }
    if (!may_replace(s->folder, vv_path_base(path))) {
        vv_sink_discard(&s);
        return not_a_file(err);
    }
    *out = s;
    return VV_OK;
}

vv_status vv_sink_write(vv_sink *s, const void *data, size_t bytes, vv_err *err)
{
    const char *p = data;
    while (bytes > 0) {
        ssize_t n = write(s->fd, p, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(n < 0 ? errno : EIO, err);
        p += n;
        bytes -= (size_t)n;
    }
    return VV_OK;
}

void vv_sink_discard(vv_sink **sink)
{
    vv_sink *s = *sink;
    *sink = NULL;
    if (!s)
        return;
    if (s->tmp[0])
        unlinkat(s->folder, s->tmp, 0);
    if (s->fd >= 0)
        close(s->fd);
    if (s->folder >= 0)
        close(s->folder);
    vv_free(s->path);
    vv_free(s);
}

/* The mode a new file gets: 0666 less the process's mask. umask() itself can only be read by changing it, which would
 * be seen by other threads; where /proc does not tell, the file stays its owner's. */
static mode_t new_file_mode(void)
{
    unsigned mask = 077;
    FILE *f = fopen("/proc/self/status", "re");
    char line[128];
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "Umask: %o", &mask) == 1)
            break;
    }
    if (f)
        fclose(f);
    return 0666 & ~(mode_t)mask;
}

/* Puts the file at `name`, where nothing may be. */
static int place_new(vv_sink *s, const char *name)
{
    if (!s->tmp[0]) {
        char self[32];
        snprintf(self, sizeof self, "/proc/self/fd/%d", s->fd);
        return linkat(AT_FDCWD, self, s->folder, name, AT_SYMLINK_FOLLOW);
    }
    int rc = renameat2(s->folder, s->tmp, s->folder, name, RENAME_NOREPLACE);
    if (rc == 0)
        s->tmp[0] = 0;
    else if (errno == EINVAL || errno == ENOSYS) /* a file system without it: link() also refuses to replace */
        rc = linkat(s->folder, s->tmp, s->folder, name, 0);
    return rc;
}

/* Puts the file at `name`, in place of what is there. */
static int place_over(vv_sink *s, const char *name)
{
    if (!s->tmp[0] && take_tmp_name(s, s->fd) < 0)
        return -1;
    int rc = renameat(s->folder, s->tmp, s->folder, name);
    if (rc == 0)
        s->tmp[0] = 0;
    return rc;
}

static vv_status commit(vv_sink *s, bool force, mode_t mode, vv_err *err)
{
    const char *name = vv_path_base(s->path);
    if (fchmod(s->fd, mode) != 0 || fsync(s->fd) != 0)
        return failed(errno, err);
    if (force && !may_replace(s->folder, name))
        return not_a_file(err);
    if ((force ? place_over(s, name) : place_new(s, name)) != 0) {
        if (errno == EEXIST)
            return vv_fail(err, VV_E_USAGE, "output",
                           "the output exists already; remove it or ask to replace it (--force)");
        if (errno == EISDIR || errno == ENOTEMPTY)
            return not_a_file(err);
        return failed(errno, err);
    }
    /* The file is at its path now and whole; a folder that cannot be synchronised (some network file systems) can no
     * longer make it half-written, so that is not a failure. */
    (void)fsync(s->folder);
    return VV_OK;
}

vv_status vv_sink_commit(vv_sink **s, bool force, vv_err *err)
{
    vv_status status = commit(*s, force, new_file_mode(), err);
    vv_sink_discard(s);
    return status;
}

static vv_status copy(int from, vv_sink *to, vv_err *err)
{
    char step[COPY_STEP];
    off_t at = 0;
    for (;;) {
        ssize_t n = pread(from, step, sizeof step, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(errno, err);
        if (n == 0)
            return VV_OK;
        vv_status status = vv_sink_write(to, step, (size_t)n, err);
        if (status != VV_OK)
            return status;
        at += n;
    }
}

/* By copy: the folder may be on another file system, and the path is rarely taken. */
vv_status vv_sink_commit_to(vv_sink **s, const char *dir, vv_err *err)
{
    vv_sink *to = NULL;
    vv_status status = VV_OK;
    char *path = vv_path_join(dir, vv_path_base((*s)->path));
    if (!path)
        status = vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    if (status == VV_OK)
        status = vv_sink_open(path, &to, err);
    if (status == VV_OK)
        status = copy((*s)->fd, to, err);
    if (status == VV_OK)
        status = commit(to, true, 0600, err);
    vv_sink_discard(&to);
    vv_free(path);
    vv_sink_discard(s);
    return status;
}
