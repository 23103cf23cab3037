/* region.c - where the atlas, brought to the subject, says that the brain is and what goes. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* Field value at (u, v, w) in field voxels, trilinear, held inside the box (so a region that reaches an edge of the atlas goes
 * on beyond it); in mm. */
K_FN k_f32 field_at(K_GLOBAL const k_i8 *f, k_i32 ax, k_i32 ay, k_i32 az, k_f32 u, k_f32 v, k_f32 w)
{
    u = k_clamp_f32(u, 0.0f, (k_f32)(ax - 1));
    v = k_clamp_f32(v, 0.0f, (k_f32)(ay - 1));
    w = k_clamp_f32(w, 0.0f, (k_f32)(az - 1));
    k_i32 a = (k_i32)u, b = (k_i32)v, c = (k_i32)w;
    k_f32 fu = u - (k_f32)a, fv = v - (k_f32)b, fw = w - (k_f32)c;
    k_i32 da = a + 1 < ax ? 1 : 0, db = b + 1 < ay ? ax : 0, dc = c + 1 < az ? ax * ay : 0;
    k_i32 o = (c * ay + b) * ax + a;
    k_f32 c00 = (k_f32)f[o] + fu * ((k_f32)f[o + da] - (k_f32)f[o]);
    k_f32 c10 = (k_f32)f[o + db] + fu * ((k_f32)f[o + db + da] - (k_f32)f[o + db]);
    k_f32 c01 = (k_f32)f[o + dc] + fu * ((k_f32)f[o + dc + da] - (k_f32)f[o + dc]);
    k_f32 c11 = (k_f32)f[o + dc + db] + fu * ((k_f32)f[o + dc + db + da] - (k_f32)f[o + dc + db]);
    k_f32 d0 = c00 + fv * (c10 - c00), d1 = c01 + fv * (c11 - c01);
    return (d0 + fw * (d1 - d0)) * (1.0f / VK_FIELD_SCALE);
}

/* fields: VK_FIELDS volumes of ax*ay*az signed distances. code[v] of a subject voxel, x fastest: the bits `keep` of it stay,
 * then VK_BRAIN inside the atlas's brain, else VK_REMOVE where one of the `regions` is and the brain is further than `guard`
 * mm. counts[0] += voxels with VK_REMOVE, counts[1] += with VK_BRAIN, counts[2] += with VK_REMOVE inside the atlas's own head.
 * Groups (ceil(nx/256), ny, nz). counts zeroed before. */
K_KERNEL(vk_region_mask) K_ARGS(K_GLOBAL const k_i8 *K_RESTRICT fields, K_GLOBAL k_u8 *K_RESTRICT code,
                                K_GLOBAL k_u32 *K_RESTRICT counts, const vk_region_mask_p p)
{
    K_LOCAL(k_u32, n, 3);
    k_i32 base = K_GROUP_ID(0) * K_GROUP, size = p.ax * p.ay * p.az;
    k_f32 y = (k_f32)K_GROUP_ID(1), z = (k_f32)K_GROUP_ID(2);
    K_GLOBAL k_u8 *row = code + ((k_i64)K_GROUP_ID(2) * p.ny + K_GROUP_ID(1)) * p.nx + base;
    K_PHASE(i) {
        if (i < 3)
            n[i] = 0;
    }
    K_PHASE(i) {
        if (i < p.nx - base) {
            k_f32 x = (k_f32)(base + i);
            k_f32 u = p.m[0] * x + p.m[1] * y + p.m[2] * z + p.m[3];
            k_f32 v = p.m[4] * x + p.m[5] * y + p.m[6] * z + p.m[7];
            k_f32 w = p.m[8] * x + p.m[9] * y + p.m[10] * z + p.m[11];
            k_f32 brain = field_at(fields + VK_FIELD_BRAIN * size, p.ax, p.ay, p.az, u, v, w);
            k_i32 out = row[i] & p.keep;
            if (brain > 0.0f) {
                out |= VK_BRAIN;
                k_atomic_add_local(&n[1], 1u);
            } else if (brain < -p.guard) {
                k_i32 hit = 0;
                for (k_i32 f = VK_FIELD_FACE; f < VK_FIELD_HEAD && !hit; ++f)
                    hit = (p.regions >> f & 1) && field_at(fields + f * size, p.ax, p.ay, p.az, u, v, w) > 0.0f;
                if (hit) {
                    out |= VK_REMOVE;
                    k_atomic_add_local(&n[0], 1u);
                    if (field_at(fields + VK_FIELD_HEAD * size, p.ax, p.ay, p.az, u, v, w) > 0.0f)
                        k_atomic_add_local(&n[2], 1u);
                }
            }
            row[i] = (k_u8)out;
        }
    }
    K_PHASE(i) {
        if (i < 3 && n[i])
            k_atomic_add_global(&counts[i], n[i]);
    }
}

/* mark: bytes of a coarse grid cx*cy*cz whose voxels are blocks of fx*fy*fz of this one's. code[v] |= VK_REMOVE where v's block
 * is marked (what lies past the last block counts to it), but not where VK_BRAIN is. counts[0] += voxels that got it.
 * Groups (ceil(nx/256), ny, nz). counts zeroed before. */
K_KERNEL(vk_spread_mask) K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT mark, K_GLOBAL k_u8 *K_RESTRICT code,
                                K_GLOBAL k_u32 *K_RESTRICT counts, const vk_spread_mask_p p)
{
    K_LOCAL(k_u32, n, 1);
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    k_i32 cy = k_min_i32(K_GROUP_ID(1) / p.fy, p.cy - 1), cz = k_min_i32(K_GROUP_ID(2) / p.fz, p.cz - 1);
    K_GLOBAL k_u8 *row = code + ((k_i64)K_GROUP_ID(2) * p.ny + K_GROUP_ID(1)) * p.nx + base;
    K_PHASE(i) {
        if (i == 0)
            n[0] = 0;
    }
    K_PHASE(i) {
        if (i < p.nx - base) {
            k_i32 cx = k_min_i32((base + i) / p.fx, p.cx - 1);
            if (mark[(cz * p.cy + cy) * p.cx + cx] && !(row[i] & (VK_BRAIN | VK_REMOVE))) {
                row[i] |= VK_REMOVE;
                k_atomic_add_local(&n[0], 1u);
            }
        }
    }
    K_PHASE(i) {
        if (i == 0 && n[0])
            k_atomic_add_global(&counts[0], n[0]);
    }
}
