/* perturb_place.c - the head turned, shifted, made small; its voxels made thick. */
#include "perturb.h"
#include <math.h>

#define TURN_LEAST 10.0 /* degrees */
#define TURN_MOST 30.0
#define SHIFT_MOST 40.0 /* mm along each axis */
#define CHILD_LEAST 0.72
#define CHILD_MOST 0.90
#define ISO_MM 3.0
#define THICK_MM 5.0
#define THICK_ALREADY 4.0 /* thicker voxels stay as they are */

static nifti_dmat44 identity(void)
{
    nifti_dmat44 m = {0};
    for (int k = 0; k < 4; k++)
        m.m[k][k] = 1;
    return m;
}

/* Middle of the tissue, mm. */
static void centre_of(const scene *s, double at[3])
{
    const float *t = scene_tissue(s);
    double sum[3] = {0}, n = 0;
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        int64_t v[3];
        scene_index(s, i, v);
        n += t[i];
        for (int k = 0; k < 3; k++)
            sum[k] += t[i] * (double)v[k];
    }
    for (int r = 0; r < 3; r++) {
        at[r] = s->affine.m[r][3];
        for (int k = 0; k < 3; k++)
            at[r] += n > 0 ? s->affine.m[r][k] * sum[k] / n : 0;
    }
}

/* Rotation by an angle about an axis of length 1 (Rodrigues) that leaves `fix` where it is. */
static nifti_dmat44 rotation(const double u[3], double angle, const double fix[3])
{
    double c = cos(angle), s = sin(angle);
    const double cross[3][3] = {{0, -u[2], u[1]}, {u[2], 0, -u[0]}, {-u[1], u[0], 0}};
    nifti_dmat44 m = identity();
    for (int r = 0; r < 3; r++) {
        m.m[r][3] = fix[r];
        for (int k = 0; k < 3; k++) {
            m.m[r][k] = (r == k ? c : 0) + s * cross[r][k] + (1 - c) * u[r] * u[k];
            m.m[r][3] -= m.m[r][k] * fix[k];
        }
    }
    return m;
}

perturb_result perturb_turn(scene *s, random_stream *r, int order)
{
    (void)order;
    double u[3], length = 0, fix[3];
    for (int k = 0; k < 3; k++) {
        u[k] = random_normal(r);
        length += u[k] * u[k];
    }
    for (int k = 0; k < 3; k++)
        u[k] /= sqrt(length);
    centre_of(s, fix);
    scene_resample(s, rotation(u, random_between(r, TURN_LEAST, TURN_MOST) * 3.141592653589793 / 180, fix), r);
    return PERTURB_DONE;
}

perturb_result perturb_shift(scene *s, random_stream *r, int order)
{
    (void)order;
    nifti_dmat44 move = identity();
    for (int k = 0; k < 3; k++)
        move.m[k][3] = random_between(r, -SHIFT_MOST, SHIFT_MOST);
    scene_resample(s, move, r);
    return PERTURB_DONE;
}

perturb_result perturb_child(scene *s, random_stream *r, int order)
{
    (void)order;
    nifti_dmat44 scale = identity();
    scale.m[0][0] = scale.m[1][1] = scale.m[2][2] = random_between(r, CHILD_LEAST, CHILD_MOST);
    s->affine = nifti_dmat44_mul(scale, s->affine);
    scene_carry(s, scale);
    return PERTURB_DONE;
}

perturb_result perturb_iso3(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    for (int k = 0; k < 3; k++)
        scene_thicken(s, k, ISO_MM);
    return PERTURB_DONE;
}

static perturb_result thick(scene *s, int atlas_axis)
{
    scene_way w = scene_way_of(s, atlas_axis);
    if (w.mm > THICK_ALREADY)
        return PERTURB_NOT_FOR_THIS;
    scene_thicken(s, w.axis, THICK_MM);
    return PERTURB_DONE;
}

perturb_result perturb_thick_ax(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    return thick(s, 2);
}

perturb_result perturb_thick_cor(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    return thick(s, 1);
}

perturb_result perturb_thick_sag(scene *s, random_stream *r, int order)
{
    (void)r, (void)order;
    return thick(s, 0);
}
