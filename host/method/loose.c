/* loose.c - the pieces are labelled on the device; few voxels belong to other pieces than the head, and those are
 * looked at on the host. */
#include "loose.h"
#include "alloc.h"
#include "atlas.h"
#include "components.h"
#include <math.h>

#define OFF_HEAD 8.0   /* mm from the atlas's head: nearer, it may be scalp or hair */
#define ALONG 0.7      /* of a step along an axis goes up or down */
#define SHOULDERS 80.0 /* mm beyond the field of view from where they wrap around */
#define EARS 20.0      /* atlas mm: what lies no further to the front may be a rest of the head or a pad */
#define NECK -105.0    /* atlas mm: below lie neck and shoulders, which the atlas does not know */

/* Per label (the lowest voxel of its piece): its voxels, and how many of them hang in the air. */
typedef struct piece {
    uint32_t all, airy;
} piece;

static int32_t count_all(const int32_t *label, int32_t n, piece *pieces)
{
    int32_t head = 0;
    for (int32_t v = 0; v < n; ++v)
        if (label[v] >= 0 && ++pieces[label[v]].all > pieces[head].all)
            head = label[v];
    return head;
}

/* Below the neck; or near the upper end of the field of view, where what lies just beyond its lower end, below the
 * neck, may have wrapped around to. A face that did is looked for as a ghost. m: atlas mm of a voxel. */
static bool of_the_body(const vv_grid *g, const double m[12], const int at[3])
{
    double height = m[8] * at[0] + m[9] * at[1] + m[10] * at[2] + m[11];
    for (int a = 0; a < 3; ++a) {
        double up = m[8 + a], end = (up > 0 ? g->dims[a] - 1 - at[a] : at[a]) * g->spacing[a];
        if (fabs(up) > ALONG * g->spacing[a] && end < SHOULDERS && height - fabs(up) * g->dims[a] < NECK)
            return true;
    }
    return height < NECK;
}

static void count_airy(const vv_grid *g, const double to_atlas[12], const int32_t *label, int32_t head, piece *pieces)
{
    double mm[12], m[12];
    size_t v = 0;
    vv_affine_compose(to_atlas, g->affine, mm);
    vv_atlas_grid_matrix(g->affine, to_atlas, m);
    for (int z = 0; z < g->dims[2]; ++z)
        for (int y = 0; y < g->dims[1]; ++y)
            for (int x = 0; x < g->dims[0]; ++x, ++v) {
                const double at[3] = {x, y, z};
                if (label[v] < 0 || label[v] == head || of_the_body(g, mm, (const int[3]){x, y, z}) ||
                    mm[4] * x + mm[5] * y + mm[6] * z + mm[7] < EARS)
                    continue;
                pieces[label[v]].airy += vv_atlas_field_mm(VK_FIELD_HEAD, vv_atlas_field_index(m, at)) < -OFF_HEAD;
            }
}

static vv_status label_tissue(vv_device *dev, const vv_grid *g, vv_buf *code, int32_t *label, vv_err *err)
{
    vv_components parts;
    vv_status s = vv_components_create(dev, g->dims, &parts, err);
    if (!s)
        s = vv_components_label(&parts, code, VK_TISSUE, VK_TISSUE, err);
    if (!s)
        s = vv_download(dev, label, parts.label, 0, (size_t)parts.n * sizeof *label, err);
    vv_components_release(&parts);
    return s;
}

vv_status vv_loose_tissue(vv_device *dev, const vv_grid *g, const double to_atlas[12], vv_buf *code, double *most,
                          vv_err *err)
{
    int32_t n = vv_grid_voxels(g);
    int32_t *label = vv_malloc((size_t)n, sizeof *label);
    piece *pieces = vv_calloc((size_t)n, sizeof *pieces);
    vv_status s = label && pieces ? label_tissue(dev, g, code, label, err)
                                  : vv_fail(err, VV_E_RESOURCE, "verify", "out of memory; free some and try again");
    uint32_t largest = 0;
    if (!s) {
        count_airy(g, to_atlas, label, count_all(label, n, pieces), pieces);
        for (int32_t v = 0; v < n; ++v)
            if (2 * (int64_t)pieces[v].airy > pieces[v].all && pieces[v].all > largest)
                largest = pieces[v].all;
    }
    vv_free(pieces);
    vv_free(label);
    *most = largest * g->spacing[0] * g->spacing[1] * g->spacing[2];
    return s;
}
