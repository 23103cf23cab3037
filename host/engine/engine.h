/* engine.h - what an engine holds. */
#ifndef VV_ENGINE_H
#define VV_ENGINE_H
#include "device.h"
#include "pool.h"

struct vv_engine {
    vv_pool *pool;
    vv_device *device;
    vv_progress_fn progress; /* NULL: nobody listens */
    vv_log_fn log;
    void *user;
};

/* Monotonic time in milliseconds; only ever reported, nothing is decided by it. */
double vv_now_ms(void);
/* Tells the listener; VV_E_CANCELLED once it asked to stop. */
VV_NODISCARD vv_status vv_engine_step(const vv_engine *e, const char *stage, double fraction, vv_err *err);
#endif
