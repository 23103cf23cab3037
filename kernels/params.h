/* params.h - one parameter struct per kernel, the same bytes on the host, in OpenCL C and in CUDA: only 4- and 8-byte
 * members, ordered so that no padding is needed. */
#ifndef VK_PARAMS_H
#define VK_PARAMS_H
#if defined(__OPENCL_C_VERSION__)
typedef int vk_i32; typedef uint vk_u32; typedef long vk_i64; typedef float vk_f32;
#else
#include <stdint.h>
typedef int32_t vk_i32; typedef uint32_t vk_u32; typedef int64_t vk_i64; typedef float vk_f32;
#endif

#endif
