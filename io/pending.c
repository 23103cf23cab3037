#include "pending.h"
#include "alloc.h"
#include "path.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

vv_pending *vv_pending_new(void)
{
    vv_pending *p = vv_calloc(1, sizeof *p);
    if (p)
        vv_sha256_begin(&p->hash);
    return p;
}

vv_status vv_pending_add(vv_pending *p, const char *path, vv_err *err)
{
    char *copy = vv_path_resuffix(path, 0, "");
    if (!copy)
        return vv_fail(err, VV_E_RESOURCE, "output", "out of memory");
    vv_status status = vv_sink_open(path, &p->sinks[p->count], err);
    if (status == VV_OK)
        p->paths[p->count++] = copy;
    else
        vv_free(copy);
    return status;
}

vv_status vv_pending_write(vv_pending *p, const void *data, size_t bytes, vv_err *err)
{
    vv_sha256_add(&p->hash, data, bytes);
    p->bytes += bytes;
    return vv_sink_write(p->sinks[p->count - 1], data, bytes, err);
}

void vv_pending_end(vv_pending *p)
{
    vv_sha256_end(&p->hash, p->sha256);
}

const char *vv_pending_sha256(const vv_pending *p)
{
    return p->sha256;
}

uint64_t vv_pending_bytes(const vv_pending *p)
{
    return p->bytes;
}

int vv_pending_text_left(const vv_pending *p)
{
    return p->text_left;
}

void vv_file_discard(vv_pending **pending)
{
    vv_pending *p = *pending;
    *pending = NULL;
    if (!p)
        return;
    for (int i = 0; i < p->count; i++) {
        vv_sink_discard(&p->sinks[i]);
        vv_free(p->paths[i]);
    }
    vv_free(p);
}

/* Of a pair the image goes first: a reader starts from the header, so the pair is there once the header is. Where the
 * header cannot follow, a new image goes again; one that replaced another has to stay. */
vv_status vv_file_commit(vv_pending **p, bool force, vv_err *err)
{
    vv_status status = VV_OK;
    for (int i = (*p)->count - 1; i >= 0 && status == VV_OK; i--) {
        status = vv_sink_commit(&(*p)->sinks[i], force, err);
        if (status != VV_OK && i == 0 && (*p)->count == 2 && !force)
            unlink((*p)->paths[1]);
    }
    vv_file_discard(p);
    return status;
}

vv_status vv_file_quarantine(vv_pending **p, const char *dir, vv_err *err)
{
    vv_status status = VV_OK;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        status = vv_fail(err, VV_E_RESOURCE, "quarantine", "the quarantine folder cannot be made; name another");
    for (int i = (*p)->count - 1; i >= 0 && status == VV_OK; i--)
        status = vv_sink_commit_to(&(*p)->sinks[i], dir, err);
    vv_file_discard(p);
    return status;
}
