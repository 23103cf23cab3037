/* refill.c - the modes `noise` and `reface`, and ghosts: what is taken out becomes air or tissue with the grain of what
 * is kept. The chance in it is a hash of the voxel's place: the same on every device, and nothing of the removed voxels
 * enters. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* 32 bits that look random for each x: one step of a PCG and its output function (Jarzynski and Olano, "Hash Functions
 * for GPU Rendering", JCGT 2020). */
K_FN k_u32 hash_u32(k_u32 x)
{
    k_u32 s = x * 747796405u + 2891336453u;
    k_u32 w = ((s >> ((s >> 28) + 4)) ^ s) * 277803737u;
    return (w >> 22) ^ w;
}

/* One of `count` table entries, by 32 random bits. */
K_FN k_i32 pick_of(k_u32 bits, k_i32 count)
{
    return (k_i32)(((k_u64)bits * (k_u64)count) >> 32);
}

/* data: voxels of `bytes` bytes each, the frame from voxel `first` on; table: `count` voxels. Where (code[v] & bits) ==
 * want, voxel v becomes the table's entry floor(h * count / 2^32), h = hash(hash(v) + seed). One lane per voxel. */
K_KERNEL(vk_draw)
K_ARGS(K_GLOBAL k_u8 *K_RESTRICT data, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL const k_u8 *K_RESTRICT table,
       const vk_draw_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        k_i32 v = base + i;
        if ((code[v] & p.bits) == p.want) {
            k_i64 to = (p.first + v) * p.bytes;
            k_i64 from = (k_i64)pick_of(hash_u32(hash_u32((k_u32)v) + p.seed), p.count) * p.bytes;
            for (k_i32 b = 0; b < p.bytes; ++b)
                data[to + b] = table[from + b];
        }
    }
}

/* Byte `part` of the voxels of two of the average head, trilinear, held inside. */
K_FN k_f32 average_at(K_GLOBAL const k_u8 *face, k_i32 part, k_i32 nx, k_i32 ny, k_i32 nz, k_f32 u, k_f32 v, k_f32 w)
{
    u = k_clamp_f32(u, 0.0f, (k_f32)(nx - 1));
    v = k_clamp_f32(v, 0.0f, (k_f32)(ny - 1));
    w = k_clamp_f32(w, 0.0f, (k_f32)(nz - 1));
    k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w;
    k_f32 fu = u - (k_f32)a, fv = v - (k_f32)b, fw = w - (k_f32)c;
    k_i32 dx = a + 1 < nx ? 2 : 0, dy = b + 1 < ny ? 2 * nx : 0, dz = c + 1 < nz ? 2 * nx * ny : 0;
    k_i32 o = 2 * ((c * ny + b) * nx + a) + part;
    k_f32 c00 = (k_f32)face[o] * (1.0f - fu) + (k_f32)face[o + dx] * fu;
    k_f32 c10 = (k_f32)face[o + dy] * (1.0f - fu) + (k_f32)face[o + dy + dx] * fu;
    k_f32 c01 = (k_f32)face[o + dz] * (1.0f - fu) + (k_f32)face[o + dz + dx] * fu;
    k_f32 c11 = (k_f32)face[o + dz + dy] * (1.0f - fu) + (k_f32)face[o + dz + dy + dx] * fu;
    k_f32 d0 = c00 * (1.0f - fv) + c10 * fv, d1 = c01 * (1.0f - fv) + c11 * fv;
    return d0 * (1.0f - fw) + d1 * fw;
}

/* The smooth level of a voxel to be refilled: the filled level `cell`; where there is an average head (p.bx > 0), this
 * fades, within 1 / p.blend mm of the border of what goes and at the average skin, into: air off the average head, and
 * inside it the curve at the average level. */
K_FN k_f32 smooth_level(K_GLOBAL const k_f32 *cell, K_GLOBAL const k_f32 *pair, K_GLOBAL const k_u8 *face,
                        const vk_refill_p p, k_f32 x, k_f32 y, k_f32 z)
{
    k_f32 share = 0.0f, average = p.air;
    if (p.bx > 0) {
        k_f32 u = p.m[0] * x + p.m[1] * y + p.m[2] * z + p.m[3];
        k_f32 v = p.m[4] * x + p.m[5] * y + p.m[6] * z + p.m[7];
        k_f32 w = p.m[8] * x + p.m[9] * y + p.m[10] * z + p.m[11];
        share = k_clamp_f32(filled_at(pair, p.ax, p.ay, p.az, u, v, w) * p.blend, 0.0f, 1.0f);
        u = p.face[0] * u + p.face[1];
        v = p.face[2] * v + p.face[3];
        w = p.face[4] * w + p.face[5];
        k_f32 depth = (average_at(face, 1, p.bx, p.by, p.bz, u, v, w) - 128.0f) * (1.0f / VK_FIELD_SCALE);
        k_f32 inside = k_clamp_f32(0.5f + depth * p.edge, 0.0f, 1.0f);
        share = k_max_f32(share, 1.0f - inside);
        if (inside > 0.0f) { /* most of what is refilled is air far from the head */
            k_f32 level = average_at(face, 0, p.bx, p.by, p.bz, u, v, w) * ((k_f32)(VK_CURVE - 1) / 255.0f);
            k_i32 step = k_clamp_i32((k_i32)level, 0, VK_CURVE - 2);
            k_f32 part = level - (k_f32)step;
            k_f32 tissue = p.curve[step] * (1.0f - part) + p.curve[step + 1] * part;
            average = p.air * (1.0f - inside) + tissue * inside;
        }
    }
    if (share >= 1.0f)
        return average;
    k_f32 around = filled_at(cell, p.nx, p.ny, p.nz, p.cell[0] * x + p.cell[1], p.cell[2] * y + p.cell[3],
                             p.cell[4] * z + p.cell[5]);
    return around * (1.0f - share) + average * share;
}

/* data: the frame from voxel `first` on, sx*sy*sz voxels. Where (code & bits) == want, the voxel becomes its smooth
 * level s, with grain: a = (s - air) / (tissue - air), held to 0..1, is its share of tissue; s += a * difference + (1 -
 * a) * (level - air), drawn from `table`: p.air_count levels of air (at floor(h * air_count / 2^32), h = hash(hash(v) +
 * seed), v the voxel's place in the frame), then p.grain_count differences (at the same of hash(h)); a count of 0 adds
 * nothing. cell: nx*ny*nz pairs {level, -} at p.cell times the voxel's index; pair: ax*ay*az pairs {mm inside what
 * goes, -} at m; face: bx*by*bz voxels {level, 128 + mm inside the head * VK_FIELD_SCALE} at p.face of that. Groups
 * (ceil(sx/256), sy, sz). */
K_KERNEL(vk_refill)
K_ARGS(K_GLOBAL k_u8 *K_RESTRICT data, K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL const k_f32 *K_RESTRICT cell,
       K_GLOBAL const k_f32 *K_RESTRICT pair, K_GLOBAL const k_u8 *K_RESTRICT face,
       K_GLOBAL const k_f32 *K_RESTRICT table, const vk_refill_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_f32 span = p.tissue - p.air, per = span != 0.0f ? 1.0f / span : 0.0f;
    K_LANES_N (i, p.sx - base) {
        k_i32 v = (z * p.sy + y) * p.sx + base + i;
        if ((code[v] & p.bits) == p.want) {
            k_f32 s = smooth_level(cell, pair, face, p, (k_f32)(base + i), (k_f32)y, (k_f32)z);
            k_f32 a = k_clamp_f32((s - p.air) * per, 0.0f, 1.0f);
            k_u32 h = hash_u32(hash_u32((k_u32)v) + p.seed);
            if (p.air_count > 0)
                s += (1.0f - a) * (table[pick_of(h, p.air_count)] - p.air);
            if (p.grain_count > 0)
                s += a * table[p.air_count + pick_of(hash_u32(h), p.grain_count)];
            store_channel(data, p.first + v, p.dtype, p.channel, k_finite_or(s, p.air));
        }
    }
}
