/* faceless.c - whether a face is there, and a fit that does without it. */
#include "faceless.h"
#include "removal.h"
#include "skin.h"

#define FACE_LEAST 20000.0 /* mm^3 of the face's place in view: less says nothing */
#define TISSUE_MOST 0.4    /* part of it that is tissue; in a face that is there it is twice that */
#define GAIN 0.02          /* of the fit to all but the face: the least by which leaving it out must help */

/* The part of the face's place in view that is tissue; 1 where hardly any of it is in view. code: left zeroed. */
static vv_status tissue_share(vv_device *dev, const vv_grid *g, vv_buf *code, double tissue, const vv_atlas *atlas,
                              const double to_atlas[12], double *share, vv_err *err)
{
    static const double half = 0.5;
    double ignored;
    int64_t there = 0;
    uint32_t counts[2] = {0};
    vv_buf *pairs = NULL;
    vv_status s = vv_tissue_find(dev, g, tissue, code, err);
    if (!s)
        s = vv_region_pairs(dev, atlas, VV_REGION_FACE, VK_IN_HEAD, &pairs, err);
    if (!s)
        s = vv_region_codes(dev, pairs, g->dims, g->affine, to_atlas, VK_TISSUE, VK_REMOVE, code, counts, err);
    if (!s)
        s = vv_quantiles(dev, g, code, VK_REMOVE | VK_TISSUE, VK_REMOVE | VK_TISSUE, &half, 1, &ignored, &there, err);
    if (!s)
        s = vv_fill(dev, code, 0, 0, (size_t)vv_grid_voxels(g), err);
    vv_buf_destroy(dev, &pairs);
    double volume = counts[0] * g->spacing[0] * g->spacing[1] * g->spacing[2];
    *share = volume >= FACE_LEAST ? (double)there / counts[0] : 1;
    return s;
}

vv_status vv_faceless_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                          vv_atlas *atlas, vv_found *found, vv_err *err)
{
    double share = 1;
    vv_fit before;
    vv_found then;
    vv_atlas without = *atlas;
    without.classes = atlas->faceless;
    without.faceless = atlas->classes;
    vv_status s = tissue_share(dev, g, code, window->tissue, atlas, found->to_atlas, &share, err);
    if (s || share > TISSUE_MOST)
        return s;
    s = vv_search_fit(dev, g, code, window, &without, found, &before, err);
    if (!s)
        s = vv_search_from(dev, g, code, window, trusted, &without, found->to_atlas, found, &then, err);
    if (!s && then.fit.all >= before.all + GAIN) {
        *found = then;
        *atlas = without;
    }
    return s;
}
