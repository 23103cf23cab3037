/* soften.c - the mode `blur`: what is taken out is replaced by a low-pass of what stays around it (push-pull; Gortler
 * et al., "The Lumigraph", 1996). Nothing of the removed voxels enters. Works in stored units. A coarse cell holds two
 * floats: the sum of its kept values times their weights, and the weight, 0..1.
 */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

K_FN k_f32 load_channel(K_GLOBAL const k_u8 *p, k_i64 v, k_i32 dtype, k_i32 channel)
{
    if (dtype == K_DT_RGB24)
        return (k_f32)p[3 * v + channel];
    if (dtype == K_DT_RGBA32)
        return (k_f32)p[4 * v + channel];
    return k_finite_or(k_load_voxel(p, v, dtype), 0.0f);
}

/* cell[c] = {mean over the block's voxels of value where known else 0, share of the block that is known}. Known is what
 * lacks VK_REMOVE, with its own value, and what has VK_AIRY too, with the value `air`. Blocks as in vk_coarsen;
 * `channel` 0..3 for colours. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_kept_mean)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT src, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL k_f32 *K_RESTRICT cell,
       const vk_kept_mean_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_f32 share = 1.0f / (k_f32)(p.fx * p.fy * p.fz);
    K_LANES_N (i, p.nx - base) {
        k_f32 s = 0.0f, w = 0.0f;
        for (k_i32 c = 0; c < p.fz; ++c) {
            for (k_i32 b = 0; b < p.fy; ++b) {
                k_i64 row = ((k_i64)(z * p.fz + c) * p.sy + (y * p.fy + b)) * p.sx + (k_i64)(base + i) * p.fx;
                for (k_i32 a = 0; a < p.fx; ++a) {
                    k_i32 what = code[row + a];
                    if (!(what & VK_REMOVE) || (what & VK_AIRY)) {
                        s += what & VK_REMOVE ? p.air : load_channel(src, p.first + row + a, p.dtype, p.channel);
                        w += 1.0f;
                    }
                }
            }
        }
        k_i64 o = (((k_i64)z * p.ny + y) * p.nx + base + i) * 2;
        cell[o] = k_finite_or(s * share, 0.0f);
        cell[o + 1] = w * share;
    }
}

/* Next coarser level: each cell the sum of its (up to eight) children, scaled down where the weight passes 1. s: fine
 * grid, n = ceil(s / 2): coarse grid. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_pull) K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT fine, K_GLOBAL k_f32 *K_RESTRICT coarse, const vk_pull_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i;
        k_f32 s = 0.0f, w = 0.0f;
        for (k_i32 c = 2 * z; c < k_min_i32(2 * z + 2, p.sz); ++c)
            for (k_i32 b = 2 * y; b < k_min_i32(2 * y + 2, p.sy); ++b)
                for (k_i32 a = 2 * x; a < k_min_i32(2 * x + 2, p.sx); ++a) {
                    k_i64 o = (((k_i64)c * p.sy + b) * p.sx + a) * 2;
                    s += fine[o];
                    w += fine[o + 1];
                }
        k_i64 o = (((k_i64)z * p.ny + y) * p.nx + x) * 2;
        k_f32 down = w > 1.0f ? 1.0f / w : 1.0f;
        coarse[o] = k_finite_or(s * down, 0.0f);
        coarse[o + 1] = w * down;
    }
}

/* Value of a filled level at (u, v, w) in its voxels, trilinear, held inside. */
K_FN k_f32 filled_at(K_GLOBAL const k_f32 *cell, k_i32 nx, k_i32 ny, k_i32 nz, k_f32 u, k_f32 v, k_f32 w)
{
    u = k_clamp_f32(u, 0.0f, (k_f32)(nx - 1));
    v = k_clamp_f32(v, 0.0f, (k_f32)(ny - 1));
    w = k_clamp_f32(w, 0.0f, (k_f32)(nz - 1));
    k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w;
    k_f32 fu = u - (k_f32)a, fv = v - (k_f32)b, fw = w - (k_f32)c;
    k_i64 da = a + 1 < nx ? 2 : 0, db = b + 1 < ny ? 2 * (k_i64)nx : 0, dc = c + 1 < nz ? 2 * (k_i64)nx * ny : 0;
    K_GLOBAL const k_f32 *o = cell + (((k_i64)c * ny + b) * nx + a) * 2;
    k_f32 c00 = o[0] * (1.0f - fu) + o[da] * fu, c10 = o[db] * (1.0f - fu) + o[db + da] * fu;
    k_f32 c01 = o[dc] * (1.0f - fu) + o[dc + da] * fu, c11 = o[dc + db] * (1.0f - fu) + o[dc + db + da] * fu;
    k_f32 d0 = c00 * (1.0f - fv) + c10 * fv, d1 = c01 * (1.0f - fv) + c11 * fv;
    return d0 * (1.0f - fw) + d1 * fw;
}

/* Fills a level in place from the coarser, already filled one: value = sum + (1 - weight) * coarser, weight = 1. A top
 * level is filled with cx = 0: value = sum / weight, or 0 where nothing was kept. n: this level; c: the coarser one,
 * whose voxel (u) covers this level's 2u and 2u+1. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_push) K_ARGS(K_GLOBAL k_f32 *K_RESTRICT cell, K_GLOBAL const k_f32 *K_RESTRICT coarser, const vk_push_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    K_LANES_N (i, p.nx - base) {
        k_i64 o = (((k_i64)z * p.ny + y) * p.nx + base + i) * 2;
        k_f32 w = cell[o + 1], r;
        if (p.cx == 0)
            r = w > 0.0f ? cell[o] / w : 0.0f;
        else
            r = cell[o] + (1.0f - w) * filled_at(coarser, p.cx, p.cy, p.cz, ((k_f32)(base + i) - 0.5f) * 0.5f,
                                                 ((k_f32)y - 0.5f) * 0.5f, ((k_f32)z - 0.5f) * 0.5f);
        cell[o] = k_finite_or(r, 0.0f);
        cell[o + 1] = 1.0f;
    }
}

/* The bits of the double with the float's value (exact). */
K_FN k_u64 f32_to_double_bits(k_f32 x)
{
    k_u32 u = k_f2u(x);
    k_u64 sign = (k_u64)(u >> 31) << 63;
    k_i32 e = (k_i32)(u >> 23 & 255);
    k_u64 m = u & 0x7fffffu;
    if (e == 0) {
        if (m == 0)
            return sign;
        while (!(m & 0x800000u)) {
            m <<= 1;
            --e;
        }
        m &= 0x7fffffu;
        ++e;
    }
    return sign | (k_u64)(e - 127 + 1023) << 52 | m << 29;
}

/* Writes x into voxel v: rounded to nearest and held to the type's range. */
K_FN void store_channel(K_GLOBAL k_u8 *p, k_i64 v, k_i32 dtype, k_i32 channel, k_f32 x)
{
    k_f32 r = k_round(x);
    switch (dtype) {
    case K_DT_U8:
        p[v] = (k_u8)(k_i32)k_clamp_f32(r, 0.0f, 255.0f);
        break;
    case K_DT_I8:
        ((K_GLOBAL k_i8 *)p)[v] = (k_i8)(k_i32)k_clamp_f32(r, -128.0f, 127.0f);
        break;
    case K_DT_U16:
        ((K_GLOBAL k_u16 *)p)[v] = (k_u16)(k_i32)k_clamp_f32(r, 0.0f, 65535.0f);
        break;
    case K_DT_I16:
        ((K_GLOBAL k_i16 *)p)[v] = (k_i16)(k_i32)k_clamp_f32(r, -32768.0f, 32767.0f);
        break;
    case K_DT_U32:
        ((K_GLOBAL k_u32 *)p)[v] = (k_u32)(k_i64)k_clamp_f32(r, 0.0f, 4294967040.0f);
        break;
    case K_DT_I32:
        ((K_GLOBAL k_i32 *)p)[v] = (k_i32)k_clamp_f32(r, -2147483648.0f, 2147483520.0f);
        break;
    case K_DT_U64:
        ((K_GLOBAL k_u64 *)p)[v] = (k_u64)(k_i64)k_clamp_f32(r, 0.0f, 9223371487098961920.0f);
        break;
    case K_DT_I64:
        ((K_GLOBAL k_i64 *)p)[v] = (k_i64)k_clamp_f32(r, -9223371487098961920.0f, 9223371487098961920.0f);
        break;
    case K_DT_F32:
        ((K_GLOBAL k_f32 *)p)[v] = x;
        break;
    case K_DT_F64:
        ((K_GLOBAL k_u64 *)p)[v] = f32_to_double_bits(x);
        break;
    case K_DT_RGB24:
        p[3 * v + channel] = (k_u8)(k_i32)k_clamp_f32(r, 0.0f, 255.0f);
        break;
    case K_DT_RGBA32:
        p[4 * v + channel] = (k_u8)(k_i32)k_clamp_f32(r, 0.0f, 255.0f);
        break;
    default:
        break;
    }
}

/* data: the frame from voxel `first` on, sx*sy*sz voxels; where code has VK_REMOVE the voxel becomes the filled level
 * `cell` (nx*ny*nz cells) at m times the voxel's index. Groups (ceil(sx/256), sy, sz). */
K_KERNEL(vk_soften)
K_ARGS(K_GLOBAL k_u8 *K_RESTRICT data, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL const k_f32 *K_RESTRICT cell,
       const vk_soften_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    K_LANES_N (i, p.sx - base) {
        k_i64 v = ((k_i64)z * p.sy + y) * p.sx + base + i;
        if (code[v] & VK_REMOVE) {
            k_f32 u = p.m[0] * (k_f32)(base + i) + p.m[3], t = p.m[5] * (k_f32)y + p.m[7],
                  w = p.m[10] * (k_f32)z + p.m[11];
            store_channel(data, p.first + v, p.dtype, p.channel, filled_at(cell, p.nx, p.ny, p.nz, u, t, w));
        }
    }
}
