/* visit.c - another scan of the same head, and weak ways to clean one. */
#include "visit.h"
#include "atlas.h"
#include "volume.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TURN_LEAST 3.0 /* degrees */
#define TURN_MOST 12.0
#define SHIFT_MOST 8.0 /* mm */
#define BEND 0.2876821 /* log of 4/3 */
#define BRIGHTNESS 0.2
#define SNR 20.0
#define UNDER_NOSE 6.0  /* mm */
#define BOX_AROUND 12.0 /* mm around the face that a blur reaches */
#define WIENER_NOISE 1e-2
#define WIENER_STEPS 15
#define RICHARDSON_STEPS 10

/* A turn about an axis through the middle of the head, and a shift. */
static nifti_dmat44 any_move(const scene *s, random_stream *r)
{
    double u[3], length = 0, fix[3], angle = random_between(r, TURN_LEAST, TURN_MOST) * 3.141592653589793 / 180;
    static const double middle[3] = {0, 8, -35};
    nifti_dmat44 m = {0};
    scene_place(s, middle, fix);
    for (int k = 0; k < 3; k++) {
        u[k] = random_normal(r);
        length += u[k] * u[k];
    }
    for (int k = 0; k < 3; k++)
        u[k] /= sqrt(length);
    double c = cos(angle), n = sin(angle);
    const double cross[3][3] = {{0, -u[2], u[1]}, {u[2], 0, -u[0]}, {-u[1], u[0], 0}};
    for (int i = 0; i < 3; i++) {
        m.m[i][3] = fix[i] + random_between(r, -SHIFT_MOST, SHIFT_MOST);
        for (int k = 0; k < 3; k++) {
            m.m[i][k] = (i == k ? c : 0) + n * cross[i][k] + (1 - c) * u[i] * u[k];
            m.m[i][3] -= m.m[i][k] * fix[k];
        }
    }
    m.m[3][3] = 1;
    return m;
}

void visit_again(scene *s, random_stream *r)
{
    scene_resample(s, any_move(s, r), r);
    scene_levels l = scene_find_levels(s, 0);
    double bend = exp(random_between(r, -BEND, BEND)), slow[3], sigma = fabs(l.brain - l.air) / SNR;
    for (int k = 0; k < 3; k++)
        slow[k] = random_between(r, -BRIGHTNESS, BRIGHTNESS);
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        int64_t v[3];
        scene_index(s, i, v);
        double part = fmax(s->layers[i] - l.air, 0) / (l.tissue_98 - l.air), gain = 1;
        for (int k = 0; k < 3; k++)
            gain += slow[k] * ((2 * (double)v[k] + 1) / (double)s->dims[k] - 1);
        double a = pow(part, bend) * gain * (l.tissue_98 - l.air) + sigma * random_normal(r);
        double b = sigma * random_normal(r);
        s->layers[i] = (float)(l.air + sqrt(a * a + b * b));
    }
}

/* Atlas mm of voxel i. */
static void in_atlas(const scene *s, const double to_atlas[12], int64_t i, double at[3])
{
    int64_t v[3];
    double mm[3];
    scene_index(s, i, v);
    scene_mm(s, v, mm);
    for (int r = 0; r < 3; r++)
        at[r] =
            to_atlas[4 * r] * mm[0] + to_atlas[4 * r + 1] * mm[1] + to_atlas[4 * r + 2] * mm[2] + to_atlas[4 * r + 3];
}

/* The part of a scene around its face. */
typedef struct face_box {
    int64_t lo[3], dims[3];
    double mm[3];     /* spacing */
    float *level;     /* of the box; by free */
    uint8_t *in_face; /* a byte per voxel of the box; by free */
} face_box;

/* How far inside the face (mm) voxel i of the scene lies. */
static double inside_face(const scene *s, const double to_atlas[12], int64_t i)
{
    double at[3], face;
    in_atlas(s, to_atlas, i, at);
    return vv_atlas_field_at(VK_FIELD_FACE, at, &face) ? face : -1000;
}

static int64_t box_voxel(const scene *s, const face_box *b, int64_t i)
{
    const int64_t v[3] = {b->lo[0] + i % b->dims[0], b->lo[1] + i / b->dims[0] % b->dims[1],
                          b->lo[2] + i / (b->dims[0] * b->dims[1])};
    return scene_voxel(s, v);
}

static face_box take_box(const scene *s, const double pose[16])
{
    face_box b = {.lo = {INT64_MAX, INT64_MAX, INT64_MAX}};
    double to_atlas[12];
    int64_t v[3], hi[3] = {0};
    if (!vv_affine_invert(pose, to_atlas))
        exit(1);
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        if (inside_face(s, to_atlas, i) < -BOX_AROUND)
            continue;
        scene_index(s, i, v);
        for (int k = 0; k < 3; k++) {
            b.lo[k] = v[k] < b.lo[k] ? v[k] : b.lo[k];
            hi[k] = v[k] > hi[k] ? v[k] : hi[k];
        }
    }
    for (int k = 0; k < 3; k++) {
        b.dims[k] = hi[k] >= b.lo[k] ? hi[k] - b.lo[k] + 1 : 0;
        b.mm[k] = sqrt(s->affine.m[0][k] * s->affine.m[0][k] + s->affine.m[1][k] * s->affine.m[1][k] +
                       s->affine.m[2][k] * s->affine.m[2][k]);
    }
    int64_t n = b.dims[0] * b.dims[1] * b.dims[2];
    b.level = need((size_t)n, sizeof *b.level);
    b.in_face = need((size_t)n, 1);
    for (int64_t i = 0; i < n; i++) {
        int64_t at = box_voxel(s, &b, i);
        b.level[i] = s->layers[at];
        b.in_face[i] = inside_face(s, to_atlas, at) > 0;
    }
    return b;
}

/* What the box has in the face goes back into the scene. */
static void give_box(scene *s, face_box *b)
{
    for (int64_t i = 0; i < b->dims[0] * b->dims[1] * b->dims[2]; i++)
        if (b->in_face[i])
            s->layers[box_voxel(s, b, i)] = b->level[i];
    free(b->level);
    free(b->in_face);
}

void weak_blur(scene *s, const double pose[16], double sigma)
{
    face_box b = take_box(s, pose);
    if (!vv_blur(b.level, b.dims, b.mm, sigma))
        exit(1);
    give_box(s, &b);
}

void weak_blur_undo(scene *s, const double pose[16], double sigma, vv_unblur how)
{
    face_box b = take_box(s, pose);
    bool wiener = how == VV_UNBLUR_WIENER;
    if (!vv_blur_undo(b.level, b.dims, b.mm, sigma, how, WIENER_NOISE, wiener ? WIENER_STEPS : RICHARDSON_STEPS))
        exit(1);
    give_box(s, &b);
}

void weak_plane(scene *s, const double pose[16])
{
    double to_atlas[12], at[3], air = scene_find_levels(s, 0).air;
    if (!vv_affine_invert(pose, to_atlas))
        exit(1);
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        in_atlas(s, to_atlas, i, at);
        if (at[2] < vv_atlas_landmarks[VV_LM_NOSE][2] - UNDER_NOSE && at[1] > vv_atlas_landmarks[VV_LM_EAR_L][1])
            s->layers[i] = (float)air;
    }
}
