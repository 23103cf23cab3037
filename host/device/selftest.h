/* selftest.h - does this device compute the bits it must? Private to host/device and to the kernel tests. */
#ifndef VV_SELFTEST_H
#define VV_SELFTEST_H
#include "device.h"

/* FNV-1a of the output bytes of every short case of one kernel. */
VV_NODISCARD vv_status vv_selftest_digest(vv_device *dev, vv_kernel_id kernel, uint64_t *digest, vv_err *err);
/* Every kernel's digest against the stored one. VV_E_RESOURCE at the first that differs. A kernel without a stored
 * digest is passed over here; the kernel tests do not let that stand. */
VV_NODISCARD vv_status vv_selftest_run(vv_device *dev, vv_err *err);

/* Stored digests, 0 where there is none. */
extern const uint64_t vv_selftest_digests[VV_K_COUNT];
#endif
