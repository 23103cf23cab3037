/* params.h - one parameter struct per kernel, the same bytes on the host, in OpenCL C and in CUDA: only 4- and 8-byte
 * members, ordered so that no padding is needed. Matrices are row-major 3x4 and map voxel index to voxel index. */
#ifndef VK_PARAMS_H
#define VK_PARAMS_H
#if defined(__OPENCL_C_VERSION__)
typedef int vk_i32;
typedef uint vk_u32;
typedef long vk_i64;
typedef float vk_f32;
#else
#include <stdint.h>
typedef int32_t vk_i32;
typedef uint32_t vk_u32;
typedef int64_t vk_i64;
typedef float vk_f32;
#endif

/* voxels.c */
typedef struct {
    vk_i64 first;      /* voxel the frame starts at */
    vk_i32 sx, sy, sz; /* frame, voxels */
    vk_i32 nx, ny, nz; /* coarse grid; n * f <= s */
    vk_i32 fx, fy, fz; /* block */
    vk_i32 dtype, add;
    vk_f32 slope, inter, weight;
} vk_coarsen_p;
typedef struct {
    vk_i32 n, per_group;
} vk_range_p;
typedef struct {
    vk_i32 n, per_group, bits, want;
    vk_f32 lo, scale;
} vk_histogram_p;

/* pose.c */
typedef struct {
    vk_i32 nx, ny, nz;
    vk_f32 lo, scale;
} vk_pack_points_p;
typedef struct {
    vk_i32 n, per_group, ax, ay, az;
} vk_pose_score_p;

/* region.c: the fields of the atlas, signed distances (mm times VK_FIELD_SCALE, positive inside) */
#define VK_FIELD_BRAIN 0
#define VK_FIELD_FACE 1
#define VK_FIELD_EARS 2
#define VK_FIELD_EYES 3
#define VK_FIELD_TEETH 4
#define VK_FIELD_FOREHEAD 5
#define VK_FIELD_HEAD 6
#define VK_FIELDS 7
#define VK_FIELD_SCALE 4
/* what vk_region_mask and vk_spread_mask say of a voxel, beside the bits of surface.c */
#define VK_GHOST 16 /* removed as a ghost in the air */
#define VK_AIRY 32  /* removed, and off the atlas's head: air in anyone */
#define VK_REMOVE 64
#define VK_IN_HEAD 1
#define VK_OFF_HEAD 2
#define VK_OFF_MM 3.0f
#define VK_BRAIN 128
typedef struct {
    vk_i32 n;
    vk_i32 regions; /* bit f: field f is removed */
    vk_i32 where;   /* 0: anywhere; VK_IN_HEAD, VK_OFF_HEAD */
    vk_f32 guard;   /* mm from the atlas's brain within which nothing is removed */
} vk_combine_fields_p;
typedef struct {
    vk_f32 m[12];
    vk_i32 nx, ny, nz;
    vk_i32 ax, ay, az;
    vk_i32 keep; /* bits of the code that stay */
    vk_i32 bit;  /* what a voxel gets: VK_REMOVE, VK_AIRY */
} vk_region_mask_p;

typedef struct {
    vk_i32 nx, ny, nz, fx, fy, fz, cx, cy, cz;
} vk_spread_mask_p;

/* rewrite.c */
typedef struct {
    vk_i64 first;
    vk_i32 n, bytes; /* voxels of the frame; bytes of one */
    vk_u32 pattern[4];
} vk_fill_mask_p;
typedef struct {
    vk_i64 first_a, first_b;
    vk_i32 n, bytes, per_group, pad;
} vk_compare_p;

/* soften.c */
typedef struct {
    vk_i64 first;
    vk_i32 sx, sy, sz, nx, ny, nz, fx, fy, fz;
    vk_i32 dtype, channel;
    vk_f32 air; /* stored units */
} vk_kept_mean_p;
typedef struct {
    vk_i32 sx, sy, sz, nx, ny, nz;
} vk_pull_p;
typedef struct {
    vk_i32 nx, ny, nz, cx, cy, cz;
} vk_push_p;
typedef struct {
    vk_i64 first;
    vk_f32 m[12]; /* frame voxel to coarse voxel, diagonal */
    vk_i32 sx, sy, sz, nx, ny, nz, dtype, channel;
} vk_soften_p;

/* refill.c */
typedef struct {
    vk_i64 first;
    vk_i32 n, bytes, count; /* voxels of the frame; bytes of one; voxels of the table */
    vk_i32 bits, want;
    vk_u32 seed;
} vk_draw_p;
#define VK_CURVE 8 /* points of the curve from the average head's levels (0..255) to the subject's */
typedef struct {
    vk_i64 first;
    vk_f32 m[12];   /* frame voxel to field voxel */
    vk_f32 cell[6]; /* frame voxel to coarse voxel: scale and shift of each axis */
    vk_f32 face[6]; /* field voxel to voxel of the average head: the same */
    vk_f32 curve[VK_CURVE];
    vk_f32 air, tissue; /* levels of the kept air and tissue */
    vk_f32 blend, edge; /* per mm: how fast the average head takes over; how sharp its skin is */
    vk_i32 sx, sy, sz, nx, ny, nz, ax, ay, az, bx, by, bz; /* frame, cells, fields, average head (bx 0: none) */
    vk_i32 dtype, channel, bits, want;
    vk_i32 air_count, grain_count; /* of the table: levels of air, then differences */
    vk_u32 seed, pad;
} vk_refill_p;

/* components.c */
typedef struct {
    vk_i32 n;
    vk_f32 threshold;
} vk_tissue_p;
typedef struct {
    vk_i32 nx, ny, nz, bits, want;
} vk_label_init_p;
typedef struct {
    vk_i32 nx, ny, nz;
} vk_label_merge_p;
typedef struct {
    vk_i32 n;
} vk_label_flatten_p;
typedef struct {
    vk_i32 n, per_group;
} vk_label_sizes_p;
typedef struct {
    vk_i32 n, root, bit;
} vk_label_pick_p;
/* borders of a grid, as bits */
#define VK_BORDER_X0 1
#define VK_BORDER_X1 2
#define VK_BORDER_Y0 4
#define VK_BORDER_Y1 8
#define VK_BORDER_Z0 16
#define VK_BORDER_Z1 32
#define VK_BORDERS 63
typedef struct {
    vk_i32 nx, ny, nz, borders;
} vk_border_flag_p;
typedef struct {
    vk_i32 n, bit;
} vk_flag_pick_p;
typedef struct {
    vk_i32 nx, ny, nz, axis, reach, from, to, forbid;
} vk_dilate_p;

/* surface.c: what the coarse grid's code says of a voxel */
#define VK_TISSUE 1
#define VK_HEAD 2
#define VK_THICK 4 /* the head, thickened so that the outside does not leak in */
#define VK_FAR 8   /* outside, away from the head */
#define VK_OUTSIDE 16
#define VK_SKIN 32 /* head voxel with the outside beside it */
typedef struct {
    vk_i32 nx, ny, nz;
} vk_skin_p;
#define VK_LANDMARKS 11
typedef struct {
    vk_f32 m[12];                    /* coarse voxel to atlas mm */
    vk_f32 centre[VK_LANDMARKS * 4]; /* atlas mm x, y, z and radius */
    vk_i32 nx, ny, nz;
    vk_i32 near_x, near_y, near_z; /* reach of "still there", voxels */
    vk_i32 pad[2];
} vk_residual_p;

/* render.c */
typedef struct {
    vk_f32 m[12]; /* (column, row, step) to voxel */
    vk_i32 nx, ny, nz, width, height, steps;
    vk_f32 threshold, air;
    vk_f32 shade_x, shade_y, shade_z; /* mm per voxel step, to turn index differences into slopes */
    vk_f32 light[3];                  /* unit, in voxel axes */
} vk_render_p;
typedef struct {
    vk_i64 first;
    vk_f32 m[12]; /* (column, row, 0) to voxel */
    vk_i32 nx, ny, nz, width, height, dtype;
    vk_f32 slope, inter, lo, scale;
} vk_slice_p;
typedef struct {
    vk_f32 m[12]; /* (column, row, step) to voxel */
    vk_i32 nx, ny, nz, width, height, steps;
    vk_f32 threshold, air;
    vk_i32 bit, pad; /* of the code: what counts as surface */
} vk_depth_p;

/* network.c */
#define VK_NETWORK_TOP 63.0f
#define VK_PATCH 6912
typedef struct {
    vk_f32 m[12]; /* cube voxel to grid voxel */
    vk_i32 nx, ny, nz, size;
    vk_f32 lo, scale;
} vk_network_input_p;
typedef struct {
    vk_i32 nx, ny, nz; /* places made */
    vk_i32 sx, sy, sz; /* places read */
    vk_i32 in, out;    /* channels */
    vk_i32 size, stride, add, last;
} vk_conv3d_p;

#endif
