/* Does what comes out depend on the face? A head is cleaned, and so is the same head with another face: brows, nose,
 * eyes, mouth, chin and ears moved by some millimetres, each another way, inside of what goes. Then
 *
 *   at one pose (that of the second head) the two outputs are the same to the bit, in every mode, so that what is kept
 *   and what is filled in is a function of the kept voxels and the pose alone;
 *   each at its own pose, what is kept in both is the same. What differs stands where one mask ends before the other,
 * or is filled in both and depends on the border. It is counted in bits, beside how far the pose moved.
 *
 * Together: out(A, pose of B) = out(B, pose of B), so whatever differs between the two is the doing of the pose.
 * test_independence FILE...: the files' heads, one after the other. */
#include "atlas.h"
#include "carry.h"
#include "face.h"
#include "format.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPREAD 14.0   /* mm: how wide a bump is */
#define MOVED 7.0     /* mm: how far its middle moves */
#define RIM 8.0       /* mm inside of the mask's border that stay as they are: the other pose has another border */
#define RAMP 6.0      /* mm over which the bumps come in */
#define POSE_MOST 8.0 /* mm that a mark may move with the face */
#define DIFFERENT 5000

enum { BUMPS = VV_LM_COUNT + 2 };

static vv_device *dev;
static int failures;

static void check(int ok, const char *what)
{
    if (!ok)
        failures++;
    printf("%s - %s\n", ok ? "ok" : "not ok", what);
}

static void need(vv_status status, const vv_err *err)
{
    if (!status)
        return;
    fprintf(stderr, "test_independence: %s: %s\n", err->where, err->message);
    exit(1);
}

static void *memory(size_t bytes)
{
    void *p = malloc(bytes);
    if (!p)
        exit(1);
    return p;
}

/* One head on its way through the method. */
typedef struct run {
    vv_volume v; /* with voxels of its own */
    uint8_t *mask;
    vv_face_result result;
} run;

static run clean(const vv_volume *in, vv_mode mode, const vv_face_place *carried, vv_face_place *place)
{
    vv_err err = {0};
    run r = {.v = *in, .mask = memory((size_t)vv_volume_voxels(in))};
    vv_face_options opt = {.mode = mode,
                           .regions = VV_REGION_FACE | VV_REGION_EARS | VV_REGION_GHOSTS,
                           .carried = carried,
                           .carried_as_is = carried != NULL,
                           .place = place};
    r.v.data = memory(in->bytes);
    memcpy(r.v.data, in->data, in->bytes);
    need(vv_face_run(dev, &r.v, &opt, NULL, NULL, &r.result, r.mask, NULL, &err), &err);
    return r;
}

static void forget(run *r)
{
    free(r->v.data);
    free(r->mask);
}

static double get(const vv_volume *v, int64_t i)
{
    switch (v->dtype) {
    case VV_DT_U8:
        return ((const uint8_t *)v->data)[i];
    case VV_DT_I16:
        return ((const int16_t *)v->data)[i];
    case VV_DT_U16:
        return ((const uint16_t *)v->data)[i];
    default:
        return (double)((const float *)v->data)[i];
    }
}

static void put(vv_volume *v, int64_t i, double x)
{
    switch (v->dtype) {
    case VV_DT_U8:
        ((uint8_t *)v->data)[i] = (uint8_t)(x + 0.5);
        break;
    case VV_DT_I16:
        ((int16_t *)v->data)[i] = (int16_t)floor(x + 0.5);
        break;
    case VV_DT_U16:
        ((uint16_t *)v->data)[i] = (uint16_t)(x + 0.5);
        break;
    default:
        ((float *)v->data)[i] = (float)x;
    }
}

static int64_t index_of(const vv_volume *v, const int64_t at[3])
{
    return (at[2] * v->dims[1] + at[1]) * v->dims[0] + at[0];
}

/* Level between the voxels, trilinear; places outside count as the border's. */
static double level_at(const vv_volume *v, const double at[3])
{
    int64_t low[3];
    double part[3], sum = 0;
    for (int a = 0; a < 3; a++) {
        double x = fmin(fmax(at[a], 0), (double)(v->dims[a] - 1));
        low[a] = (int64_t)x;
        part[a] = x - (double)low[a];
    }
    for (int corner = 0; corner < 8; corner++) {
        double weight = 1;
        int64_t c[3];
        for (int a = 0; a < 3; a++) {
            int up = corner >> a & 1;
            weight *= up ? part[a] : 1 - part[a];
            c[a] = low[a] + up < v->dims[a] ? low[a] + up : low[a];
        }
        sum += weight > 0 ? weight * get(v, index_of(v, c)) : 0;
    }
    return sum;
}

/* For each voxel of the mask, how many steps (at most `most`) lie between it and the nearest that is not in it. */
static uint8_t *depth_in(const vv_volume *v, const uint8_t *mask, int most)
{
    int64_t n = vv_volume_voxels(v), step[3] = {1, v->dims[0], v->dims[0] * v->dims[1]};
    uint8_t *depth = memory((size_t)n);
    for (int64_t i = 0; i < n; i++)
        depth[i] = mask[i] ? (uint8_t)most : 0;
    for (int round = 1; round < most; round++)
        for (int64_t i = 0; i < n; i++) {
            for (int a = 0; a < 3 && depth[i] > round; a++) {
                int64_t x = i / step[a] % v->dims[a];
                if ((x > 0 && depth[i - step[a]] < round) || (x + 1 < v->dims[a] && depth[i + step[a]] < round))
                    depth[i] = (uint8_t)round;
            }
        }
    return depth;
}

static void apply(const double m[], const double at[3], double out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = m[4 * r] * at[0] + m[4 * r + 1] * at[1] + m[4 * r + 2] * at[2] + m[4 * r + 3];
}

/* A bump for each landmark and for the brows: where (subject mm), and where to. */
typedef struct bumps {
    double at[BUMPS][3], by[BUMPS][3];
} bumps;

static bumps make_bumps(const double pose[16], uint64_t seed)
{
    static const double brow[2][3] = {{-24, 104, -15}, {24, 104, -15}};
    bumps b;
    for (int k = 0; k < BUMPS; k++) {
        double mark[3], length = 0;
        for (int a = 0; a < 3; a++) {
            mark[a] = k < VV_LM_COUNT ? (double)vv_atlas_landmarks[k][a] : brow[k - VV_LM_COUNT][a];
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            b.by[k][a] = (double)(seed >> 40) / 8388608.0 - 1;
            length += b.by[k][a] * b.by[k][a];
        }
        apply(pose, mark, b.at[k]);
        for (int a = 0; a < 3; a++)
            b.by[k][a] *= MOVED / sqrt(length);
    }
    return b;
}

/* mm that the voxel at p comes from elsewhere. */
static void moved_by(const bumps *b, const double p[3], double out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (int k = 0; k < BUMPS; k++) {
        double d2 = 0;
        for (int a = 0; a < 3; a++)
            d2 += (p[a] - b->at[k][a]) * (p[a] - b->at[k][a]);
        double weight = exp(-d2 / (2 * SPREAD * SPREAD));
        for (int a = 0; a < 3; a++)
            out[a] += weight * b->by[k][a];
    }
}

/* The same head with another face; *most: mm of the largest movement. */
static vv_volume other_face(const vv_volume *v, const uint8_t *mask, const bumps *b, double *most)
{
    vv_volume w = *v;
    double inverse[12];
    double step = fmin(v->spacing[0], fmin(v->spacing[1], v->spacing[2]));
    uint8_t *depth = depth_in(v, mask, (int)((RIM + RAMP) / step) + 1);
    w.data = memory(v->bytes);
    memcpy(w.data, v->data, v->bytes);
    vv_affine_invert(v->affine, inverse);
    *most = 0;
    int64_t at[3];
    for (at[2] = 0; at[2] < v->dims[2]; at[2]++)
        for (at[1] = 0; at[1] < v->dims[1]; at[1]++)
            for (at[0] = 0; at[0] < v->dims[0]; at[0]++) {
                int64_t i = index_of(v, at);
                double weight = (depth[i] * step - RIM) / RAMP;
                if (weight <= 0)
                    continue;
                double voxel[3] = {(double)at[0], (double)at[1], (double)at[2]}, p[3], by[3], from[3], size = 0;
                weight = fmin(weight, 1);
                apply(v->affine, voxel, p);
                moved_by(b, p, by);
                for (int a = 0; a < 3; a++) {
                    p[a] += weight * by[a];
                    size += weight * weight * by[a] * by[a];
                }
                apply(inverse, p, from);
                put(&w, i, level_at(v, from));
                *most = fmax(*most, sqrt(size));
            }
    free(depth);
    return w;
}

/* How far the marks of the atlas lie apart under two poses. */
static double pose_moved(const double a[16], const double b[16])
{
    double most = 0;
    for (int k = 0; k < VV_LM_COUNT; k++) {
        double mark[3], p[3], q[3];
        for (int c = 0; c < 3; c++)
            mark[c] = (double)vv_atlas_landmarks[k][c];
        apply(a, mark, p);
        apply(b, mark, q);
        most = fmax(
            most, sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2])));
    }
    return most;
}

/* Where two outputs differ: in neither mask, in both, in one alone; and in how many bits. */
typedef struct difference {
    int64_t kept, filled, border, bits;
} difference;

static difference compare(const run *a, const run *b)
{
    difference d = {0};
    size_t bytes = vv_dtype_bytes(a->v.dtype);
    int64_t n = vv_volume_voxels(&a->v);
    for (int64_t i = 0; i < n; i++) {
        const uint8_t *x = (const uint8_t *)a->v.data + (size_t)i * bytes;
        const uint8_t *y = (const uint8_t *)b->v.data + (size_t)i * bytes;
        int bits = 0;
        for (size_t k = 0; k < bytes; k++)
            bits += __builtin_popcount(x[k] ^ y[k]);
        int masks = a->mask[i] + b->mask[i];
        d.bits += bits;
        d.kept += bits && masks == 0;
        d.filled += bits && masks == 2;
        d.border += bits && masks == 1;
    }
    return d;
}

/* Voxels in which the two differ, of those in both masks and of the others. */
static void count_changed(const vv_volume *a, const vv_volume *b, const run *ra, const run *rb, int64_t changed[2])
{
    changed[0] = changed[1] = 0;
    for (int64_t i = 0; i < vv_volume_voxels(a); i++)
        if (get(a, i) != get(b, i))
            changed[ra->mask[i] && rb->mask[i]]++;
}

static void at_one_pose(const vv_volume *a, const vv_volume *b, const vv_face_place *place, const run *own)
{
    static const char *const names[] = {"remove", "blur", "noise", "reface"};
    for (int mode = VV_MODE_REMOVE; mode <= VV_MODE_REFACE; mode++) {
        char what[80];
        run x = clean(a, (vv_mode)mode, place, NULL), y = clean(b, (vv_mode)mode, place, NULL);
        difference d = compare(&x, &y);
        snprintf(what, sizeof what, "%s at one pose: not one bit of %lld differs", names[mode], (long long)d.bits);
        check(!memcmp(x.v.data, y.v.data, x.v.bytes) && d.bits == 0, what);
        if (mode == VV_MODE_REMOVE)
            check(!memcmp(y.v.data, own->v.data, y.v.bytes), "and it is what the search of its own gave");
        forget(&x);
        forget(&y);
    }
}

static void test_head(const vv_volume *a, uint64_t seed)
{
    vv_err err = {0};
    vv_face_place *place = NULL;
    double most;
    int64_t changed[2];
    need(vv_face_place_create(&place, &err), &err);
    run ra = clean(a, VV_MODE_REMOVE, NULL, NULL);
    bumps by = make_bumps(ra.result.pose, seed);
    vv_volume b = other_face(a, ra.mask, &by, &most);
    run rb = clean(&b, VV_MODE_REMOVE, NULL, place);
    count_changed(a, &b, &ra, &rb, changed);
    printf("# %lld voxels of the face differ, moved by up to %.1f mm\n", (long long)changed[1], most);
    check(ra.result.verdict == VV_VERDICT_CLEAN && rb.result.verdict == VV_VERDICT_CLEAN, "both heads come out clean");
    check(changed[0] == 0 && changed[1] > DIFFERENT && most > MOVED - 2,
          "the heads differ in what goes, and only there");

    difference d = compare(&ra, &rb);
    double moved = pose_moved(ra.result.pose, rb.result.pose);
    printf(
        "# the pose moved by %.2f mm; of the outputs %lld bits differ: %lld voxels of one mask alone, %lld of both\n",
        moved, (long long)d.bits, (long long)d.border, (long long)d.filled);
    check(d.kept == 0, "what is kept in both is the same");
    check(moved < POSE_MOST, "the pose hardly moved");
    at_one_pose(a, &b, place, &rb);
    vv_face_place_destroy(&place);
    forget(&ra);
    forget(&rb);
    free(b.data);
}

int main(int argc, char **argv)
{
    vv_err err = {0};
    vv_pool *pool = NULL;
    need(vv_pool_create(0, &pool, &err), &err);
    need(vv_device_open("cpu", pool, &dev, &err), &err);
    for (int i = 1; i < argc; i++) {
        vv_read_result file = {0};
        if (vv_file_read(argv[i], pool, &file, &err)) {
            printf("skipped: the data set is not here\n");
            return 77;
        }
        printf("# head %d\n", i);
        test_head(&file.volume, (uint64_t)i);
        vv_file_close(&file);
    }
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    return failures ? 1 : 0;
}
