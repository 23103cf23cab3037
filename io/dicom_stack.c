#include "dicom_stack.h"
#include "alloc.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STACKS = 4096, FINEST = 8 /* planes of an uneven stack for each of its slices, at most */ };
static const double same_place = 0.01; /* mm */
static const double uneven = 0.05;     /* of the spacing: what rounded positions of real series stay under */
static const double same_angle = 1e-4; /* of unit vectors, per component */
static const double degrees = 57.29577951308232;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static bool near3(const double a[3], const double b[3])
{
    return fabs(a[0] - b[0]) < same_angle && fabs(a[1] - b[1]) < same_angle && fabs(a[2] - b[2]) < same_angle;
}

static bool belongs(const vv_dicom_slice *a, const vv_dicom_slice *b)
{
    return a->series == b->series && a->kind == b->kind && a->columns == b->columns && a->rows == b->rows &&
           a->dtype == b->dtype && a->placed == b->placed && fabs(a->echo - b->echo) < 1e-3 && near3(a->row, b->row) &&
           near3(a->column, b->column) && fabs(a->spacing[0] - b->spacing[0]) < 1e-3 * a->spacing[0] + 1e-9 &&
           fabs(a->spacing[1] - b->spacing[1]) < 1e-3 * a->spacing[1] + 1e-9;
}

/* A slice on its way into a stack. */
struct entry {
    const vv_dicom_slice *slice;
    int64_t index;
    double along; /* mm along the normal */
    int64_t place, time;
};

static int compare(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_repeat(const struct entry *a, const struct entry *b)
{
    int c = compare(a->slice->time, b->slice->time);
    c = c ? c : compare(a->slice->acquisition, b->slice->acquisition);
    c = c ? c : compare(a->slice->number, b->slice->number);
    return c ? c : (a->index > b->index) - (a->index < b->index);
}

static int by_along(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int c = compare(x->along, y->along);
    return c ? c : by_repeat(x, y);
}

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->place != y->place ? (x->place > y->place) - (x->place < y->place) : by_repeat(x, y);
}

/* Slices of one place are numbered as times; *places and the largest count come back. */
static void number_places(struct entry *e, int64_t n, int64_t *places, int64_t *times, int64_t *fewest)
{
    int64_t place = 0, count = 0;
    qsort(e, (size_t)n, sizeof *e, by_along);
    for (int64_t i = 0; i < n; i++) {
        if (i > 0 && e[i].along - e[i - 1].along > same_place)
            place++;
        e[i].place = place;
    }
    qsort(e, (size_t)n, sizeof *e, by_place);
    *places = place + 1;
    *times = 0;
    *fewest = n;
    for (int64_t i = 0; i < n; i++) {
        count = i > 0 && e[i].place == e[i - 1].place ? count + 1 : 1;
        e[i].time = count - 1;
        *times = count > *times ? count : *times;
        if (i + 1 == n || e[i + 1].place != e[i].place)
            *fewest = count < *fewest ? count : *fewest;
    }
}

static int by_object(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const vv_dicom_slice *s = x->slice, *t = y->slice;
    if (s->instance != t->instance)
        return s->instance < t->instance ? -1 : 1;
    if (s->frame != t->frame)
        return s->frame < t->frame ? -1 : 1;
    int c = s->top != t->top ? s->top - t->top : s->left - t->left;
    c = c ? c : compare(x->along, y->along);
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

/* Drops what is in the list twice: the same object, frame and tile, at the same place (an object's number alone says
 * little: there are series in which all have the same one). Leaves another order. */
static int64_t drop_doubles(struct entry *e, int64_t n)
{
    int64_t kept = 0;
    qsort(e, (size_t)n, sizeof *e, by_object);
    for (int64_t i = 0; i < n; i++) {
        const vv_dicom_slice *a = e[i].slice, *b = kept > 0 ? e[kept - 1].slice : NULL;
        bool twice = b && a->instance == b->instance && a->frame == b->frame && a->left == b->left &&
                     a->top == b->top && e[i].along - e[kept - 1].along <= same_place;
        if (!twice)
            e[kept++] = e[i];
    }
    return kept;
}

static vv_dicom_stack *more(vv_dicom_stacks *s)
{
    if (s->n == s->room) {
        int64_t room = s->room ? 2 * s->room : 8;
        vv_dicom_stack *all = vv_calloc((size_t)room, sizeof *all);
        if (!all)
            return NULL;
        if (s->n > 0)
            memcpy(all, s->all, (size_t)s->n * sizeof *all);
        vv_free(s->all);
        s->all = all;
        s->room = room;
    }
    return &s->all[s->n++];
}

/* How far slice k is from its place on the line from the first slice to the last, in steps of `share` of the line:
 * along the normal and across it. */
static void off_line(const vv_dicom_slice *first, const vv_dicom_slice *last, const vv_dicom_slice *s, double share,
                     double *along, double *across)
{
    double off[3];
    for (int a = 0; a < 3; a++)
        off[a] = s->position[a] - first->position[a] - share * (last->position[a] - first->position[a]);
    *along = dot(off, first->normal);
    for (int a = 0; a < 3; a++)
        off[a] -= *along * first->normal[a];
    *across = sqrt(dot(off, off));
}

static const vv_dicom_slice *at_place(const vv_dicom_slices *list, const vv_dicom_stack *st, int64_t place)
{
    return &list->all[st->slice[place]];
}

static double along_of(const vv_dicom_slices *list, const vv_dicom_stack *st, int64_t place)
{
    const vv_dicom_slice *s = at_place(list, st, place);
    return dot(s->position, at_place(list, st, 0)->normal);
}

/* Whether all times of a place lie where its first lies, and all places on one line, evenly. */
static void judge_line(const vv_dicom_slices *list, vv_dicom_stack *st)
{
    const vv_dicom_slice *first = at_place(list, st, 0), *last = at_place(list, st, st->slices - 1);
    double range = along_of(list, st, st->slices - 1) - along_of(list, st, 0), along, across;
    double pixel = first->spacing[0] < first->spacing[1] ? first->spacing[0] : first->spacing[1];
    st->even = st->straight = true;
    for (int64_t k = 0; k < st->slices; k++) {
        const vv_dicom_slice *s = at_place(list, st, k);
        double share = st->slices > 1 ? (double)k / (double)(st->slices - 1) : 0;
        off_line(first, last, s, share, &along, &across);
        if (fabs(along) > uneven * range / (double)(st->slices - 1) + same_place)
            st->even = false;
        share = range > 0 ? (along_of(list, st, k) - along_of(list, st, 0)) / range : 0;
        for (int64_t t = 0; t < st->times; t++) {
            off_line(first, last, &list->all[st->slice[t * st->slices + k]], share, &along, &across);
            if (across > 0.5 * pixel + same_place)
                st->straight = false;
        }
    }
}

/* As many planes as put the two closest slices on planes of their own, within reason. */
static int64_t count_planes(const vv_dicom_slices *list, const vv_dicom_stack *st, double range)
{
    double closest = range;
    for (int64_t k = 1; k < st->slices; k++)
        closest = fmin(closest, along_of(list, st, k) - along_of(list, st, k - 1));
    double planes = ceil(range / closest) + 1, most = (double)(st->slices * FINEST);
    return (int64_t)fmin(planes, most);
}

static vv_status lay_planes(const vv_dicom_slices *list, vv_dicom_stack *st, double range, vv_err *err)
{
    st->planes = st->even ? st->slices : count_planes(list, st, range);
    st->plane_slice = vv_malloc((size_t)st->planes, sizeof *st->plane_slice);
    if (!st->plane_slice)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    int64_t place = 0;
    double start = st->placed ? along_of(list, st, 0) : 0;
    for (int64_t p = 0; p < st->planes; p++) {
        double at = st->planes > 1 ? start + range * (double)p / (double)(st->planes - 1) : start;
        if (st->even)
            place = p;
        while (!st->even && place + 1 < st->slices &&
               fabs(along_of(list, st, place + 1) - at) < fabs(along_of(list, st, place) - at))
            place++;
        st->plane_slice[p] = place;
    }
    return VV_OK;
}

/* Voxel to mm: pixel centres, the first plane's position, and the way from the first plane to the last. */
static void set_affine(const vv_dicom_slices *list, vv_dicom_stack *st)
{
    const vv_dicom_slice *first = at_place(list, st, 0), *last = at_place(list, st, st->slices - 1);
    double way[3], thick = first->thickness > 0 ? first->thickness : 1;
    for (int a = 0; a < 3; a++) {
        way[a] = st->planes > 1 ? (last->position[a] - first->position[a]) / (double)(st->planes - 1)
                                : thick * first->normal[a];
        st->affine[4 * a] = first->row[a] * first->spacing[0];
        st->affine[4 * a + 1] = first->column[a] * first->spacing[1];
        st->affine[4 * a + 2] = way[a];
        st->affine[4 * a + 3] = first->position[a];
    }
    double length = sqrt(dot(way, way)), cosine = length > 0 ? dot(way, first->normal) / length : 1;
    st->tilt = cosine < 1 ? acos(fmax(cosine, -1)) * degrees : 0;
}

/* No geometry: the picture as it stands on a page, LPS, its middle at the origin. */
static void guess_affine(const vv_dicom_slices *list, vv_dicom_stack *st)
{
    const vv_dicom_slice *s = at_place(list, st, 0);
    const double size[3] = {s->columns, s->rows, (double)st->planes}, sign[3] = {-1, -1, 1};
    for (int a = 0; a < 3; a++) {
        st->affine[5 * a] = sign[a];
        st->affine[4 * a + 3] = -sign[a] * (size[a] - 1) / 2;
    }
}

static vv_status set_geometry(const vv_dicom_slices *list, vv_dicom_stack *st, vv_err *err)
{
    double range = 0;
    if (st->placed) {
        range = along_of(list, st, st->slices - 1) - along_of(list, st, 0);
        judge_line(list, st);
    } else {
        st->even = st->straight = true;
    }
    vv_status status = lay_planes(list, st, range, err);
    if (status != VV_OK)
        return status;
    if (st->placed)
        set_affine(list, st);
    else
        guess_affine(list, st);
    return VV_OK;
}

/* One stack from entries that fill `places` times `times` without a hole. */
static vv_status close_stack(const vv_dicom_slices *list, const struct entry *e, int64_t n, int64_t places,
                             int64_t times, int64_t doubled, vv_dicom_stacks *out, vv_err *err)
{
    if (out->n >= MOST_STACKS)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the images form more than %d stacks; name a smaller folder",
                       MOST_STACKS);
    vv_dicom_stack *st = more(out);
    if (st)
        st->slice = vv_malloc((size_t)n, sizeof *st->slice);
    if (!st || !st->slice)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    st->slices = places;
    st->times = times;
    st->placed = e[0].slice->placed;
    st->doubled = doubled;
    for (int64_t i = 0; i < n; i++)
        st->slice[e[i].time * places + e[i].place] = e[i].index;
    return set_geometry(list, st, err);
}

/* Where the places were not all taken equally often, each time is a stack of its own. */
static vv_status close_layers(const vv_dicom_slices *list, struct entry *e, int64_t n, int64_t times, int64_t doubled,
                              vv_dicom_stacks *out, vv_err *err)
{
    struct entry *layer = vv_malloc((size_t)n, sizeof *layer);
    vv_status status = layer ? VV_OK : vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    for (int64_t t = 0; t < times && status == VV_OK; t++) {
        int64_t m = 0;
        for (int64_t i = 0; i < n; i++) {
            if (e[i].time != t)
                continue;
            layer[m] = e[i];
            layer[m].place = m;
            layer[m++].time = 0;
        }
        status = close_stack(list, layer, m, m, 1, t == 0 ? doubled : 0, out, err);
    }
    vv_free(layer);
    return status;
}

static vv_status place_slices(const vv_dicom_slices *list, struct entry *e, int64_t n, vv_dicom_stacks *out,
                              vv_err *err)
{
    int64_t places, times, fewest, kept;
    const double *normal = e[0].slice->normal;
    for (int64_t i = 0; i < n; i++) /* without geometry, the order is that of the numbers */
        e[i].along = e[i].slice->placed ? dot(e[i].slice->position, normal) : e[i].slice->number;
    kept = drop_doubles(e, n);
    number_places(e, kept, &places, &times, &fewest);
    if (!e[0].slice->placed) {
        for (int64_t i = 0; i < kept; i++) {
            e[i].place = i;
            e[i].time = 0;
        }
        return close_stack(list, e, kept, kept, 1, n - kept, out, err);
    }
    return fewest == times ? close_stack(list, e, kept, places, times, n - kept, out, err)
                           : close_layers(list, e, kept, times, n - kept, out, err);
}

/* group[i]: the first slice that slice i goes with. */
static vv_status group_slices(const vv_dicom_slices *list, int64_t *group, vv_err *err)
{
    int64_t heads[MOST_STACKS], n = 0;
    for (int64_t i = 0; i < list->n; i++) {
        int64_t g = n - 1; /* the last one is the likeliest */
        while (g >= 0 && !belongs(&list->all[heads[g]], &list->all[i]))
            g--;
        if (g < 0 && n == MOST_STACKS)
            return vv_fail(err, VV_E_REFUSED, "dicom", "the images form more than %d stacks; name a smaller folder",
                           MOST_STACKS);
        if (g < 0)
            heads[g = n++] = i;
        group[i] = heads[g];
    }
    return VV_OK;
}

vv_status vv_dicom_stacks_make(const vv_dicom_slices *list, vv_dicom_stacks *out, vv_err *err)
{
    *out = (vv_dicom_stacks){0};
    struct entry *e = vv_malloc((size_t)list->n, sizeof *e);
    int64_t *group = vv_malloc((size_t)list->n, sizeof *group);
    vv_status status =
        e && group ? group_slices(list, group, err) : vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    for (int64_t head = 0; head < list->n && status == VV_OK; head++) {
        int64_t n = 0;
        for (int64_t i = head; i < list->n && group[head] == head; i++) {
            if (group[i] == head)
                e[n++] = (struct entry){.slice = &list->all[i], .index = i};
        }
        if (n > 0)
            status = place_slices(list, e, n, out, err);
    }
    vv_free(e);
    vv_free(group);
    if (status != VV_OK)
        vv_dicom_stacks_free(out);
    return status;
}

void vv_dicom_stacks_free(vv_dicom_stacks *s)
{
    for (int64_t i = 0; i < s->n; i++) {
        vv_free(s->all[i].slice);
        vv_free(s->all[i].plane_slice);
    }
    vv_free(s->all);
    *s = (vv_dicom_stacks){0};
}
