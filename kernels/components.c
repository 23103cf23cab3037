/* components.c - tissue against air on the coarse grid, and its connected components (6-neighbours).
 *
 * Union-find on the device with atomic minimum (Playne and Hawick, "A new algorithm for parallel connected-component
 * labelling on GPUs", IEEE TPDS 2018): a component's label is its lowest voxel index, whatever the order of the lanes.
 */
#ifndef K_INLINE_DIALECT
#include "dialect.h"
#include "params.h"
#endif

/* code[v] = src[v] > threshold ? 1 : 0 for n voxels. */
K_KERNEL(vk_tissue) K_ARGS(K_GLOBAL const k_f32 *K_RESTRICT src, K_GLOBAL k_u8 *K_RESTRICT code, const vk_tissue_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base)
        code[base + i] = src[base + i] > p.threshold ? 1 : 0;
}

/* label[v] = v where (code[v] & bits) == want, else -1. nx*ny*nz voxels; one lane per voxel. */
K_KERNEL(vk_label_init)
K_ARGS(K_GLOBAL const k_u8 *K_RESTRICT code, K_GLOBAL k_i32 *K_RESTRICT label, const vk_label_init_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.nx * p.ny * p.nz - base) {
        k_i32 v = base + i;
        label[v] = (code[v] & p.bits) == p.want ? v : -1;
    }
}

K_FN k_i32 find_root(K_GLOBAL const k_i32 *label, k_i32 v)
{
    k_i32 up = k_load_global(label + v);
    while (up != v) {
        v = up;
        up = k_load_global(label + v);
    }
    return v;
}

K_FN void join(K_GLOBAL k_i32 *label, k_i32 a, k_i32 b)
{
    for (;;) {
        a = find_root(label, a);
        b = find_root(label, b);
        if (a == b)
            return;
        k_i32 high = k_max_i32(a, b), low = k_min_i32(a, b);
        k_i32 old = k_atomic_min_global(&label[high], low);
        if (old == high)
            return;
        a = old;
        b = low;
    }
}

/* Joins every labelled voxel with its labelled neighbours at x-1, y-1 and z-1; after the launch each chain of labels
 * ends at the lowest index of its component. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_label_merge) K_ARGS(K_GLOBAL k_i32 *K_RESTRICT label, const vk_label_merge_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_i32 row = (z * p.ny + y) * p.nx;
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i, v = row + x;
        if (k_load_global(label + v) >= 0) {
            if (x > 0 && k_load_global(label + v - 1) >= 0)
                join(label, v, v - 1);
            if (y > 0 && k_load_global(label + v - p.nx) >= 0)
                join(label, v, v - p.nx);
            if (z > 0 && k_load_global(label + v - p.nx * p.ny) >= 0)
                join(label, v, v - p.nx * p.ny);
        }
    }
}

/* label[v] = the end of its chain, n voxels, one lane each. */
K_KERNEL(vk_label_flatten) K_ARGS(K_GLOBAL k_i32 *K_RESTRICT label, const vk_label_flatten_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        k_i32 v = base + i, l = k_load_global(label + v);
        if (l >= 0)
            label[v] = find_root(label, l);
    }
}

/* sizes[label[v]] += 1 for n flattened labels >= 0; sizes (n words) zeroed before. Group g does the g-th `per_group`.
 */
K_KERNEL(vk_label_sizes)
K_ARGS(K_GLOBAL const k_i32 *K_RESTRICT label, K_GLOBAL k_u32 *K_RESTRICT sizes, const vk_label_sizes_p p)
{
    K_LOCAL(k_i32, common, 1);
    K_LOCAL(k_u32, count, 1);
    k_i32 first = K_GROUP_ID(0) * p.per_group, last = k_min_i32(first + p.per_group, p.n);
    K_PHASE (i) {
        if (i == 0) {
            common[0] = -1;
            count[0] = 0;
        }
    }
    /* most voxels of a stretch share one label: those are counted once per group */
    K_PHASE (i) {
        for (k_i32 v = first + i; v < last; v += K_GROUP)
            k_atomic_max_local(&common[0], label[v]);
    }
    K_PHASE (i) {
        for (k_i32 v = first + i; v < last; v += K_GROUP) {
            k_i32 l = label[v];
            if (l >= 0 && l == common[0])
                k_atomic_add_local(&count[0], 1u);
            else if (l >= 0)
                k_atomic_add_global(&sizes[l], 1u);
        }
    }
    K_PHASE (i) {
        if (i == 0 && count[0])
            k_atomic_add_global(&sizes[common[0]], count[0]);
    }
}

/* code[v] |= bit where label[v] == root, n voxels. */
K_KERNEL(vk_label_pick)
K_ARGS(K_GLOBAL const k_i32 *K_RESTRICT label, K_GLOBAL k_u8 *K_RESTRICT code, const vk_label_pick_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        if (label[base + i] == p.root)
            code[base + i] |= (k_u8)p.bit;
    }
}

/* flags[label[v]] = 1 for each labelled voxel v on one of the `borders` of the grid (VK_BORDER_*); flags (nx*ny*nz
 * words) zeroed before. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_border_flag)
K_ARGS(K_GLOBAL const k_i32 *K_RESTRICT label, K_GLOBAL k_u32 *K_RESTRICT flags, const vk_border_flag_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_i32 at = (y == 0 ? VK_BORDER_Y0 : 0) | (y == p.ny - 1 ? VK_BORDER_Y1 : 0) | (z == 0 ? VK_BORDER_Z0 : 0) |
               (z == p.nz - 1 ? VK_BORDER_Z1 : 0);
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i, l = label[(z * p.ny + y) * p.nx + x];
        k_i32 on = at | (x == 0 ? VK_BORDER_X0 : 0) | (x == p.nx - 1 ? VK_BORDER_X1 : 0);
        if (l >= 0 && (on & p.borders))
            k_atomic_max_global(&flags[l], 1u);
    }
}

/* code[v] |= bit where flags[label[v]] is set, n voxels. */
K_KERNEL(vk_flag_pick)
K_ARGS(K_GLOBAL const k_i32 *K_RESTRICT label, K_GLOBAL const k_u32 *K_RESTRICT flags, K_GLOBAL k_u8 *K_RESTRICT code,
       const vk_flag_pick_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP;
    K_LANES_N (i, p.n - base) {
        k_i32 l = label[base + i];
        if (l >= 0 && flags[l])
            code[base + i] |= (k_u8)p.bit;
    }
}

/* One axis (0 x, 1 y, 2 z) of a box dilation: code[v] |= to where a voxel within `reach` along the axis has `from`,
 * unless code[v] has one of the bits `forbid`. Reads `from` bits only and writes `to` bits only, so it works in place;
 * from, to and forbid do not overlap. Groups (ceil(nx/256), ny, nz). */
K_KERNEL(vk_dilate) K_ARGS(K_GLOBAL k_u8 *K_RESTRICT code, const vk_dilate_p p)
{
    k_i32 base = K_GROUP_ID(0) * K_GROUP, y = K_GROUP_ID(1), z = K_GROUP_ID(2);
    k_i32 row = (z * p.ny + y) * p.nx;
    k_i32 step = p.axis == 0 ? 1 : p.axis == 1 ? p.nx : p.nx * p.ny;
    k_i32 size = p.axis == 0 ? p.nx : p.axis == 1 ? p.ny : p.nz;
    K_LANES_N (i, p.nx - base) {
        k_i32 x = base + i, at = p.axis == 0 ? x : p.axis == 1 ? y : z, hit = 0;
        k_i32 first = k_max_i32(-p.reach, -at), last = k_min_i32(p.reach, size - 1 - at);
        for (k_i32 d = first; d <= last; ++d)
            hit |= code[row + x + d * step] & p.from;
        if (hit && !(code[row + x] & p.forbid))
            code[row + x] |= (k_u8)p.to;
    }
}
