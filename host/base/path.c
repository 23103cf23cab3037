#include "path.h"
#include "alloc.h"
#include <string.h>

const char *vv_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* a[0..na) followed by b and c. */
static char *concat(const char *a, size_t na, const char *b, const char *c)
{
    size_t nb = strlen(b), nc = strlen(c);
    char *s = vv_malloc(na + nb + nc + 1, 1);
    if (!s)
        return NULL;
    memcpy(s, a, na);
    memcpy(s + na, b, nb);
    memcpy(s + na + nb, c, nc + 1);
    return s;
}

char *vv_path_dir(const char *path)
{
    size_t n = (size_t)(vv_path_base(path) - path);
    if (n == 0)
        return concat(".", 1, "", "");
    while (n > 1 && path[n - 1] == '/')
        n--;
    return concat(path, n, "", "");
}

char *vv_path_join(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    const char *sep = n > 0 && dir[n - 1] == '/' ? "" : "/";
    return concat(dir, n, sep, name);
}

char *vv_path_resuffix(const char *path, size_t drop, const char *suffix)
{
    size_t n = strlen(path);
    return concat(path, drop < n ? n - drop : 0, suffix, "");
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool vv_path_has_suffix(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    if (n <= m)
        return false;
    for (size_t i = 0; i < m; i++) {
        if (lower(path[n - m + i]) != lower(suffix[i]))
            return false;
    }
    return path[n - m - 1] != '/';
}
