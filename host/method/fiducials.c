/* fiducials.c - the atlas's points, brought to the subject's skin. */
#include "fiducials.h"
#include "alloc.h"
#include "atlas.h"
#include <math.h>

#define REACH_MM 12.0
#define STEP_MM 0.25

/* Atlas mm, and the direction out of the head there. */
static const struct {
    int landmark;
    double shift[3], out[3];
} points[VV_FID_COUNT] = {
    [VV_FID_NASION] = {VV_LM_NASION, {0, 0, 0}, {0, 1, 0}},
    [VV_FID_LPA] = {VV_LM_EAR_L, {0, 0, 0}, {-1, 0, 0}},
    [VV_FID_RPA] = {VV_LM_EAR_R, {0, 0, 0}, {1, 0, 0}},
};

typedef struct skin {
    const vv_grid *g;
    const float *level;
    const uint8_t *code;
    double tissue, to_voxel[12];
} skin;

static void apply(const double a[12], const double x[3], double out[3])
{
    for (int r = 0; r < 3; ++r)
        out[r] = a[4 * r] * x[0] + a[4 * r + 1] * x[1] + a[4 * r + 2] * x[2] + a[4 * r + 3];
}

/* The nearest voxel's index, -1 outside the grid. */
static int64_t voxel_at(const skin *s, const double mm[3])
{
    double v[3];
    apply(s->to_voxel, mm, v);
    for (int a = 0; a < 3; ++a) {
        v[a] = floor(v[a] + 0.5);
        if (!(v[a] >= 0 && v[a] < s->g->dims[a]))
            return -1;
    }
    return ((int64_t)v[2] * s->g->dims[1] + (int64_t)v[1]) * s->g->dims[0] + (int64_t)v[0];
}

/* Trilinear, held inside the grid. */
static double level_at(const skin *s, const double mm[3])
{
    const int32_t *d = s->g->dims;
    double v[3], f[3], sum = 0;
    int64_t o[3];
    apply(s->to_voxel, mm, v);
    for (int a = 0; a < 3; ++a) {
        v[a] = v[a] > 0 ? v[a] < d[a] - 1 ? v[a] : d[a] - 1 : 0;
        o[a] = (int64_t)floor(v[a]);
        o[a] = o[a] > 0 && o[a] == d[a] - 1 ? o[a] - 1 : o[a];
        f[a] = v[a] - (double)o[a];
    }
    for (int k = 0; k < 8; ++k) {
        double w = (k & 1 ? f[0] : 1 - f[0]) * (k & 2 ? f[1] : 1 - f[1]) * (k & 4 ? f[2] : 1 - f[2]);
        int64_t x = o[0] + (k & 1), y = o[1] + (k >> 1 & 1), z = o[2] + (k >> 2);
        if (w > 0)
            sum += w * s->level[(z * d[1] + y) * d[0] + x];
    }
    return sum;
}

/* Whether a voxel with `bit` lies on the line from `mm` along `dir`, within 5 mm. */
static bool reaches(const skin *s, const double mm[3], const double dir[3], double sign, int bit)
{
    for (int i = 1; i <= 5; ++i) {
        double p[3] = {mm[0] + sign * i * dir[0], mm[1] + sign * i * dir[1], mm[2] + sign * i * dir[2]};
        int64_t v = voxel_at(s, p);
        if (v >= 0 && s->code[v] & bit)
            return true;
    }
    return false;
}

/* Moves `mm` along the unit vector `out` to the nearest place where tissue of the head ends and the outside begins. */
static bool to_skin(const skin *s, const double out[3], double mm[3])
{
    double best = HUGE_VAL, before = 0;
    for (int i = 0, n = (int)(2 * REACH_MM / STEP_MM); i <= n; ++i) {
        double t = i * STEP_MM - REACH_MM, p[3] = {mm[0] + t * out[0], mm[1] + t * out[1], mm[2] + t * out[2]};
        double level = level_at(s, p) - s->tissue;
        if (i > 0 && before > 0 && level <= 0 && reaches(s, p, out, -1, VK_HEAD) && reaches(s, p, out, 1, VK_OUTSIDE)) {
            double cross = t - STEP_MM * level / (level - before);
            if (fabs(cross) < fabs(best))
                best = cross;
        }
        before = level;
    }
    for (int a = 0; a < 3 && best < HUGE_VAL; ++a)
        mm[a] += best * out[a];
    return best < HUGE_VAL;
}

static void find(const skin *s, const double from_atlas[12], int k, vv_fiducial *f)
{
    double mark[3], beyond[3], out[3], length = 0;
    for (int a = 0; a < 3; ++a) {
        mark[a] = vv_atlas_landmarks[points[k].landmark][a] + points[k].shift[a];
        beyond[a] = mark[a] + points[k].out[a];
    }
    apply(from_atlas, mark, f->mm);
    apply(from_atlas, beyond, out);
    for (int a = 0; a < 3; ++a) {
        out[a] -= f->mm[a];
        length += out[a] * out[a];
    }
    for (int a = 0; a < 3; ++a)
        out[a] /= sqrt(length);
    f->on_skin = to_skin(s, out, f->mm);
    f->in_view = voxel_at(s, f->mm) >= 0;
}

vv_status vv_fiducials_find(vv_device *dev, const vv_grid *g, vv_buf *code, double tissue, const double to_atlas[12],
                            vv_fiducial out[VV_FID_COUNT], vv_err *err)
{
    size_t n = (size_t)vv_grid_voxels(g);
    float *level = vv_malloc(n, sizeof *level);
    uint8_t *bytes = vv_malloc(n, 1);
    double from_atlas[12];
    skin s = {.g = g, .level = level, .code = bytes, .tissue = tissue};
    vv_status st = level && bytes ? vv_download(dev, level, g->level, 0, n * sizeof *level, err)
                                  : vv_fail(err, VV_E_RESOURCE, "fiducials", "out of memory; free some and try again");
    if (!st)
        st = vv_download(dev, bytes, code, 0, n, err);
    bool known = vv_affine_invert(to_atlas, from_atlas) && vv_affine_invert(g->affine, s.to_voxel);
    for (int k = 0; k < VV_FID_COUNT; ++k) {
        out[k] = (vv_fiducial){0};
        if (!st && known)
            find(&s, from_atlas, k, &out[k]);
    }
    vv_free(level);
    vv_free(bytes);
    return st;
}
