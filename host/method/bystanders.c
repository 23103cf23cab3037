/* bystanders.c - pieces of tissue that lie off the head. */
#include "bystanders.h"
#include "alloc.h"
#include "atlas.h"
#include "components.h"
#include "skin.h"

#define PIECE_LEAST 10000.0 /* mm^3 */
#define ON_HEAD_MM -4.0     /* so near the atlas's head is on it: heads differ */
#define ON_HEAD_MOST 0.5    /* part of a piece that may be on the head: what stands beside it draws the pose there */

typedef struct piece {
    uint32_t voxels, on_head;
} piece;

/* Counts each piece's voxels at its label. Returns the label of the largest. */
static int32_t survey(const vv_grid *g, const double to_atlas[12], const int32_t *label, piece *pieces)
{
    double to_field[12], mm[12], m[12];
    int32_t largest = 0;
    size_t v = 0;
    vv_atlas_field_voxel(to_field);
    vv_affine_compose(to_atlas, g->affine, mm);
    vv_affine_compose(to_field, mm, m);
    for (int z = 0; z < g->dims[2]; ++z)
        for (int y = 0; y < g->dims[1]; ++y)
            for (int x = 0; x < g->dims[0]; ++x, ++v) {
                if (label[v] < 0)
                    continue;
                const double at[3] = {x, y, z};
                piece *p = &pieces[label[v]];
                p->voxels += 1;
                p->on_head += vv_atlas_field_mm(VK_FIELD_HEAD, vv_atlas_field_index(m, at)) >= ON_HEAD_MM;
                if (p->voxels > pieces[largest].voxels)
                    largest = label[v];
            }
    return largest;
}

/* Leaves the count of voxels to bystanders alone; whether there are any. */
static bool pick(const vv_grid *g, piece *pieces, int32_t largest)
{
    double least = PIECE_LEAST / (g->spacing[0] * g->spacing[1] * g->spacing[2]);
    bool any = false;
    pieces[largest].voxels = 0;
    for (int32_t v = 0; v < vv_grid_voxels(g); ++v) {
        piece *p = &pieces[v];
        if (p->voxels < least || p->on_head > ON_HEAD_MOST * p->voxels)
            p->voxels = 0;
        any = any || p->voxels > 0;
    }
    return any;
}

/* *alone: g with air in the place of the pieces that have voxels. */
static vv_status without(vv_device *dev, const vv_grid *g, const int32_t *label, const piece *pieces, double air,
                         vv_grid *alone, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    float *level = vv_malloc(n, sizeof *level);
    vv_status s = level ? vv_download(dev, level, g->level, 0, n * sizeof *level, err)
                        : vv_fail(err, VV_E_RESOURCE, "bystanders", "out of memory; free some and try again");
    if (!s)
        s = vv_grid_create(dev, alone, err);
    for (size_t v = 0; !s && v < n; ++v)
        if (label[v] >= 0 && pieces[label[v]].voxels > 0)
            level[v] = (float)air;
    if (!s)
        s = vv_upload(dev, alone->level, 0, level, n * sizeof *level, err);
    vv_free(level);
    return s;
}

static vv_status label_pieces(vv_device *dev, const vv_grid *g, vv_buf *code, double tissue, int32_t *label,
                              vv_err *err)
{
    vv_components parts;
    vv_status s = vv_components_create(dev, g->dims, &parts, err);
    if (!s)
        s = vv_tissue_find(dev, g, tissue, code, err);
    if (!s)
        s = vv_components_label(&parts, code, VK_TISSUE, VK_TISSUE, err);
    if (!s)
        s = vv_download(dev, label, parts.label, 0, (size_t)parts.n * sizeof *label, err);
    if (!s)
        s = vv_fill(dev, code, 0, 0, (size_t)parts.n, err);
    vv_components_release(&parts);
    return s;
}

vv_status vv_bystanders_clear(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                              const double to_atlas[12], vv_grid *alone, vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    int32_t *label = vv_malloc(n, sizeof *label);
    piece *pieces = vv_calloc(n, sizeof *pieces);
    *alone = *g;
    alone->level = NULL;
    vv_status s = label && pieces ? label_pieces(dev, g, code, window->tissue, label, err)
                                  : vv_fail(err, VV_E_RESOURCE, "bystanders", "out of memory; free some and try again");
    if (!s && pick(g, pieces, survey(g, to_atlas, label, pieces)))
        s = without(dev, g, label, pieces, window->air, alone, err);
    if (s)
        vv_grid_release(dev, alone);
    vv_free(label);
    vv_free(pieces);
    return s;
}
