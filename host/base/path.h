/* path.h - taking paths apart and putting them together; touches no file. */
#ifndef VV_PATH_H
#define VV_PATH_H
#include <stdbool.h>
#include <stddef.h>

/* The last component: what follows the last slash. Points into `path`. Empty where the path ends in a slash. */
const char *vv_path_base(const char *path);
/* The folder of `path` ("." where there is no slash, "/" for "/x"). NULL: memory is out. Release with vv_free. */
char *vv_path_dir(const char *path);
/* dir/name. NULL: memory is out. Release with vv_free. */
char *vv_path_join(const char *dir, const char *name);
/* `path` with its last `drop` bytes taken off and `suffix` put on. NULL: memory is out. Release with vv_free. */
char *vv_path_resuffix(const char *path, size_t drop, const char *suffix);
/* Whether `path` ends in `suffix`, letters of either case (ASCII only, whatever the locale), with something before it.
 */
bool vv_path_has_suffix(const char *path, const char *suffix);
#endif
