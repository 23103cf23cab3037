/* perturb_view.c - fields of view that cut the head, a nose that wraps around, a head rest. */
#include "perturb.h"
#include <math.h>
#include <stdlib.h>

#define CROWN_ABOVE 60.0 /* mm above the root of the nose */
#define SLAB_MM 60.0
#define SLAB_BELOW 10.0 /* mm below the chin that it may begin */
#define HALF_BESIDE 10.0
#define HALF_BEHIND 15.0
#define WRAP_PAD 40.0
#define WRAP_LEAST 15.0 /* mm of the nose that wrap around */
#define WRAP_MOST 30.0
#define WRAP_NEAR 6.0 /* mm between a landmark that wrapped and the head */
#define REST_GAP 4.0
#define REST_THICK 12.0
#define REST_LEVEL 0.6  /* of the way from air to tissue */
#define REST_WIDE 0.866 /* sine of half the angle that it spans */

enum { RIGHT, FRONT, UP };

/* What lies from `from` to `to` mm along a way stays in view; an end beyond the old view stays where it was. */
static perturb_result keep(scene *s, scene_way w, double from, double to, random_stream *r)
{
    int64_t lo = from > 0 ? (int64_t)floor(from / w.mm + 0.5) : 0;
    int64_t hi = to < (double)w.size * w.mm ? (int64_t)floor(to / w.mm + 0.5) : w.size;
    bool ok = w.sign > 0 ? scene_reframe(s, w.axis, lo, hi, r) : scene_reframe(s, w.axis, w.size - hi, w.size - lo, r);
    return ok ? PERTURB_DONE : PERTURB_NOTHING_LEFT;
}

static double mark_along(const scene *s, scene_way w, int mark)
{
    double at[3];
    scene_mark(s, mark, at);
    return scene_along(s, w, at);
}

perturb_result perturb_no_crown(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way up = scene_way_of(s, UP);
    return keep(s, up, 0, mark_along(s, up, MARK_NASION) + CROWN_ABOVE, r);
}

perturb_result perturb_no_neck(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way up = scene_way_of(s, UP);
    return keep(s, up, mark_along(s, up, MARK_CHIN), INFINITY, r);
}

perturb_result perturb_no_chin(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way up = scene_way_of(s, UP);
    return keep(s, up, mark_along(s, up, MARK_MOUTH), INFINITY, r);
}

/* Tissue in each plane across an axis, mm^2; the caller's. */
static double *tissue_by_plane(const scene *s, scene_way w)
{
    double *sum = need((size_t)w.size, sizeof *sum);
    double plane_mm2 = 1;
    for (int a = 0; a < 3; a++) {
        scene_way other = scene_way_of(s, a);
        plane_mm2 *= other.axis == w.axis ? 1 : other.mm;
    }
    for (int64_t i = 0; i < scene_voxels(s); i++) {
        int64_t v[3];
        scene_index(s, i, v);
        sum[w.sign > 0 ? v[w.axis] : w.size - 1 - v[w.axis]] += scene_tissue(s)[i] * plane_mm2;
    }
    return sum;
}

/* Where along a way the first (or last) square centimetre of tissue lies, mm. */
static double tissue_end(const scene *s, scene_way w, bool last)
{
    double *sum = tissue_by_plane(s, w);
    int64_t i = last ? w.size : 0;
    if (last)
        while (i > 0 && sum[i - 1] < 100)
            i--;
    else
        while (i < w.size && sum[i] < 100)
            i++;
    free(sum);
    return (double)i * w.mm;
}

perturb_result perturb_slab(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way up = scene_way_of(s, UP);
    double lowest = mark_along(s, up, MARK_CHIN) - SLAB_BELOW, highest = tissue_end(s, up, true) - SLAB_MM;
    lowest = lowest > 0 ? lowest : 0;
    double from = random_between(r, lowest, highest > lowest ? highest : lowest);
    return keep(s, up, from, from + SLAB_MM, r);
}

perturb_result perturb_half_face(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way right = scene_way_of(s, RIGHT), front = scene_way_of(s, FRONT);
    int64_t which = random_below(r, 3);
    double middle = mark_along(s, right, MARK_NASION) + random_between(r, -HALF_BESIDE, HALF_BESIDE);
    switch (which) {
    case 0:
        return keep(s, right, middle, INFINITY, r);
    case 1:
        return keep(s, right, 0, middle, r);
    default:
        return keep(s, front, 0, mark_along(s, front, MARK_NASION) - HALF_BEHIND, r);
    }
}

typedef struct tissue_near {
    const scene *s;
    bool any;
} tissue_near;

static void see_tissue(void *user, int64_t i)
{
    tissue_near *t = user;
    t->any = t->any || scene_tissue(t->s)[i] >= SHARE_TISSUE;
}

/* The landmarks in front of the border go to where they wrap to; one that lands on the head is unknown from now on. */
static void wrap_marks(scene *s, const scene *in_view, scene_way front, double border)
{
    double period = border; /* the field of view begins at 0 */
    for (int i = 0; i < MARKS; i++) {
        tissue_near near = {in_view, false};
        if (!s->known[i] || scene_along(s, front, s->at[i]) < border)
            continue;
        for (int r = 0; r < 3; r++)
            s->at[i][r] -= s->affine.m[r][front.axis] * front.sign * period / front.mm;
        ball_visit(in_view->dims, in_view->affine, s->at[i], WRAP_NEAR, see_tissue, &near);
        s->known[i] = !near.any;
    }
}

/* Adds what lies in front of the border of `whole` to `s`, its field of view up to there, as of another period. */
static void wrap_levels(scene *s, const scene *whole, scene_way front)
{
    int64_t n = s->dims[front.axis], voxels = scene_voxels(s);
    for (int layer = 0; layer <= s->frames; layer++) {
        double air = layer < s->frames ? scene_find_levels(whole, layer).air : 0;
        const float *from = scene_layer(whole, layer);
        float *to = scene_layer(s, layer);
        for (int64_t i = 0; i < voxels; i++) {
            int64_t v[3];
            scene_index(s, i, v);
            int64_t along = front.sign > 0 ? v[front.axis] : n - 1 - v[front.axis];
            if (along + n >= front.size)
                continue;
            v[front.axis] = front.sign > 0 ? along + n : front.size - 1 - along - n;
            float more = from[scene_voxel(whole, v)];
            if (layer == s->frames)
                to[i] = more > to[i] ? more : to[i];
            else
                to[i] += more - (float)air;
        }
    }
}

perturb_result perturb_wrap(scene *s, random_stream *r, int order)
{
    (void)order;
    scene_way front = scene_way_of(s, FRONT);
    int64_t pad = (int64_t)(WRAP_PAD / front.mm + 0.5);
    int64_t lo = front.sign > 0 ? -pad : 0, hi = front.size + (front.sign > 0 ? 0 : pad);
    if (s->ct || !scene_reframe(s, front.axis, lo, hi, r))
        return PERTURB_NOT_FOR_THIS;
    front.size += pad;
    double nose = mark_along(s, front, MARK_NOSE), most = (double)front.size * front.mm;
    nose = nose < most ? nose : most;
    double border = floor((nose - random_between(r, WRAP_LEAST, WRAP_MOST)) / front.mm + 0.5) * front.mm;
    scene whole = scene_copy(s);
    perturb_result done = keep(s, front, 0, border, r);
    if (done == PERTURB_DONE) {
        scene in_view = scene_copy(s);
        wrap_levels(s, &whole, front);
        for (int i = 0; i < MARKS; i++) /* distances are those of the whole */
            whole.known[i] = s->known[i];
        wrap_marks(&whole, &in_view, front, border);
        for (int i = 0; i < MARKS; i++) {
            s->known[i] = whole.known[i];
            for (int k = 0; k < 3; k++)
                s->at[i][k] = whole.at[i][k];
        }
        scene_free(&in_view);
    }
    scene_free(&whole);
    return done;
}

typedef struct rest_shape {
    scene_way right, front, up;
    double middle, centre; /* of the cylinder: along right and front, mm */
    double radius, top;    /* mm */
} rest_shape;

static bool in_rest(const rest_shape *shape, const int64_t v[3])
{
    const scene_way *w[3] = {&shape->right, &shape->front, &shape->up};
    double at[3];
    for (int k = 0; k < 3; k++) {
        int64_t i = v[w[k]->axis];
        at[k] = ((double)(w[k]->sign > 0 ? i : w[k]->size - 1 - i) + 0.5) * w[k]->mm;
    }
    double x = at[0] - shape->middle, y = shape->centre - at[1], d = sqrt(x * x + y * y);
    return y > 0 && at[2] < shape->top && d >= shape->radius && d < shape->radius + REST_THICK &&
           fabs(x) < REST_WIDE * d;
}

static void draw_rest(scene *s, const rest_shape *shape, random_stream *r)
{
    scene_air air = scene_find_air(s);
    for (int layer = 0; layer < s->frames; layer++) {
        scene_levels l = scene_find_levels(s, layer);
        for (int64_t i = 0; i < scene_voxels(s); i++) {
            int64_t v[3];
            scene_index(s, i, v);
            if (scene_tissue(s)[i] == 0 && in_rest(shape, v))
                scene_layer(s, layer)[i] = (float)(REST_LEVEL * (l.brain - l.air)) + scene_draw_air(s, &air, layer, r);
        }
    }
    scene_free_air(&air);
}

perturb_result perturb_rest(scene *s, random_stream *r, int order)
{
    (void)order;
    static const double brain_middle[3] = {0, 0, 0};
    double at[3];
    rest_shape shape = {scene_way_of(s, RIGHT), scene_way_of(s, FRONT), scene_way_of(s, UP), 0, 0, 0, 0};
    scene_place(s, brain_middle, at);
    shape.middle = scene_along(s, shape.right, at);
    shape.centre = scene_along(s, shape.front, at);
    shape.top = scene_along(s, shape.up, at) + 60;
    shape.radius = shape.centre - tissue_end(s, shape.front, false) + REST_GAP;
    int64_t pad = (int64_t)ceil((shape.radius + REST_THICK + 6 - shape.centre) / shape.front.mm);
    if (pad > 0) {
        bool forward = shape.front.sign > 0;
        scene_reframe(s, shape.front.axis, forward ? -pad : 0, shape.front.size + (forward ? 0 : pad), r);
        shape.front.size += pad;
        shape.centre += (double)pad * shape.front.mm;
    }
    draw_rest(s, &shape, r);
    return PERTURB_DONE;
}
