/* verification.c - what changed, and what is left of the surface. */
#include "verification.h"
#include "atlas.h"
#include "launch.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PER_GROUP 16384
#define NEAR_MM 2.0
/* mm around each landmark in which the skin must be gone: the root of the nose, the whole of nose and mouth, the lids.
 * The ears' spheres stand off the head, so that they hold the ear and not the skin behind it. */
enum { MIDDLE_OF_FOREHEAD = VV_LM_COUNT };
static const struct {
    float radius;
    uint32_t regions; /* those that take this skin away */
} marks[VK_LANDMARKS] = {
    [VV_LM_NASION] = {10, VV_REGION_FACE},
    [VV_LM_NOSE] = {18, VV_REGION_FACE},
    [VV_LM_EYE_L] = {14, VV_REGION_FACE | VV_REGION_EYES},
    [VV_LM_EYE_R] = {14, VV_REGION_FACE | VV_REGION_EYES},
    [VV_LM_MOUTH] = {18, VV_REGION_FACE | VV_REGION_TEETH},
    [VV_LM_CHIN] = {14, VV_REGION_FACE},
    [VV_LM_EAR_L] = {12, VV_REGION_EARS},
    [VV_LM_EAR_R] = {12, VV_REGION_EARS},
    [MIDDLE_OF_FOREHEAD] = {14, VV_REGION_FOREHEAD},
};
#define EAR_OFF 5.0f                                       /* mm */
static const float forehead_from_nasion[3] = {0, -16, 64}; /* mm; skin of the mean head, above where brain is near */

vv_status vv_compare_frame(vv_device *dev, const vv_volume *v, vv_buf *before, vv_buf *after, vv_buf *code,
                           int64_t counts[3], vv_err *err)
{
    vk_compare_p p = {
        .n = (int32_t)vv_volume_voxels(v), .bytes = (int32_t)vv_dtype_bytes(v->dtype), .per_group = PER_GROUP};
    uint32_t n[3];
    vv_buf *sums = NULL;
    vv_status s = vv_buf_create(dev, sizeof n, &sums, err);
    if (!s)
        s = vv_fill(dev, sums, 0, 0, sizeof n, err);
    if (!s)
        s = vv_launch_compare(dev, (uint32_t)((p.n + PER_GROUP - 1) / PER_GROUP), 1, 1, before, after, code, sums, &p,
                              err);
    if (!s)
        s = vv_download(dev, n, sums, 0, sizeof n, err);
    for (int k = 0; !s && k < 3; ++k)
        counts[k] += n[k];
    vv_buf_destroy(dev, &sums);
    return s;
}

vv_status vv_residual_surface(vv_device *dev, const vv_grid *g, const double to_atlas[12], uint32_t regions,
                              vv_buf *before, vv_buf *after, double *area, double *left, vv_err *err)
{
    vk_residual_p p = {.nx = g->dims[0], .ny = g->dims[1], .nz = g->dims[2]};
    int32_t *reach[3] = {&p.near_x, &p.near_y, &p.near_z};
    double m[12];
    uint32_t n[2 * VK_LANDMARKS];
    vv_affine_compose(to_atlas, g->affine, m);
    for (int k = 0; k < 12; ++k)
        p.m[k] = (float)m[k];
    for (int a = 0; a < 3; ++a)
        *reach[a] = (int32_t)(NEAR_MM / g->spacing[a] + 0.25);
    for (int k = 0; k < VK_LANDMARKS; ++k) {
        int landmark = k == MIDDLE_OF_FOREHEAD ? VV_LM_NASION : k;
        for (int a = 0; a < 3; ++a)
            p.centre[4 * k + a] =
                vv_atlas_landmarks[landmark][a] + (k == MIDDLE_OF_FOREHEAD ? forehead_from_nasion[a] : 0.0f);
        p.centre[4 * k] += k == VV_LM_EAR_L ? -EAR_OFF : k == VV_LM_EAR_R ? EAR_OFF : 0.0f;
        p.centre[4 * k + 3] = regions & marks[k].regions ? marks[k].radius : 0.0f;
    }
    vv_buf *sums = NULL;
    vv_status s = vv_buf_create(dev, sizeof n, &sums, err);
    if (!s)
        s = vv_fill(dev, sums, 0, 0, sizeof n, err);
    float forehead = p.centre[4 * MIDDLE_OF_FOREHEAD + 3];
    p.centre[4 * MIDDLE_OF_FOREHEAD + 3] = 0;
    if (!s)
        s = vv_launch_residual(dev, vv_groups(p.nx), (uint32_t)p.ny, (uint32_t)p.nz, before, after, sums, &p, err);
    if (!s && forehead > 0) { /* brain is near: only a few mm of it can go, so what counts is skin where it was */
        for (int k = 0; k < VK_LANDMARKS; ++k)
            p.centre[4 * k + 3] = k == MIDDLE_OF_FOREHEAD ? forehead : 0;
        p.near_x = p.near_y = p.near_z = 0;
        s = vv_launch_residual(dev, vv_groups(p.nx), (uint32_t)p.ny, (uint32_t)p.nz, before, after, sums, &p, err);
    }
    if (!s)
        s = vv_download(dev, n, sums, 0, sizeof n, err);
    vv_buf_destroy(dev, &sums);
    /* a skin voxel stands for a patch as large as the face of a cube of its volume: cbrt(volume)^2, by Newton's method
     */
    double volume = g->spacing[0] * g->spacing[1] * g->spacing[2], side = 1.0;
    for (int i = 0; i < 60; ++i)
        side -= (side * side * side - volume) / (3 * side * side);
    *area = *left = 0;
    for (int k = 0; !s && k < VK_LANDMARKS; ++k) {
        *area += n[2 * k] * side * side;
        *left += n[2 * k + 1] * side * side;
    }
    return s;
}

void vv_gate_add(vv_face_result *r, const char *name, double value, double limit, bool pass)
{
    if (r->ngates >= VV_GATES_MAX)
        return;
    vv_gate *gate = &r->gates[r->ngates++];
    snprintf(gate->name, sizeof gate->name, "%s", name);
    gate->value = value, gate->limit = limit, gate->pass = pass;
}
