/* region.c - where the atlas, brought to the subject, says that the brain is and what goes. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* fields: VK_FIELDS volumes of n signed distances (mm * VK_FIELD_SCALE, positive inside). pair[2v]: how far v is inside
 * what goes, mm: the most of the `regions` (-1000 where there is none), but no more than its distance from the brain
 * less `guard`, nor, for where = VK_IN_HEAD, than its depth in the atlas's head, nor, for VK_OFF_HEAD, than its
 * distance from the head less VK_OFF_MM. pair[2v+1]: its depth in the brain, mm. One lane per voxel. */
K_KERNEL(vk_combine_fields)
K_ARGS(K_GLOBAL const k_i8 *K_RESTRICT fields, K_GLOBAL k_f32 *K_RESTRICT pair, const vk_combine_fields_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        k_i32 v = base + i;
        k_f32 brain = (k_f32)fields[VK_FIELD_BRAIN * p.n + v] * (1.0f / VK_FIELD_SCALE), out = -1000.0f;
        for (k_i32 f = VK_FIELD_FACE; f < VK_FIELD_HEAD; ++f)
            out = p.regions >> f & 1 ? k_max_f32(out, (k_f32)fields[f * p.n + v] * (1.0f / VK_FIELD_SCALE)) : out;
        out = k_min_f32(out, -brain - p.guard);
        k_f32 head = (k_f32)fields[VK_FIELD_HEAD * p.n + v] * (1.0f / VK_FIELD_SCALE);
        if (p.where == VK_IN_HEAD)
            out = k_min_f32(out, head);
        else if (p.where == VK_OFF_HEAD)
            out = k_min_f32(out, -head - VK_OFF_MM);
        pair[2 * v] = out;
        pair[2 * v + 1] = brain;
    }
}

/* pair: ax*ay*az pairs of vk_combine_fields. code[v] of a subject voxel, x fastest: the bits `keep` of it stay, then
 * VK_BRAIN where the second of the pair is above 0 at m * v (trilinear, held inside the box, so that what reaches an
 * edge of the atlas goes on beyond it), else `bit` where the first is. counts[0] += voxels with `bit`, counts[1] +=
 * with VK_BRAIN. Groups (ceil(nx/256), ny, nz). counts zeroed before. */
K_KERNEL(vk_region_mask)
K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT pair, K_GLOBAL k_u8 *K_RESTRICT code, K_GLOBAL k_u32 *K_RESTRICT counts,
       const vk_region_mask_p p)
{
    K_LOCAL(k_u32, n, 2);
    k_i32 base = K_GROUP_ID(0) * K_GROUP, sy = 2 * p.ax, sz = 2 * p.ax * p.ay;
    k_f32 y = (k_f32)K_GROUP_ID(1), z = (k_f32)K_GROUP_ID(2);
    k_f32 topx = (k_f32)(p.ax - 1), topy = (k_f32)(p.ay - 1), topz = (k_f32)(p.az - 1);
    K_GLOBAL k_u8 *row = code + ((k_i64)K_GROUP_ID(2) * p.ny + K_GROUP_ID(1)) * p.nx + base;
    K_LANES_N (i, p.nx - base) {
        k_f32 x = (k_f32)(base + i);
        k_f32 u = k_clamp_f32(p.m[0] * x + p.m[1] * y + p.m[2] * z + p.m[3], 0.0f, topx);
        k_f32 v = k_clamp_f32(p.m[4] * x + p.m[5] * y + p.m[6] * z + p.m[7], 0.0f, topy);
        k_f32 w = k_clamp_f32(p.m[8] * x + p.m[9] * y + p.m[10] * z + p.m[11], 0.0f, topz);
        k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w;
        k_f32 fu = u - (k_f32)a, fv = v - (k_f32)b, fw = w - (k_f32)c;
        k_i32 dx = a + 1 < p.ax ? 2 : 0, dy = b + 1 < p.ay ? sy : 0, dz = c + 1 < p.az ? sz : 0;
        k_i32 o = c * sz + b * sy + 2 * a;
        k_f32 r[2];
        for (k_i32 k = 0; k < 2; ++k) {
            K_GLOBAL const k_f32 *f = pair + k;
            k_f32 c00 = f[o] + fu * (f[o + dx] - f[o]), c10 = f[o + dy] + fu * (f[o + dy + dx] - f[o + dy]);
            k_f32 c01 = f[o + dz] + fu * (f[o + dz + dx] - f[o + dz]);
            k_f32 c11 = f[o + dz + dy] + fu * (f[o + dz + dy + dx] - f[o + dz + dy]);
            k_f32 d0 = c00 + fv * (c10 - c00), d1 = c01 + fv * (c11 - c01);
            r[k] = d0 + fw * (d1 - d0);
        }
        k_i32 out = r[1] > 0.0f ? VK_BRAIN : r[0] > 0.0f ? p.bit : 0;
        row[i] = (k_u8)((row[i] & p.keep) | out);
    }
    K_PHASE (i) {
        if (i < 2)
            n[i] = 0;
    }
    K_PHASE (i) {
        if (i < p.nx - base) {
            if (row[i] & p.bit)
                k_atomic_add_local(&n[0], 1u);
            if (row[i] & VK_BRAIN)
                k_atomic_add_local(&n[1], 1u);
        }
    }
    K_PHASE (i) {
        if (i < 2 && n[i])
            k_atomic_add_global(&counts[i], n[i]);
    }
}

/* mark: bytes of a coarse grid cx*cy*cz whose voxels are blocks of fx*fy*fz of this one's. code[v] |= VK_REMOVE |
 * VK_AIRY | VK_GHOST where v's block is marked (what lies past the last block counts to it), but not where VK_BRAIN is.
 * counts[0] += voxels that got it. Groups (ceil(nx/256), ny, nz). counts zeroed before. */
K_KERNEL(vk_spread_mask)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT mark, K_GLOBAL k_u8 *K_RESTRICT code, K_GLOBAL k_u32 *K_RESTRICT counts,
       const vk_spread_mask_p p)
{
    K_LOCAL(k_u32, n, 1);
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    k_i32 cy = k_min_i32(K_GROUP_ID(1) / p.fy, p.cy - 1), cz = k_min_i32(K_GROUP_ID(2) / p.fz, p.cz - 1);
    K_GLOBAL k_u8 *row = code + ((k_i64)K_GROUP_ID(2) * p.ny + K_GROUP_ID(1)) * p.nx + base;
    K_PHASE (i) {
        if (i == 0)
            n[0] = 0;
    }
    K_PHASE (i) {
        if (i < p.nx - base) {
            k_i32 cx = k_min_i32((base + i) / p.fx, p.cx - 1);
            if (mark[(cz * p.cy + cy) * p.cx + cx] && !(row[i] & (VK_BRAIN | VK_REMOVE))) {
                row[i] |= VK_REMOVE | VK_AIRY | VK_GHOST;
                k_atomic_add_local(&n[0], 1u);
            }
        }
    }
    K_PHASE (i) {
        if (i == 0 && n[0])
            k_atomic_add_global(&counts[0], n[0]);
    }
}
