/* render.c - pictures for the preview sheet: the surface seen along a direction, and slices. 8-bit grey, rows top to
 * bottom. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* Level at (u, v, w) in voxels, trilinear; `air` outside the grid. */
K_FN k_f32 level_at(K_GLOBAL const k_f32 *src, k_i32 nx, k_i32 ny, k_i32 nz, k_f32 u, k_f32 v, k_f32 w, k_f32 air)
{
    if (!(u >= 0.0f && v >= 0.0f && w >= 0.0f && u <= (k_f32)(nx - 1) && v <= (k_f32)(ny - 1) && w <= (k_f32)(nz - 1)))
        return air;
    k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w;
    k_f32 fu = u - (k_f32)a, fv = v - (k_f32)b, fw = w - (k_f32)c;
    k_i32 da = a + 1 < nx ? 1 : 0, db = b + 1 < ny ? nx : 0, dc = c + 1 < nz ? nx * ny : 0;
    K_GLOBAL const k_f32 *o = src + (c * ny + b) * nx + a;
    k_f32 c00 = o[0] * (1.0f - fu) + o[da] * fu, c10 = o[db] * (1.0f - fu) + o[db + da] * fu;
    k_f32 c01 = o[dc] * (1.0f - fu) + o[dc + da] * fu, c11 = o[dc + db] * (1.0f - fu) + o[dc + db + da] * fu;
    k_f32 d0 = c00 * (1.0f - fv) + c10 * fv, d1 = c01 * (1.0f - fv) + c11 * fv;
    return d0 * (1.0f - fw) + d1 * fw;
}

/* src: nx*ny*nz levels. Each pixel's ray goes through the voxels m * (column, row, step), step = 0..steps-1, and stops
 * where the level first passes `threshold`. out: 0 where it never does, else 24..255 by the slope of the surface to the
 * light (Lambert). One group per 256 pixels of a row: groups (ceil(width/256), height, 1). */
K_KERNEL(vk_render) K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL k_u8 *K_RESTRICT out, const vk_render_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, row = K_GROUP_ID(1);
    K_LANES_N (i, p.width - base) {
        k_f32 c = (k_f32)(base + i), r = (k_f32)row, last = p.air;
        k_f32 x = p.m[0] * c + p.m[1] * r + p.m[3], y = p.m[4] * c + p.m[5] * r + p.m[7],
              z = p.m[8] * c + p.m[9] * r + p.m[11];
        k_i32 shade = 0;
        for (k_i32 s = 0; s < p.steps && !shade; ++s) {
            k_f32 t = (k_f32)s,
                  v = level_at(src, p.nx, p.ny, p.nz, x + p.m[2] * t, y + p.m[6] * t, z + p.m[10] * t, p.air);
            if (v > p.threshold) {
                k_f32 back = v > last ? (v - p.threshold) / (v - last) : 0.0f;
                back = k_clamp_f32(back, 0.0f, 1.0f);
                k_f32 u = x + p.m[2] * (t - back), w = y + p.m[6] * (t - back), q = z + p.m[10] * (t - back);
                k_f32 gx = level_at(src, p.nx, p.ny, p.nz, u + 1.0f, w, q, p.air) -
                           level_at(src, p.nx, p.ny, p.nz, u - 1.0f, w, q, p.air);
                k_f32 gy = level_at(src, p.nx, p.ny, p.nz, u, w + 1.0f, q, p.air) -
                           level_at(src, p.nx, p.ny, p.nz, u, w - 1.0f, q, p.air);
                k_f32 gz = level_at(src, p.nx, p.ny, p.nz, u, w, q + 1.0f, p.air) -
                           level_at(src, p.nx, p.ny, p.nz, u, w, q - 1.0f, p.air);
                gx /= p.shade_x;
                gy /= p.shade_y;
                gz /= p.shade_z;
                k_f32 len = k_sqrt(gx * gx + gy * gy + gz * gz);
                k_f32 lit = len > 0.0f ? -(gx * p.light[0] + gy * p.light[1] + gz * p.light[2]) / len : 0.0f;
                shade = 24 + (k_i32)(k_clamp_f32(lit, 0.0f, 1.0f) * 231.0f);
            }
            last = v;
        }
        out[row * p.width + base + i] = (k_u8)shade;
    }
}

/* src: the frame from voxel `first` on, any type. out: the voxel nearest to m * (column, row, 0), in scaled units, as
 * clamp((level - lo) * scale, 0, 255); 0 outside. Groups (ceil(width/256), height, 1). */
K_KERNEL(vk_slice) K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT src, K_GLOBAL k_u8 *K_RESTRICT out, const vk_slice_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, row = K_GROUP_ID(1);
    K_LANES_N (i, p.width - base) {
        k_f32 c = (k_f32)(base + i), r = (k_f32)row;
        k_f32 x = k_round(p.m[0] * c + p.m[1] * r + p.m[3]), y = k_round(p.m[4] * c + p.m[5] * r + p.m[7]);
        k_f32 z = k_round(p.m[8] * c + p.m[9] * r + p.m[11]), v = 0.0f;
        if (x >= 0.0f && y >= 0.0f && z >= 0.0f && x < (k_f32)p.nx && y < (k_f32)p.ny && z < (k_f32)p.nz) {
            k_i64 at = ((k_i64)(k_i32)z * p.ny + (k_i32)y) * p.nx + (k_i32)x;
            v = k_finite_or(k_load_voxel(src, p.first + at, p.dtype), 0.0f) * p.slope + p.inter;
            v = k_clamp_f32((v - p.lo) * p.scale, 0.0f, 255.0f);
        }
        out[row * p.width + base + i] = (k_u8)(k_i32)v;
    }
}

/* Does any of the voxels between which (u, v, w) lies have the bit? */
K_FN k_i32 bit_near(K_GLOBAL const k_u8 *code, k_i32 nx, k_i32 ny, k_i32 nz, k_f32 u, k_f32 v, k_f32 w, k_i32 bit)
{
    k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w, any = 0;
    for (k_i32 k = c; k <= k_min_i32(c + 1, nz - 1); ++k)
        for (k_i32 j = b; j <= k_min_i32(b + 1, ny - 1); ++j)
            for (k_i32 i = a; i <= k_min_i32(a + 1, nx - 1); ++i)
                any |= code[(k * ny + j) * nx + i];
    return any & bit;
}

/* src: nx*ny*nz levels; code: a byte for each. Each pixel's ray goes through the voxels m * (column, row, step), step =
 * 0..steps-1, and stops at the first step where the level is above `threshold` and one of the eight voxels around has
 * `bit`. out: the step, less the part of it that the level, taken as linear since the step before (`air` before the
 * first), was above the threshold; -1 where the ray never stops. Groups (ceil(width/256), height, 1). */
K_KERNEL(vk_depth)
K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL k_f32 *K_RESTRICT out,
       const vk_depth_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, row = K_GROUP_ID(1);
    K_LANES_N (i, p.width - base) {
        k_f32 c = (k_f32)(base + i), r = (k_f32)row, last = p.air, depth = -1.0f;
        k_f32 x = p.m[0] * c + p.m[1] * r + p.m[3], y = p.m[4] * c + p.m[5] * r + p.m[7],
              z = p.m[8] * c + p.m[9] * r + p.m[11];
        for (k_i32 s = 0; s < p.steps && depth < 0.0f; ++s) {
            k_f32 t = (k_f32)s, u = x + p.m[2] * t, v = y + p.m[6] * t, w = z + p.m[10] * t;
            k_f32 level = level_at(src, p.nx, p.ny, p.nz, u, v, w, p.air);
            k_i32 inside = u >= 0.0f && v >= 0.0f && w >= 0.0f && u <= (k_f32)(p.nx - 1) && v <= (k_f32)(p.ny - 1) &&
                           w <= (k_f32)(p.nz - 1);
            if (level > p.threshold && inside && bit_near(code, p.nx, p.ny, p.nz, u, v, w, p.bit)) {
                k_f32 back = level > last ? (level - p.threshold) / (level - last) : 0.0f;
                depth = k_max_f32(t - k_clamp_f32(back, 0.0f, 1.0f), 0.0f);
            }
            last = level;
        }
        out[row * p.width + base + i] = depth;
    }
}
