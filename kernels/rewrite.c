/* rewrite.c - takes the voxels out, and proves which ones changed. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* data: voxels of `bytes` bytes each, the frame from voxel `first` on; code: n bytes. Where code has VK_REMOVE, the
 * voxel becomes the first `bytes` bytes (little endian) of `pattern`. One lane per voxel. */
K_KERNEL(vk_fill_mask)
K_ARGS(K_GLOBAL k_u8 *K_RESTRICT data, K_GLOBAL const k_u8 *K_RESTRICT code, const vk_fill_mask_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        k_i32 v = base + i;
        if (code[v] & VK_REMOVE) {
            k_i64 at = (p.first + v) * p.bytes;
            if (p.bytes == 1)
                data[at] = (k_u8)p.pattern[0];
            else if (p.bytes == 2)
                ((K_GLOBAL k_u16 *)data)[at >> 1] = (k_u16)p.pattern[0];
            else {
                for (k_i32 b = 0; b < p.bytes; ++b)
                    data[at + b] = (k_u8)(p.pattern[b >> 2] >> 8 * (b & 3));
            }
        }
    }
}

/* a, b: voxels before and after, the frames from first_a and first_b on; code: n bytes of vk_region_mask. counts[0] +=
 * voxels that differ in any bit and are not VK_REMOVE, counts[1] += differ and are VK_BRAIN, counts[2] += differ and
 * are VK_REMOVE. Group g does the g-th `per_group` voxels. counts zeroed before. */
K_KERNEL(vk_compare)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT a, K_GLOBAL const k_u8 *K_RESTRICT b, K_GLOBAL const k_u8 *K_RESTRICT code,
       K_GLOBAL k_u32 *K_RESTRICT counts, const vk_compare_p p)
{
    K_LOCAL(k_u32, n, 3);
    k_i32 first = K_GROUP_ID(0) * p.per_group, last = k_min_i32(first + p.per_group, p.n);
    K_PHASE (i) {
        if (i < 3)
            n[i] = 0;
    }
    K_PHASE (i) {
        for (k_i32 v = first + i; v < last; v += K_GROUP) {
            k_i64 pa = (p.first_a + v) * p.bytes, pb = (p.first_b + v) * p.bytes;
            k_i32 differ = 0;
            if (p.bytes == 2)
                differ = ((K_GLOBAL const k_u16 *)a)[pa >> 1] != ((K_GLOBAL const k_u16 *)b)[pb >> 1];
            else {
                for (k_i32 c = 0; c < p.bytes; ++c)
                    differ |= a[pa + c] != b[pb + c];
            }
            if (differ) {
                if (code[v] & VK_REMOVE)
                    k_atomic_add_local(&n[2], 1u);
                else
                    k_atomic_add_local(&n[0], 1u);
                if (code[v] & VK_BRAIN)
                    k_atomic_add_local(&n[1], 1u);
            }
        }
    }
    K_PHASE (i) {
        if (i < 3 && n[i])
            k_atomic_add_global(&counts[i], n[i]);
    }
}
