/* made_ct.h - a CT head made of the atlas's own classes, and how far off a pose of it is. */
#ifndef TESTS_MADE_CT_H
#define TESTS_MADE_CT_H
#include "cpu_atlas.h"
#include "search.h"
#include <math.h>

static const vv_window made_window = {.air = -1000, .bright = 300, .tissue = -350, .ct = true};

/* Hounsfield units of a class, as a CT has them: dark on T1 and below the skin is bone, all else much alike. */
static inline float made_level(const double mm[3])
{
    int c = vv_atlas_class_at(mm);
    if (c < 2)
        return -1000.0f;
    return c >= VV_CLASS_DEEP && (c - VV_CLASS_DEEP) % 5 < 2 ? 700.0f : 30.0f;
}

/* A grid of n voxels with these levels. */
static inline void made_grid(const int32_t dims[3], const double step[3], const double origin[3], const float *level,
                             vv_grid *g)
{
    vv_err err;
    *g = (vv_grid){.dims = {dims[0], dims[1], dims[2]}, .factor = {1, 1, 1}};
    for (int a = 0; a < 3; a++) {
        g->affine[5 * a] = step[a];
        g->affine[4 * a + 3] = origin[a];
        g->spacing[a] = fabs(step[a]);
    }
    assert_int_equal(vv_grid_create(dev, g, &err), VV_OK);
    assert_int_equal(vv_upload(dev, g->level, 0, level, (size_t)vv_grid_voxels(g) * sizeof *level, &err), VV_OK);
}

/* The most that a mark of the face or an ear at the height of the eyes or above is off, mm. */
static inline double made_off_by(const vv_found *f)
{
    static const int marks[] = {VV_LM_NASION, VV_LM_NOSE, VV_LM_EYE_L, VV_LM_EYE_R, VV_LM_EAR_L, VV_LM_EAR_R};
    double most = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const float *m = vv_atlas_landmarks[marks[i]];
        double d2 = 0;
        for (int r = 0; r < 3; r++) {
            const double *t = f->to_atlas + 4 * r;
            double d = t[0] * m[0] + t[1] * m[1] + t[2] * m[2] + t[3] - m[r];
            d2 += d * d;
        }
        most = d2 > most ? d2 : most;
    }
    return sqrt(most);
}
#endif
