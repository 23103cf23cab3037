/* The corpus again, without a fuzzer: files named ok-* must be read, those named bad-* refused, others only survive. */
#include "fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

static int replay(const char *folder, const char *name)
{
    static uint8_t bytes[FILE_MAX];
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return 1;
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    vv_status status = fuzz_one(bytes, n);
    bool wrong =
        (strncmp(name, "ok-", 3) == 0 && status != VV_OK) || (strncmp(name, "bad-", 4) == 0 && status == VV_OK);
    if (wrong)
        printf("%s: status %d\n", name, status);
    return wrong;
}

int main(int argc, char **argv)
{
    DIR *d = argc > 1 ? opendir(argv[1]) : NULL;
    int files = 0, wrong = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        wrong += replay(argv[1], e->d_name);
        files++;
    }
    if (d)
        closedir(d);
    printf("%d files, %d wrong\n", files, wrong);
    return files > 0 && wrong == 0 ? 0 : 1;
}
