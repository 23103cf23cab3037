/* network.c - a small network of whole numbers: its input, and its one kind of layer. Every sum is an integer, so the
 * answer has the same bits everywhere. Arrays are channel-last, then x fastest. */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* src: nx*ny*nz levels. out: a cube of 2 size voxels a side as `size`^3 places of 8 channels, channel c of place
 * (x, y, z) being voxel (2x + (c & 1), 2y + (c >> 1 & 1), 2z + (c >> 2)). A voxel is the level at m * voxel (trilinear;
 * lo outside the grid) as round((level - lo) * scale), held to 0..VK_NETWORK_TOP. One lane per place. */
K_KERNEL(vk_network_input)
K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL k_u8 *K_RESTRICT out, const vk_network_input_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.size * p.size * p.size - base) {
        k_i32 v = base + i;
        for (k_i32 c = 0; c < 8; ++c) {
            k_f32 x = (k_f32)(2 * (v % p.size) + (c & 1)), y = (k_f32)(2 * (v / p.size % p.size) + (c >> 1 & 1)),
                  z = (k_f32)(2 * (v / p.size / p.size) + (c >> 2));
            k_f32 level = level_at(src, p.nx, p.ny, p.nz, p.m[0] * x + p.m[1] * y + p.m[2] * z + p.m[3],
                                   p.m[4] * x + p.m[5] * y + p.m[6] * z + p.m[7],
                                   p.m[8] * x + p.m[9] * y + p.m[10] * z + p.m[11], p.lo);
            out[8 * v + c] = (k_u8)k_f2i(k_clamp_f32(k_round((level - p.lo) * p.scale), 0.0f, VK_NETWORK_TOP));
        }
    }
}

/* One layer: a convolution of `size`^3 taps (1 or 3) over zero borders. src: sx*sy*sz places of `in` channels; where
 * p.add, `more` has (sx/2)*(sy/2)*(sz/2) places of as many, the nearest of which is added to each, the sum held to 255;
 * else it is not read. weight: [out][tap, x fastest][in]. For each of nx*ny*nz places and `out` channels (a divisor of
 * K_GROUP), with sum = bias[o] + taps around (x, y, z) * stride: dst is sum itself (k_i32) where p.last, else (k_u8)
 * (sum * factor[o] + 2^31) >> 32 held to 0..255, 0 where sum < 0. bias: that of each channel, then the factor (>= 0) of
 * each. taps * in * (K_GROUP / out) is at most VK_PATCH. Each group does K_GROUP / out places. */
K_KERNEL(vk_conv3d)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT src, K_GLOBAL const k_u8 *K_RESTRICT more,
       K_GLOBAL const k_i16 *K_RESTRICT weight, K_GLOBAL const k_i32 *K_RESTRICT bias, K_GLOBAL k_u8 *K_RESTRICT dst,
       const vk_conv3d_p p)
{
    K_LOCAL(k_i16, patch, VK_PATCH);
    k_i32 taps = p.size * p.size * p.size, length = taps * p.in, each = K_GROUP / p.out;
    k_i32 first = K_GROUP_ID(0) * each, n = p.nx * p.ny * p.nz;
    K_PHASE (i) {
        for (k_i32 j = i; j < each * taps; j += K_GROUP) {
            k_i32 v = first + j / taps, t = j % taps, r = p.size / 2;
            k_i32 x = v % p.nx * p.stride + t % p.size - r, y = v / p.nx % p.ny * p.stride + t / p.size % p.size - r,
                  z = v / p.nx / p.ny * p.stride + t / p.size / p.size - r;
            k_i32 inside = v < n && x >= 0 && y >= 0 && z >= 0 && x < p.sx && y < p.sy && z < p.sz;
            k_i32 at = inside ? ((z * p.sy + y) * p.sx + x) * p.in : 0;
            k_i32 up = inside ? (((z >> 1) * (p.sy >> 1) + (y >> 1)) * (p.sx >> 1) + (x >> 1)) * p.in : 0;
            if (!inside)
                for (k_i32 c = 0; c < p.in; ++c)
                    patch[j * p.in + c] = 0;
            else if (!p.add)
                for (k_i32 c = 0; c < p.in; ++c)
                    patch[j * p.in + c] = (k_i16)src[at + c];
            else
                for (k_i32 c = 0; c < p.in; ++c)
                    patch[j * p.in + c] = (k_i16)k_min_i32((k_i32)src[at + c] + (k_i32)more[up + c], 255);
        }
    }
    K_LANES (i) {
        k_i32 v = first + i / p.out, o = i % p.out, sum = 0;
        k_i32 from = i / p.out * length, row = o * length;
        for (k_i32 k = 0; k < length; ++k)
            sum += (k_i32)patch[from + k] * (k_i32)weight[row + k];
        sum += bias[o];
        if (v < n && p.last)
            ((K_GLOBAL k_i32 *)dst)[v * p.out + o] = sum;
        else if (v < n) {
            k_i64 level = ((k_i64)k_max_i32(sum, 0) * bias[p.out + o] + 2147483648L) >> 32;
            dst[v * p.out + o] = (k_u8)k_min_i64(level, 255);
        }
    }
}
