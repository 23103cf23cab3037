/* ghosts.c - wrapped-around parts of the face. */
#include "ghosts.h"
#include "alloc.h"
#include "atlas.h"
#include "launch.h"
#include "removal.h"

#define CUT_LEAST 40.0    /* mm^2 of a head to be removed on a border: the face goes on beyond it */
#define OFF_HEAD 4.0      /* mm from the atlas's head: nearer, scalp and ghost cannot be told apart */
#define BENT (-60.0)      /* atlas mm: below, by how the head is bent, air may stand where the atlas has the neck */
#define IN_NECK 12.0      /* mm from the atlas's surface there */
#define NECK (-165.0)     /* atlas mm: below lie shoulders, which the atlas does not know; a chin may stand above */
#define BEYOND 26.0       /* mm by which nose and lips may stand out of the atlas's head at a pose a little off */
#define ABOUT 12.0        /* mm by which a subject's face may reach beyond the atlas's on its other sides */
#define GHOST_LEAST 100.0 /* mm^3 of tissue: less is a speck */

/* Borders (VK_BORDER_*) opposite to those that cut through what is to be removed, whoever's it is: of the atlas's head.
 * m: to field voxels. */
static int opposite_borders(const vv_grid *g, const double m[12], const uint8_t *code)
{
    const int32_t *d = g->dims;
    int64_t on[6] = {0};
    size_t v = 0;
    for (int z = 0; z < d[2]; ++z)
        for (int y = 0; y < d[1]; ++y)
            for (int x = 0; x < d[0]; ++x, ++v) {
                const double at[3] = {x, y, z};
                bool inside = x > 0 && x < d[0] - 1 && y > 0 && y < d[1] - 1 && z > 0 && z < d[2] - 1;
                if (inside || !(code[v] & VK_REMOVE) ||
                    vv_atlas_field_mm(VK_FIELD_HEAD, vv_atlas_field_index(m, at)) < 0)
                    continue;
                on[0] += x == 0, on[1] += x == d[0] - 1;
                on[2] += y == 0, on[3] += y == d[1] - 1;
                on[4] += z == 0, on[5] += z == d[2] - 1;
            }
    int borders = 0;
    for (int b = 0; b < 6; ++b) {
        double voxel = g->spacing[(b / 2 + 1) % 3] * g->spacing[(b / 2 + 2) % 3];
        borders |= (double)on[b] * voxel >= CUT_LEAST ? 1 << (b ^ 1) : 0;
    }
    return borders;
}

/* A place is a ghost's if it lies off the head and above the neck and `origin`, one field of view further on, in the
 * face or an ear. */
static bool is_ghost(const double m[12], const double at[3], const double origin[3])
{
    int64_t here = vv_atlas_field_index(m, at), there = vv_atlas_field_index(m, origin);
    double height = vv_atlas_field_height(here), deepest = height < BENT ? IN_NECK : -OFF_HEAD;
    if (height < NECK || vv_atlas_field_mm(VK_FIELD_HEAD, here) > deepest ||
        vv_atlas_field_mm(VK_FIELD_HEAD, there) < -BEYOND || vv_atlas_field_mm(VK_FIELD_BRAIN, there) > -VV_BRAIN_GUARD)
        return false;
    return vv_atlas_field_mm(VK_FIELD_FACE, there) > -ABOUT || vv_atlas_field_mm(VK_FIELD_EARS, there) > -ABOUT;
}

/* Voxels with all of `bits` where the ghosts of one border would stand; those get a mark, unless it is NULL. */
static int64_t survey_border(const vv_grid *g, const double m[12], const uint8_t *code, int bits, int border,
                             uint8_t *mark)
{
    const int32_t *d = g->dims;
    double step = border & 1 ? -d[border / 2] : d[border / 2];
    int64_t voxels = 0;
    size_t v = 0;
    for (int z = 0; z < d[2]; ++z)
        for (int y = 0; y < d[1]; ++y)
            for (int x = 0; x < d[0]; ++x, ++v) {
                double at[3] = {x, y, z}, origin[3] = {x, y, z};
                origin[border / 2] += step;
                if ((code[v] & bits) != bits || !is_ghost(m, at, origin))
                    continue;
                ++voxels;
                if (mark)
                    mark[v] = 1;
            }
    return voxels;
}

/* Both codes on the host; released by the caller whatever comes of it. */
static vv_status fetch(vv_device *dev, size_t n, vv_buf *const code[2], uint8_t *bytes[2], vv_err *err)
{
    vv_status s = VV_OK;
    for (int k = 0; !s && k < 2; ++k) {
        bytes[k] = vv_malloc(n, 1);
        s = bytes[k] ? vv_download(dev, bytes[k], code[k], 0, n, err)
                     : vv_fail(err, VV_E_RESOURCE, "ghosts", "out of memory; free some and try again");
    }
    return s;
}

vv_status vv_ghosts_find(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code, vv_buf *rest,
                         vv_buf **mark, double *volume, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    uint8_t *bytes[2] = {NULL, NULL}, *marks = vv_calloc(n, 1);
    double m[12], voxel = g->spacing[0] * g->spacing[1] * g->spacing[2];
    bool any = false;
    *mark = NULL;
    *volume = 0;
    vv_status s = marks ? fetch(dev, n, (vv_buf *const[2]){code, rest}, bytes, err)
                        : vv_fail(err, VV_E_RESOURCE, "ghosts", "out of memory; free some and try again");
    vv_atlas_grid_matrix(g->affine, to_atlas, m);
    int borders = s ? 0 : opposite_borders(g, m, bytes[1]);
    for (int b = 0; b < 6; ++b) {
        if (!(borders >> b & 1) || (double)survey_border(g, m, bytes[1], VK_TISSUE, b, NULL) * voxel < GHOST_LEAST)
            continue;
        survey_border(g, m, bytes[1], 0, b, marks);
        *volume += (double)survey_border(g, m, bytes[0], VK_TISSUE, b, NULL) * voxel;
        any = true;
    }
    if (any)
        s = vv_buf_create(dev, n, mark, err);
    if (!s && any)
        s = vv_upload(dev, *mark, 0, marks, n, err);
    vv_free(bytes[0]);
    vv_free(bytes[1]);
    vv_free(marks);
    return s;
}

vv_status vv_ghosts_add(vv_device *dev, const vv_grid *g, const int32_t dims[3], vv_buf *mark, vv_buf *code,
                        uint32_t *added, vv_err *err)
{
    vk_spread_mask_p p = {dims[0],      dims[1],    dims[2],    g->factor[0], g->factor[1],
                          g->factor[2], g->dims[0], g->dims[1], g->dims[2]};
    vv_buf *count = NULL;
    vv_status s = vv_buf_create(dev, sizeof *added, &count, err);
    if (!s)
        s = vv_fill(dev, count, 0, 0, sizeof *added, err);
    if (!s)
        s = vv_launch_spread_mask(dev, vv_groups(dims[0]), (uint32_t)dims[1], (uint32_t)dims[2], mark, code, count, &p,
                                  err);
    if (!s)
        s = vv_download(dev, added, count, 0, sizeof *added, err);
    vv_buf_destroy(dev, &count);
    return s;
}
