#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static vv_status cannot_open(int e, vv_err *err)
{
    if (e == ENOENT || e == ENOTDIR)
        return vv_fail(err, VV_E_USAGE, "input", "there is no such file; check the path");
    if (e == EACCES || e == EPERM)
        return vv_fail(err, VV_E_REFUSED, "input", "the file may not be read by this user; check its permissions");
    if (e == ENXIO || e == ENODEV || e == ELOOP || e == ENAMETOOLONG)
        return vv_fail(err, VV_E_REFUSED, "input", "not a regular file");
    return vv_fail(err, VV_E_RESOURCE, "input", "the file cannot be opened now (system error %d); try again", e);
}

vv_status vv_source_open(const char *path, vv_source *s, vv_err *err)
{
    *s = (vv_source){.fd = -1};
    /* Without O_NONBLOCK a pipe would block here for ever. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return cannot_open(errno, err);
    struct stat st;
    vv_status status = VV_OK;
    if (fstat(fd, &st) != 0)
        status = vv_fail(err, VV_E_RESOURCE, "input", "the file cannot be examined; try again");
    else if (S_ISDIR(st.st_mode))
        status = vv_fail(err, VV_E_REFUSED, "input", "a folder; name a NIfTI or ANALYZE file");
    else if (!S_ISREG(st.st_mode))
        status = vv_fail(err, VV_E_REFUSED, "input", "not a regular file");
    else if (st.st_size == 0)
        status = vv_fail(err, VV_E_REFUSED, "input", "the file is empty");
    if (status != VV_OK) {
        close(fd);
        return status;
    }
    s->fd = fd;
    s->size = (uint64_t)st.st_size;
    return VV_OK;
}

vv_source vv_source_memory(const void *bytes, size_t n)
{
    return (vv_source){.fd = -1, .memory = bytes, .size = n};
}

void vv_source_close(vv_source *s)
{
    if (s->fd >= 0)
        close(s->fd);
    *s = (vv_source){.fd = -1};
}

vv_status vv_source_read(const vv_source *s, uint64_t offset, void *dst, size_t n, size_t *got, vv_err *err)
{
    *got = 0;
    if (offset >= s->size)
        return VV_OK;
    if (n > s->size - offset)
        n = (size_t)(s->size - offset);
    if (s->memory) {
        memcpy(dst, s->memory + offset, n);
        *got = n;
        return VV_OK;
    }
    while (*got < n) {
        ssize_t r = pread(s->fd, (char *)dst + *got, n - *got, (off_t)(offset + *got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return vv_fail(err, VV_E_RESOURCE, "input", "reading failed (system error %d); try again", errno);
        if (r == 0)
            break; /* the file became shorter */
        *got += (size_t)r;
    }
    return VV_OK;
}
