/* pose.h - poses of the atlas on a subject: their parameters, and scoring many at once. */
#ifndef VV_POSE_H
#define VV_POSE_H
#include "atlas.h"
#include "grid.h"

/* Which parameter stands where in vv_pose.p. */
enum { VV_P_ROT = 0, VV_P_SCALE = 3, VV_P_SHEAR = 6, VV_P_SHIFT = 9, VV_P_COUNT = 12 };

/* atlas mm = U * R(p) * start * (subject mm - centre) + shift. R: the rotation of the quaternion (1, p0, p1, p2)
 * brought to length 1; U: upper triangular, 1 + scale on the diagonal, shears above; start: one of the 24 rotations of
 * the cube. No trigonometry, so the numbers are the same on every machine. */
typedef struct vv_pose {
    int start; /* 0..23; 0: as the header says */
    double p[VV_P_COUNT];
    double score; /* correlation ratio less what unlikely shapes cost */
} vv_pose;

#define VV_STARTS 24
/* The k-th rotation of the cube, row-major 3x3; 0 is the identity. */
void vv_pose_start(int k, double r[9]);
/* Subject mm to atlas mm, row-major 3x4. centre: subject mm. */
void vv_pose_matrix(const vv_pose *pose, const double centre[3], double out[12]);

/* A subject at one resolution, ready to be scored. */
typedef struct vv_points {
    vv_buf *words; /* vk_pack_points */
    int32_t n;
    double affine[12]; /* coarse voxel to mm */
} vv_points;

/* Most voxels a scored grid may have (sums stay below 2^32: 4 * 63^2 * n) and its bounds along each axis. */
#define VV_POINTS_MOST 260000
extern const int32_t vv_points_dims[3];

/* lo, hi: levels that become 0 and 63. */
VV_NODISCARD vv_status vv_points_make(vv_device *dev, const vv_grid *g, double lo, double hi, vv_points *out,
                                      vv_err *err);
void vv_points_release(vv_device *dev, vv_points *p);

/* Memory for up to `most` poses scored in one launch. */
typedef struct vv_scorer {
    vv_device *dev;
    vv_buf *poses, *sums;
    float *matrices;
    uint32_t *counts;
    int most;
    bool tilted; /* shearing y along z costs little: a gantry may have been tilted */
} vv_scorer;
VV_NODISCARD vv_status vv_scorer_create(vv_device *dev, int most, vv_scorer *out, vv_err *err);
void vv_scorer_release(vv_scorer *s);

/* Fills poses[i].score for i < n. classes: one of the atlas's class buffers. centre: subject mm. */
VV_NODISCARD vv_status vv_score(vv_scorer *s, const vv_points *points, vv_buf *classes, const double centre[3],
                                vv_pose *poses, int n, vv_err *err);

/* How well one pose explains the subject: the correlation ratio over everything, and over the head's own classes alone
 * (whether what is inside looks like a head at all). */
typedef struct vv_fit {
    double all, inside;
} vv_fit;
VV_NODISCARD vv_status vv_score_detail(vv_scorer *s, const vv_points *points, vv_buf *classes, const double centre[3],
                                       const vv_pose *pose, vv_fit *out, vv_err *err);
#endif
