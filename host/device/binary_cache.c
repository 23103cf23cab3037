#include "binary_cache.h"
#include "alloc.h"
#include "hash.h"
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file is the digest of what follows (64 digits), then the bytes. More than this is no kernel binary. */
enum { DIGEST = 64, MOST = 256 << 20 };

/* Path of `name` in the cache folder; the folder is made where `make` asks. False where there is no such place. */
static bool cache_path(char out[PATH_MAX], const char *name, bool make)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n;
    if (base && base[0] == '/')
        n = snprintf(out, PATH_MAX, "%s", base);
    else if (home && home[0] == '/')
        n = snprintf(out, PATH_MAX, "%s/.cache", home);
    else
        return false;
    if (n < 0 || (size_t)n + strlen("/voxveil/") + strlen(name) >= PATH_MAX)
        return false;
    if (make)
        (void)mkdir(out, 0700);
    strcat(out, "/voxveil");
    if (make)
        (void)mkdir(out, 0700);
    strcat(out, "/");
    strcat(out, name);
    return true;
}

static bool read_all(int fd, char *p, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put <= 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return true;
}

static void digest(char hex[DIGEST + 1], const void *data, size_t bytes)
{
    vv_sha256 h;
    vv_sha256_begin(&h);
    vv_sha256_add(&h, data, bytes);
    vv_sha256_end(&h, hex);
}

/* The payload of an open cache file, or NULL. */
static char *read_checked(int fd, size_t *bytes)
{
    struct stat st;
    char stored[DIGEST], found[DIGEST + 1];
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022) ||
        st.st_size <= DIGEST || st.st_size > MOST)
        return NULL;
    *bytes = (size_t)st.st_size - DIGEST;
    char *data = vv_malloc(*bytes, 1);
    if (!data)
        return NULL;
    if (read_all(fd, stored, DIGEST) && read_all(fd, data, *bytes)) {
        digest(found, data, *bytes);
        if (memcmp(stored, found, DIGEST) == 0)
            return data;
    }
    vv_free(data);
    return NULL;
}

void *vv_binary_cache_get(const char *key, size_t *bytes)
{
    char path[PATH_MAX];
    if (!cache_path(path, key, false))
        return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return NULL;
    char *data = read_checked(fd, bytes);
    close(fd);
    return data;
}

void vv_binary_cache_put(const char *key, const void *data, size_t bytes)
{
    char path[PATH_MAX], temporary[PATH_MAX], hex[DIGEST + 1];
    if (!cache_path(path, key, true) || !cache_path(temporary, ".new-XXXXXX", true))
        return;
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return;
    digest(hex, data, bytes);
    bool ok = write_all(fd, hex, DIGEST) && write_all(fd, data, bytes);
    if (close(fd) != 0 || !ok || rename(temporary, path) != 0)
        (void)unlink(temporary);
}
