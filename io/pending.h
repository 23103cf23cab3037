/* pending.h - the file or files of one output, written and not yet at their paths. */
#ifndef VV_PENDING_H
#define VV_PENDING_H
#include "format.h"
#include "hash.h"
#include "sink.h"

struct vv_pending {
    vv_sink *sinks[2]; /* the file; or .hdr and .img */
    char *paths[2];    /* where they will be; owned */
    int count;
    uint64_t bytes;
    int text_left;  /* what vv_pending_text_left tells; set by the format from the bytes it hands over */
    vv_sha256 hash; /* of the files' bytes, in that order */
    char sha256[65];
};

/* A pending output without files yet. NULL: memory is out. */
vv_pending *vv_pending_new(void);
/* Adds a file that will be at `path`; what is written from now on goes there. */
VV_NODISCARD vv_status vv_pending_add(vv_pending *p, const char *path, vv_err *err);
VV_NODISCARD vv_status vv_pending_write(vv_pending *p, const void *data, size_t bytes, vv_err *err);
/* All is written: fixes the digest. */
void vv_pending_end(vv_pending *p);
#endif
