/* launch.h - one typed launch per kernel, made from kernels.def:
 *
 *   vv_status vv_launch_<name>(dev, gx, gy, gz, buf0 .. buf<nbuf-1>, const vk_<name>_p *params, err)
 *
 * gx, gy, gz: groups of K_GROUP lanes along each axis, each >= 1, gy and gz at most 65535. The buffers stand in the
 * order of the kernel's own arguments and must differ wherever one is written. Everything else is vv_launch's contract
 * (device.h). */
#ifndef VV_LAUNCH_H
#define VV_LAUNCH_H
#include "device.h"

#define VV_BUFS_1 vv_buf *b0
#define VV_BUFS_2 VV_BUFS_1, vv_buf *b1
#define VV_BUFS_3 VV_BUFS_2, vv_buf *b2
#define VV_BUFS_4 VV_BUFS_3, vv_buf *b3
#define VV_BUFS_5 VV_BUFS_4, vv_buf *b4
#define VV_BUFS_6 VV_BUFS_5, vv_buf *b5
#define VV_BUFS_7 VV_BUFS_6, vv_buf *b6
#define VV_BUFS_8 VV_BUFS_7, vv_buf *b7
#define VV_NAMES_1 b0
#define VV_NAMES_2 VV_NAMES_1, b1
#define VV_NAMES_3 VV_NAMES_2, b2
#define VV_NAMES_4 VV_NAMES_3, b3
#define VV_NAMES_5 VV_NAMES_4, b4
#define VV_NAMES_6 VV_NAMES_5, b5
#define VV_NAMES_7 VV_NAMES_6, b6
#define VV_NAMES_8 VV_NAMES_7, b7

#define KERNEL(name, nbuf)                                                                                             \
    VV_NODISCARD static inline vv_status vv_launch_##name(vv_device *dev, uint32_t gx, uint32_t gy, uint32_t gz,       \
                                                          VV_BUFS_##nbuf, const vk_##name##_p *params, vv_err *err)    \
    {                                                                                                                  \
        const uint32_t groups[3] = {gx, gy, gz};                                                                       \
        vv_buf *const bufs[nbuf] = {VV_NAMES_##nbuf};                                                                  \
        return vv_launch(dev, VV_K_##name, groups, bufs, nbuf, params, sizeof *params, err);                           \
    }
#include "kernels.def"
#undef KERNEL
#endif
