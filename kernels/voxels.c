/* voxels.c - from stored voxels to the coarse grids on which the head is found, and their statistics. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* src: voxels of any type. dst: float nx*ny*nz, x fastest: the mean of each fx*fy*fz block of the frame that starts at
 * voxel `first`, in scaled units (stored * slope + inter; a stored NaN or infinity counts as 0), times `weight`; added
 * to dst where `add` is set. The block is summed x fastest. One group per 256 coarse voxels of a row: groups
 * (ceil(nx/256), ny, nz). */
K_KERNEL(vk_coarsen) K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT src, K_GLOBAL k_f32 *K_RESTRICT dst, const vk_coarsen_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_f32 scale = p.weight / (k_f32)(p.fx * p.fy * p.fz);
    K_LANES_N (i, p.nx - base) {
        k_f32 s = 0.0f;
        for (k_i32 c = 0; c < p.fz; ++c) {
            for (k_i32 b = 0; b < p.fy; ++b) {
                k_i64 row = p.first + ((k_i64)(z * p.fz + c) * p.sy + (y * p.fy + b)) * p.sx + (k_i64)(base + i) * p.fx;
                for (k_i32 a = 0; a < p.fx; ++a)
                    s += k_finite_or(k_load_voxel(src, row + a, p.dtype), 0.0f) * p.slope + p.inter;
            }
        }
        k_i64 o = ((k_i64)z * p.ny + y) * p.nx + base + i;
        k_f32 v = k_finite_or(s * scale, 0.0f);
        dst[o] = p.add ? k_finite_or(dst[o] + v, 0.0f) : v;
    }
}

/* src: n floats, none a NaN. out[2*g], out[2*g+1]: least and greatest of the g-th `per_group` of them. */
K_KERNEL(vk_range) K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL k_f32 *K_RESTRICT out, const vk_range_p p)
{
    K_LOCAL(k_f32, lo, K_GROUP);
    K_LOCAL(k_f32, hi, K_GROUP);
    k_i32 first = K_GROUP_ID(0) * p.per_group, last = k_min_i32(first + p.per_group, p.n);
    K_PHASE (i) {
        k_f32 a = src[first], b = a;
        for (k_i32 v = first + i; v < last; v += K_GROUP) {
            a = k_min_f32(a, src[v]);
            b = k_max_f32(b, src[v]);
        }
        lo[i] = a;
        hi[i] = b;
    }
    for (k_i32 h = K_GROUP / 2; h > 0; h >>= 1) {
        K_PHASE (i) {
            if (i < h) {
                lo[i] = k_min_f32(lo[i], lo[i + h]);
                hi[i] = k_max_f32(hi[i], hi[i + h]);
            }
        }
    }
    K_PHASE (i) {
        if (i == 0) {
            out[2 * K_GROUP_ID(0)] = lo[0];
            out[2 * K_GROUP_ID(0) + 1] = hi[0];
        }
    }
}

/* src: n floats; code: n bytes. bins[1024] += 1 for each v with (code[v] & bits) == want, in the bin
 * floor((src[v] - lo) * scale) held to 0..1023. Group g does the g-th `per_group` of them. bins zeroed before. */
K_KERNEL(vk_histogram)
K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL k_u32 *K_RESTRICT bins,
       const vk_histogram_p p)
{
    K_LOCAL(k_u32, h, 1024);
    k_i32 first = K_GROUP_ID(0) * p.per_group, last = k_min_i32(first + p.per_group, p.n);
    K_PHASE (i) {
        for (k_i32 b = i; b < 1024; b += K_GROUP)
            h[b] = 0;
    }
    K_PHASE (i) {
        for (k_i32 v = first + i; v < last; v += K_GROUP) {
            if ((code[v] & p.bits) == p.want)
                k_atomic_add_local(&h[(k_i32)k_clamp_f32((src[v] - p.lo) * p.scale, 0.0f, 1023.0f)], 1u);
        }
    }
    K_PHASE (i) {
        for (k_i32 b = i; b < 1024; b += K_GROUP) {
            if (h[b])
                k_atomic_add_global(&bins[b], h[b]);
        }
    }
}
