/* pool.h - a fixed set of threads that share out numbered tasks. */
#ifndef VV_POOL_H
#define VV_POOL_H
#include "err.h"

typedef struct vv_pool vv_pool;
typedef void (*vv_task_fn)(void *arg, int64_t task);

/* threads: 0 means one per online core; the calling thread counts as one of them. */
VV_NODISCARD vv_status vv_pool_create(int threads, vv_pool **out, vv_err *err);
void vv_pool_destroy(vv_pool **pool);
int vv_pool_threads(const vv_pool *pool);
/* Runs fn(arg, 0..tasks-1), each once, in no fixed order; returns when all are done. Not re-entrant; one caller at a
 * time. */
void vv_pool_run(vv_pool *pool, int64_t tasks, vv_task_fn fn, void *arg);
#endif
