/* sink.h - a file that exists at its path only once it is whole.
 *
 * Until the commit the bytes are in an unnamed file of the same folder (O_TMPFILE), which the system takes back even
 * when the process is killed. Where the file system has no unnamed files it is a hidden one, `.voxveil-PID-N.tmp`,
 * removed on every failure; only a SIGKILL or a power cut can leave it behind. It is readable by its owner alone until
 * the commit. */
#ifndef VV_SINK_H
#define VV_SINK_H
#include "err.h"
#include <stdbool.h>

typedef struct vv_sink vv_sink;

/* Whether a file may be put in place of what is at `path`: nothing, a regular file, or a symbolic link to either (the
 * link is replaced, not its target). A device, a pipe, a socket or a folder is nothing to replace, forced or not. */
bool vv_sink_may_replace(const char *path);
/* VV_E_USAGE: the folder is missing or not writable, or the path is one that vv_sink_may_replace denies. */
VV_NODISCARD vv_status vv_sink_open(const char *path, vv_sink **out, vv_err *err);
/* VV_E_RESOURCE: the disk is full, a quota or a file-size limit is reached, an I/O error. */
VV_NODISCARD vv_status vv_sink_write(vv_sink *s, const void *data, size_t bytes, vv_err *err);
/* Puts the bytes on the disk and the file at its path, in one step. Without `force` a file that is there (also one that
 * came meanwhile) stays: VV_E_USAGE; with it, what vv_sink_may_replace denies. The sink is destroyed whatever happens. */
VV_NODISCARD vv_status vv_sink_commit(vv_sink **s, bool force, vv_err *err);
/* The same into `dir`, under the path's last name, readable by its owner alone; replaces what is there. */
VV_NODISCARD vv_status vv_sink_commit_to(vv_sink **s, const char *dir, vv_err *err);
void vv_sink_discard(vv_sink **s); /* *s may be NULL */
#endif
