/* verification.c - what changed, and what is left of the surface. */
#include "verification.h"
#include "atlas.h"
#include "launch.h"
#include "trust.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PER_GROUP 16384
#define NEAR_MM 2.0
#define RESIDUAL_MOST 50.0 /* mm^2, of all parts */
#define PART_MOST 25.0     /* mm^2, of one; of the heads of docs/heads.md 8 and less */
/* Places beside the landmarks of the atlas. */
enum { MIDDLE_OF_FOREHEAD = VV_LM_COUNT, BROW_L, BROW_R };
/* mm around each place in which the skin must be gone: the brows up to where the face's region ends, the root of the
 * nose, the lids, the whole of nose and mouth. The ears' spheres stand off the head, so that they hold the ear and not
 * the skin behind it; the forehead's is on the skin of the mean head, above where brain is near. */
static const struct {
    int landmark;
    float from[3]; /* mm from it */
    float radius;
    uint32_t regions; /* those that take this skin away */
    int part;
} marks[VK_LANDMARKS] = {
    [VV_LM_NASION] = {VV_LM_NASION, {0, 0, 0}, 10, VV_REGION_FACE, VV_PART_NOSE},
    [VV_LM_NOSE] = {VV_LM_NOSE, {0, 0, 0}, 18, VV_REGION_FACE, VV_PART_NOSE},
    [VV_LM_EYE_L] = {VV_LM_EYE_L, {0, 0, 0}, 14, VV_REGION_FACE | VV_REGION_EYES, VV_PART_EYES},
    [VV_LM_EYE_R] = {VV_LM_EYE_R, {0, 0, 0}, 14, VV_REGION_FACE | VV_REGION_EYES, VV_PART_EYES},
    [VV_LM_MOUTH] = {VV_LM_MOUTH, {0, 0, 0}, 18, VV_REGION_FACE | VV_REGION_TEETH, VV_PART_MOUTH},
    [VV_LM_CHIN] = {VV_LM_CHIN, {0, 0, 0}, 14, VV_REGION_FACE, VV_PART_CHIN},
    [VV_LM_EAR_L] = {VV_LM_EAR_L, {-5, 0, 0}, 12, VV_REGION_EARS, VV_PART_EARS},
    [VV_LM_EAR_R] = {VV_LM_EAR_R, {5, 0, 0}, 12, VV_REGION_EARS, VV_PART_EARS},
    [MIDDLE_OF_FOREHEAD] = {VV_LM_NASION, {0, -16, 64}, 14, VV_REGION_FOREHEAD, VV_PART_FOREHEAD},
    [BROW_L] = {VV_LM_NASION, {-22, 0, 8}, 8, VV_REGION_FACE, VV_PART_BROW},
    [BROW_R] = {VV_LM_NASION, {22, 0, 8}, 8, VV_REGION_FACE, VV_PART_BROW},
};
static const char *const part_names[VV_PARTS] = {"brow", "eyes", "nose", "mouth", "chin", "ears", "forehead"};

const char *vv_part_name(int part)
{
    return part_names[part];
}

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

/* The spheres of some of the places; of the others the radius is 0. */
static void place_marks(vk_residual_p *p, uint32_t regions, bool forehead)
{
    for (int k = 0; k < VK_LANDMARKS; ++k) {
        bool wanted = regions & marks[k].regions && forehead == (k == MIDDLE_OF_FOREHEAD);
        for (int a = 0; a < 3; ++a)
            p->centre[4 * k + a] = vv_atlas_landmarks[marks[k].landmark][a] + marks[k].from[a];
        p->centre[4 * k + 3] = wanted ? marks[k].radius : 0.0f;
    }
}

/* A skin voxel stands for a patch as large as the face of a cube of its volume: cbrt(volume)^2, by Newton's method. */
static double patch_area(const vv_grid *g)
{
    double volume = g->spacing[0] * g->spacing[1] * g->spacing[2], side = 1.0;
    for (int i = 0; i < 60; ++i)
        side -= (side * side * side - volume) / (3 * side * side);
    return side * side;
}

vv_status vv_residual_surface(vv_device *dev, const vv_grid *g, const double to_atlas[12], uint32_t regions,
                              vv_buf *before, vv_buf *after, vv_skin_left *out, vv_err *err)
{
    vk_residual_p p = {.nx = g->dims[0], .ny = g->dims[1], .nz = g->dims[2]};
    int32_t *reach[3] = {&p.near_x, &p.near_y, &p.near_z};
    double m[12], patch = patch_area(g);
    uint32_t n[2 * VK_LANDMARKS];
    vv_affine_compose(to_atlas, g->affine, m);
    for (int k = 0; k < 12; ++k)
        p.m[k] = (float)m[k];
    for (int a = 0; a < 3; ++a)
        *reach[a] = (int32_t)(NEAR_MM / g->spacing[a] + 0.25);
    vv_buf *sums = NULL;
    vv_status s = vv_buf_create(dev, sizeof n, &sums, err);
    if (!s)
        s = vv_fill(dev, sums, 0, 0, sizeof n, err);
    place_marks(&p, regions, false);
    if (!s)
        s = vv_launch_residual(dev, vv_groups(p.nx), (uint32_t)p.ny, (uint32_t)p.nz, before, after, sums, &p, err);
    if (!s && regions & VV_REGION_FOREHEAD) { /* brain is near: only a few mm of it can go, so what counts is skin where
                                                 it was */
        place_marks(&p, regions, true);
        p.near_x = p.near_y = p.near_z = 0;
        s = vv_launch_residual(dev, vv_groups(p.nx), (uint32_t)p.ny, (uint32_t)p.nz, before, after, sums, &p, err);
    }
    if (!s)
        s = vv_download(dev, n, sums, 0, sizeof n, err);
    vv_buf_destroy(dev, &sums);
    for (int k = 0; k < VV_PARTS; ++k)
        out[k] = (vv_skin_left){0};
    for (int k = 0; !s && k < VK_LANDMARKS; ++k) {
        vv_skin_left *part = &out[marks[k].part];
        part->asked = part->asked || regions & marks[k].regions;
        part->skin += n[2 * k] * patch;
        part->left += n[2 * k + 1] * patch;
    }
    return s;
}

void vv_judge_surface(vv_face_result *r)
{
    double all = 0;
    bool pass = true;
    for (int k = 0; k < VV_PARTS; ++k)
        all += r->surface[k].left;
    vv_gate_add(r, "residual_surface_mm2", all, RESIDUAL_MOST, all <= RESIDUAL_MOST);
    for (int k = 0; k < VV_PARTS; ++k) {
        char name[sizeof r->gates[0].name];
        if (!r->surface[k].asked)
            continue;
        snprintf(name, sizeof name, "residual_%s_mm2", part_names[k]);
        vv_gate_add(r, name, r->surface[k].left, PART_MOST, r->surface[k].left <= PART_MOST);
        pass = pass && r->surface[k].left <= PART_MOST;
    }
    if (all > RESIDUAL_MOST || !pass)
        vv_doubt(r, "part of the face's surface is left");
}

void vv_gate_add(vv_face_result *r, const char *name, double value, double limit, bool pass)
{
    if (r->ngates >= VV_GATES_MAX)
        return;
    vv_gate *gate = &r->gates[r->ngates++];
    snprintf(gate->name, sizeof gate->name, "%s", name);
    gate->value = value, gate->limit = limit, gate->pass = pass;
}
