/* surface.c - the skin, and how much of it is still there afterwards. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* code[v] |= VK_SKIN for each VK_HEAD voxel with a VK_OUTSIDE voxel among its six neighbours. Groups (ceil(nx/256), ny,
 * nz). */
K_KERNEL(vk_skin) K_ARGS(K_GLOBAL k_u8 *K_RESTRICT code, const vk_skin_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2), plane = p.nx * p.ny;
    k_i32 row = (z * p.ny + y) * p.nx;
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i, v = row + x, beside = 0;
        if (code[v] & VK_HEAD) {
            beside |= x > 0 ? code[v - 1] : 0;
            beside |= x + 1 < p.nx ? code[v + 1] : 0;
            beside |= y > 0 ? code[v - p.nx] : 0;
            beside |= y + 1 < p.ny ? code[v + p.nx] : 0;
            beside |= z > 0 ? code[v - plane] : 0;
            beside |= z + 1 < p.nz ? code[v + plane] : 0;
            if (beside & VK_OUTSIDE)
                code[v] |= VK_SKIN;
        }
    }
}

/* Does the grid `code` have, at (x, y, z), tissue with air beside it (or the border of the grid)? */
K_FN k_i32 is_surface(K_GLOBAL const k_u8 *code, k_i32 nx, k_i32 ny, k_i32 nz, k_i32 x, k_i32 y, k_i32 z)
{
    k_i32 v = (z * ny + y) * nx + x;
    if (!(code[v] & VK_TISSUE))
        return 0;
    if (x == 0 || y == 0 || z == 0 || x == nx - 1 || y == ny - 1 || z == nz - 1)
        return 1;
    k_i32 all = code[v - 1] & code[v + 1] & code[v - nx] & code[v + nx] & code[v - nx * ny] & code[v + nx * ny];
    return !(all & VK_TISSUE);
}

/* before: the original's code with VK_SKIN; after: the result's code with VK_TISSUE, same grid. For landmark k, whose
 * sphere (centre, radius in atlas mm) holds skin voxels of the original: counts[2k] += those, counts[2k+1] += those of
 * them with a surface voxel of the result within the reach `near_*`. Groups (ceil(nx/256), ny, nz). counts zeroed
 * before. */
K_KERNEL(vk_residual)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT before, K_GLOBAL const k_u8 *K_RESTRICT after, K_GLOBAL k_u32 *K_RESTRICT counts,
       const vk_residual_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i;
        if (before[(z * p.ny + y) * p.nx + x] & VK_SKIN) {
            k_f32 xf = (k_f32)x, yf = (k_f32)y, zf = (k_f32)z;
            k_f32 u = p.m[0] * xf + p.m[1] * yf + p.m[2] * zf + p.m[3];
            k_f32 v = p.m[4] * xf + p.m[5] * yf + p.m[6] * zf + p.m[7];
            k_f32 w = p.m[8] * xf + p.m[9] * yf + p.m[10] * zf + p.m[11];
            k_i32 left = -1; /* not looked at yet */
            for (k_i32 k = 0; k < VK_LANDMARKS; ++k) {
                k_f32 du = u - p.centre[4 * k], dv = v - p.centre[4 * k + 1], dw = w - p.centre[4 * k + 2];
                k_f32 r = p.centre[4 * k + 3];
                if (du * du + dv * dv + dw * dw < r * r) {
                    if (left < 0) {
                        left = 0;
                        for (k_i32 c = k_max_i32(z - p.near_z, 0); c <= k_min_i32(z + p.near_z, p.nz - 1) && !left; ++c)
                            for (k_i32 b = k_max_i32(y - p.near_y, 0); b <= k_min_i32(y + p.near_y, p.ny - 1) && !left;
                                 ++b)
                                for (k_i32 a = k_max_i32(x - p.near_x, 0);
                                     a <= k_min_i32(x + p.near_x, p.nx - 1) && !left; ++a)
                                    left = is_surface(after, p.nx, p.ny, p.nz, a, b, c);
                    }
                    k_atomic_add_global(&counts[2 * k], 1u);
                    if (left)
                        k_atomic_add_global(&counts[2 * k + 1], 1u);
                }
            }
        }
    }
}
