/* pose.c - pose parameters and batched scoring. */
#include "pose.h"
#include "alloc.h"
#include "launch.h"
#include <math.h>
#include <string.h>

#define CLASSES 32
#define FIRST_INSIDE 2 /* classes 0 and 1 are air */
#define PER_GROUP 8192 /* points of one group; enough to pay for its histogram */
/* What unlikely shapes cost: population spread of head sizes is about 5 %, of proportions about half that. */
#define COST_SIZE 0.3
#define COST_SHAPE 1.2
/* A CT gantry tilts by up to 30 degrees about the left-right axis, and a file may not say so: its slices are then
 * sheared along y by up to 0.58 of z, 0.3 as a rule. */
#define TILT 2
#define TILT_COST 0.1
#define CHILDREN                                                                                                       \
    25.0 /* sizes more than a fifth off cost little more: children's are, and must not be pulled to an adult's */

const int32_t vv_points_dims[3] = {512, 512, 256};

void vv_pose_start(int k, double r[9])
{
    /* even permutations with an even number of minus signs, odd ones with an odd number: the 24 proper rotations */
    static const int perm[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const int even[6] = {1, 0, 0, 1, 1, 0};
    static const int sign[2][4][3] = {{{-1, -1, -1}, {-1, 1, 1}, {1, -1, 1}, {1, 1, -1}},
                                      {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}}};
    int which = k / 4;
    const int *s = sign[even[which]][k % 4];
    for (int i = 0; i < 9; ++i)
        r[i] = 0;
    for (int i = 0; i < 3; ++i)
        r[3 * i + perm[which][i]] = s[i];
}

void vv_pose_matrix(const vv_pose *pose, const double centre[3], double out[12])
{
    const double *p = pose->p;
    double n = 1.0 / sqrt(1.0 + p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
    double w = n, x = p[0] * n, y = p[1] * n, z = p[2] * n;
    double turn[9] = {1 - 2 * (y * y + z * z), 2 * (x * y - w * z),     2 * (x * z + w * y),
                      2 * (x * y + w * z),     1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
                      2 * (x * z - w * y),     2 * (y * z + w * x),     1 - 2 * (x * x + y * y)};
    double shape[9] = {
        1 + p[VV_P_SCALE],    p[VV_P_SHEAR], p[VV_P_SHEAR + 1], 0, 1 + p[VV_P_SCALE + 1], p[VV_P_SHEAR + 2], 0, 0,
        1 + p[VV_P_SCALE + 2]};
    double start[9], a[9];
    vv_pose_start(pose->start, start);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            a[3 * i + j] = 0;
            for (int k = 0; k < 3; ++k)
                a[3 * i + j] += shape[3 * i + k] * turn[3 * k + j];
        }
    for (int i = 0; i < 3; ++i) {
        out[4 * i + 3] = p[VV_P_SHIFT + i];
        for (int j = 0; j < 3; ++j) {
            double m = 0;
            for (int k = 0; k < 3; ++k)
                m += a[3 * i + k] * start[3 * k + j];
            out[4 * i + j] = m;
            out[4 * i + 3] -= m * centre[j];
        }
    }
}

vv_status vv_points_make(vv_device *dev, const vv_grid *g, double lo, double hi, vv_points *out, vv_err *err)
{
    *out = (vv_points){.n = vv_grid_voxels(g)};
    memcpy(out->affine, g->affine, sizeof out->affine);
    vk_pack_points_p p = {.nx = g->dims[0],
                          .ny = g->dims[1],
                          .nz = g->dims[2],
                          .lo = (float)lo,
                          .scale = hi > lo ? (float)(64.0 / (hi - lo)) : 0.0f};
    vv_status s = vv_buf_create(dev, (size_t)out->n * sizeof(uint32_t), &out->words, err);
    if (!s)
        s = vv_launch_pack_points(dev, vv_groups(out->n), 1, 1, g->level, out->words, &p, err);
    if (s)
        vv_points_release(dev, out);
    return s;
}

void vv_points_release(vv_device *dev, vv_points *p)
{
    vv_buf_destroy(dev, &p->words);
}

vv_status vv_scorer_create(vv_device *dev, int most, vv_scorer *out, vv_err *err)
{
    *out = (vv_scorer){.dev = dev, .most = most};
    size_t sums = (size_t)most * CLASSES * 3 * sizeof(uint32_t);
    out->matrices = vv_malloc((size_t)most * 12, sizeof(float));
    out->counts = vv_malloc(sums, 1);
    vv_status s = VV_OK;
    if (!out->matrices || !out->counts)
        s = vv_fail(err, VV_E_RESOURCE, "pose", "out of memory; free some and try again");
    if (!s)
        s = vv_buf_create(dev, (size_t)most * 12 * sizeof(float), &out->poses, err);
    if (!s)
        s = vv_buf_create(dev, sums, &out->sums, err);
    if (s)
        vv_scorer_release(out);
    return s;
}

void vv_scorer_release(vv_scorer *s)
{
    vv_buf_destroy(s->dev, &s->poses);
    vv_buf_destroy(s->dev, &s->sums);
    vv_free(s->matrices);
    vv_free(s->counts);
    *s = (vv_scorer){.dev = s->dev};
}

/* Share of the variance of q that the classes from `first` on explain; 0 where there is none. */
static double correlation_ratio(const uint32_t *sums, int first)
{
    double n = 0, sum = 0, square = 0, within = 0;
    for (int c = first; c < CLASSES; ++c) {
        double cn = sums[3 * c], cs = sums[3 * c + 1], cq = sums[3 * c + 2];
        n += cn, sum += cs, square += cq;
        within += cn > 0 ? cq - cs * cs / cn : 0;
    }
    double total = n > 0 ? square - sum * sum / n : 0;
    return total > 0 ? 1.0 - within / total : 0.0;
}

static double cost(const double *p, bool tilted)
{
    const double *s = p + VV_P_SCALE, *h = p + VV_P_SHEAR;
    double mean = (s[0] + s[1] + s[2]) / 3, odd = 0;
    for (int i = 0; i < 3; ++i)
        odd += (s[i] - mean) * (s[i] - mean) + (tilted && i == TILT ? TILT_COST : 1.0) * h[i] * h[i];
    return COST_SIZE * mean * mean / (1 + CHILDREN * mean * mean) + COST_SHAPE * odd;
}

static vv_status run(vv_scorer *s, const vv_points *points, vv_buf *classes, const double centre[3],
                     const vv_pose *poses, int n, vv_err *err)
{
    double to_atlas[12], to_voxel[12], mm[12], m[12];
    vv_atlas_class_voxel(to_voxel);
    for (int i = 0; i < n; ++i) {
        vv_pose_matrix(&poses[i], centre, to_atlas);
        vv_affine_compose(to_atlas, points->affine, mm);
        vv_affine_compose(to_voxel, mm, m);
        for (int k = 0; k < 12; ++k)
            s->matrices[12 * i + k] = (float)m[k];
    }
    vk_pose_score_p p = {.n = points->n,
                         .per_group = PER_GROUP,
                         .ax = VV_ATLAS_CLASS_NX,
                         .ay = VV_ATLAS_CLASS_NY,
                         .az = VV_ATLAS_CLASS_NZ};
    size_t bytes = (size_t)n * CLASSES * 3 * sizeof(uint32_t);
    vv_status st = vv_upload(s->dev, s->poses, 0, s->matrices, (size_t)n * 12 * sizeof(float), err);
    if (!st)
        st = vv_fill(s->dev, s->sums, 0, 0, bytes, err);
    if (!st)
        st = vv_launch_pose_score(s->dev, (uint32_t)((points->n + PER_GROUP - 1) / PER_GROUP), (uint32_t)n, 1,
                                  points->words, classes, s->poses, s->sums, &p, err);
    if (!st)
        st = vv_download(s->dev, s->counts, s->sums, 0, bytes, err);
    return st;
}

vv_status vv_score(vv_scorer *s, const vv_points *points, vv_buf *classes, const double centre[3], vv_pose *poses,
                   int n, vv_err *err)
{
    for (int done = 0; done < n; done += s->most) {
        int now = n - done < s->most ? n - done : s->most;
        vv_status st = run(s, points, classes, centre, poses + done, now, err);
        if (st)
            return st;
        for (int i = 0; i < now; ++i)
            poses[done + i].score =
                correlation_ratio(s->counts + (size_t)i * CLASSES * 3, 0) - cost(poses[done + i].p, s->tilted);
    }
    return VV_OK;
}

vv_status vv_score_detail(vv_scorer *s, const vv_points *points, vv_buf *classes, const double centre[3],
                          const vv_pose *pose, vv_fit *out, vv_err *err)
{
    vv_status st = run(s, points, classes, centre, pose, 1, err);
    if (!st)
        *out = (vv_fit){correlation_ratio(s->counts, 0), correlation_ratio(s->counts, FIRST_INSIDE)};
    return st;
}
