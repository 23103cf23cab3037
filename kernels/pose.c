/* pose.c - scores many poses of the atlas on one coarse image at once.
 *
 * The subject is a list of points, one per coarse voxel: x, y, z and its quantised level q in one word. A pose maps a
 * coarse voxel to an atlas voxel; the atlas says which tissue class stands there. What is counted per pose and class
 * are n, sum(q) and sum(q^2), integers, so that order cannot matter; the host turns them into a correlation ratio
 * (Roche et al., MICCAI 1998): how much of the variance of q the classes explain, whatever the modality.
 */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* src: coarse levels, x fastest. dst[v] = x | y << 9 | z << 18 | q << 26 with q = clamp(floor((src - lo) * scale), 0,
 * 63); NaN counts as 0. One lane per voxel; nx, ny <= 512, nz <= 256. */
K_KERNEL(vk_pack_points)
K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL k_u32 *K_RESTRICT dst, const vk_pack_points_p p)
{
    k_i32 n = p.nx * p.ny * p.nz, base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, n - base) {
        k_i32 v = base + i, x = v % p.nx, r = v / p.nx, y = r % p.ny, z = r / p.ny;
        k_f32 f = (src[v] - p.lo) * p.scale;
        k_i32 q = f > 0.0f ? (f < 63.0f ? (k_i32)f : 63) : 0;
        dst[v] = (k_u32)x | (k_u32)y << 9 | (k_u32)z << 18 | (k_u32)q << 26;
    }
}

/* points: n words of vk_pack_points. atlas: class (low 5 bits) and weight (high 3 bits) per atlas voxel, x fastest.
 * poses: 12 floats each, row-major 3x4, coarse voxel to atlas voxel; positions are rounded to the nearest atlas voxel
 * and held inside the box. sums[pose][class][3] += {w, w*q, w*q*q}, to be zeroed before. Group (x, y): the x-th share
 * of `per_group` points (a multiple of 256) for pose y. */
K_KERNEL(vk_pose_score)
K_ARGS(K_GLOBAL const k_u32 *K_RESTRICT points, K_GLOBAL const k_u8 *K_RESTRICT atlas,
       K_GLOBAL const k_f32 *K_RESTRICT poses, K_GLOBAL k_u32 *K_RESTRICT sums, const vk_pose_score_p p)
{
    K_LOCAL(k_u32, h, 2048); /* class x level, weighted */
    K_LOCAL(k_f32, m, 12);
    K_PRIVATE(k_i32, at);
    k_i32 pose = K_GROUP_ID(1), first = K_GROUP_ID(0) * p.per_group;
    k_i32 last = first + p.per_group < p.n ? first + p.per_group : p.n;
    k_f32 tx = (k_f32)(p.ax - 1), ty = (k_f32)(p.ay - 1), tz = (k_f32)(p.az - 1);
    K_PHASE (i) {
        for (k_i32 j = i; j < 2048; j += K_GROUP)
            h[j] = 0;
        if (i < 12)
            m[i] = poses[(k_i64)pose * 12 + i];
    }
    for (k_i32 base = first; base < last; base += K_GROUP) {
        K_LANES_N (i, last - base) {
            k_u32 w = points[base + i];
            k_f32 x = (k_f32)(k_i32)(w & 511), y = (k_f32)(k_i32)(w >> 9 & 511), z = (k_f32)(k_i32)(w >> 18 & 255);
            k_f32 u = m[0] * x + m[1] * y + m[2] * z + (m[3] + 0.5f);
            k_f32 v = m[4] * x + m[5] * y + m[6] * z + (m[7] + 0.5f);
            k_f32 t = m[8] * x + m[9] * y + m[10] * z + (m[11] + 0.5f);
            u = u > 0.0f ? u : 0.0f;
            v = v > 0.0f ? v : 0.0f;
            t = t > 0.0f ? t : 0.0f;
            u = u < tx ? u : tx;
            v = v < ty ? v : ty;
            t = t < tz ? t : tz;
            K_P(at, i) = ((k_i32)t * p.ay + (k_i32)v) * p.ax + (k_i32)u;
        }
        K_PHASE (i) {
            if (i < last - base) {
                k_u32 a = atlas[K_P(at, i)], q = points[base + i] >> 26;
                k_atomic_add_local(&h[(a & 31) << 6 | q], a >> 5);
            }
        }
    }
    K_PHASE (i) {
        if (i < 32) {
            k_u32 n = 0, s = 0, ss = 0;
            for (k_u32 q = 0; q < 64; ++q) {
                k_u32 c = h[(k_u32)i << 6 | q];
                n += c;
                s += c * q;
                ss += c * q * q;
            }
            if (n) {
                K_GLOBAL k_u32 *o = sums + ((k_i64)pose * 32 + i) * 3;
                k_atomic_add_global(o, n);
                k_atomic_add_global(o + 1, s);
                k_atomic_add_global(o + 2, ss);
            }
        }
    }
}
