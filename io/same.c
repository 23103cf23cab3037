#include "format.h"
#include "alloc.h"
#include "path.h"
#include <string.h>
#include <sys/stat.h>

static bool same_node(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The length of the last component, less the ending where the path names half of a pair. */
static size_t stem(const char *base, bool *half)
{
    static const char *const endings[] = {".hdr", ".img", ".hdr.gz", ".img.gz"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if ((*half = vv_path_has_suffix(base, endings[i])))
            return strlen(base) - strlen(endings[i]);
    }
    return strlen(base);
}

vv_status vv_file_check_apart(const char *path, const char *other, const char *what, vv_err *err)
{
    char *a = vv_path_dir(path), *b = vv_path_dir(other);
    bool known = a && b, half_a, half_b;
    const char *base_a = vv_path_base(path), *base_b = vv_path_base(other);
    size_t n = stem(base_a, &half_a), m = stem(base_b, &half_b);
    bool same = same_node(path, other);
    if (known && !same)
        same = n == m && half_a == half_b && memcmp(base_a, base_b, n) == 0 && (strcmp(a, b) == 0 || same_node(a, b));
    vv_free(a);
    vv_free(b);
    if (same)
        return vv_fail(err, VV_E_USAGE, what, "it names another file of this job; give it a path of its own");
    return known ? VV_OK : vv_fail(err, VV_E_RESOURCE, what, "out of memory; free some and try again");
}
