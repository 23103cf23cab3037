/* attack.c - the gallery, and which attacks are run on it. */
#include "attack.h"
#include "alloc.h"
#include "attack_cells.h"
#include "attack_match.h"
#include "attack_numbers.h"
#include "attack_rebuild.h"
#include <stdio.h>
#include <string.h>

#define GROUP_MOST (INT32_MAX / VV_REBUILD_FOLDS - 1)
#define RIM 2 /* cells of 4 mm */

typedef struct person {
    int number, group;
    vv_maps *scan[VV_SCANS]; /* NULL: there is none */
} person;

struct vv_gallery {
    person *person;
    int n, room;
};

static vv_status no_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "attack", "out of memory; free some, or take fewer scans");
}

vv_status vv_gallery_create(vv_gallery **out, vv_err *err)
{
    *out = vv_calloc(1, sizeof **out);
    return *out ? VV_OK : no_memory(err);
}

void vv_gallery_destroy(vv_gallery **gallery)
{
    vv_gallery *g = *gallery;
    for (int i = 0; g && i < g->n; ++i)
        for (int k = 0; k < VV_SCANS; ++k)
            vv_free(g->person[i].scan[k]);
    if (g)
        vv_free(g->person);
    vv_free(g);
    *gallery = NULL;
}

/* Room for one more. */
static bool grow(vv_gallery *g)
{
    if (g->n < g->room)
        return true;
    int room = g->room ? 2 * g->room : 32;
    person *more = vv_calloc((size_t)room, sizeof *more);
    if (!more)
        return false;
    if (g->n > 0)
        memcpy(more, g->person, (size_t)g->n * sizeof *more);
    vv_free(g->person);
    g->person = more;
    g->room = room;
    return true;
}

vv_status vv_gallery_add(vv_gallery *gallery, vv_scan scan, int number, int group, const vv_maps *maps, vv_err *err)
{
    int at = 0;
    while (at < gallery->n && gallery->person[at].number != number)
        ++at;
    if (number < 0 || group < 0 || group > GROUP_MOST || (at < gallery->n && gallery->person[at].group != group) ||
        (at < gallery->n && gallery->person[at].scan[scan]))
        return vv_fail(err, VV_E_USAGE, "attack",
                       "a person has one scan of each kind and one group; give each its own number");
    if (at == VV_PERSONS_MOST)
        return vv_fail(err, VV_E_USAGE, "attack", "a gallery holds at most %d persons; take fewer", VV_PERSONS_MOST);
    vv_maps *copy = vv_malloc(1, sizeof *copy);
    if (!copy || (at == gallery->n && !grow(gallery))) {
        vv_free(copy);
        return no_memory(err);
    }
    *copy = *maps;
    if (at == gallery->n)
        gallery->person[gallery->n++] = (person){.number = number, .group = group};
    gallery->person[at].scan[scan] = copy;
    return VV_OK;
}

const char *vv_attack_name(vv_attack_kind kind)
{
    static const char *const names[VV_ATTACKS] = {"match", "fill", "rebuild", "unblur", "link"};
    return (unsigned)kind < VV_ATTACKS ? names[kind] : "";
}

const char *vv_area_name(vv_attack_area area)
{
    static const char *const names[VV_AREAS] = {"face", "head", "rest", "inner"};
    return (unsigned)area < VV_AREAS ? names[area] : "";
}

const vv_attack_figure *vv_attack_find(const vv_attack_result *r, vv_attack_kind kind, vv_attack_area area,
                                       bool cleaned)
{
    for (int i = 0; i < r->figures; ++i)
        if (r->figure[i].kind == kind && r->figure[i].area == area && r->figure[i].cleaned == cleaned)
            return &r->figure[i];
    return NULL;
}

/* What one run needs; rows are people. */
typedef struct attacking {
    const vv_gallery *g;
    vv_attack_result *out;
    vv_maps_frame *frame;
    float *known, *probe; /* cells */
    double *score;
    int *own, *column, *group_of_known, *group_of_probe, *fold;
    int *row; /* of the persons with a known scan: their index in the gallery */
    int n;    /* how many these are */
} attacking;

/* Cells of the scans of a kind of all who have one; returns how many. The
 * columns of the scores are these: a->column is that of a row, or -1. */
static int look_at_known(attacking *a, vv_scan scan, vv_attack_area area)
{
    int n = 0;
    for (int i = 0; i < a->n; ++i) {
        const person *p = &a->g->person[a->row[i]];
        a->column[i] = p->scan[scan] ? n : -1;
        if (!p->scan[scan])
            continue;
        vv_cells_make(a->frame, p->scan[scan], area, false, a->known + (size_t)n * VV_CELLS);
        a->group_of_known[n++] = p->group;
    }
    return n;
}

/* Cells of the scans of a kind of those who have a column; returns how many there are. */
static int look_at_probes(attacking *a, vv_scan scan, vv_attack_area area, bool fill)
{
    int n = 0;
    for (int i = 0; i < a->n; ++i) {
        const person *p = &a->g->person[a->row[i]];
        if (!p->scan[scan] || a->column[i] < 0)
            continue;
        vv_cells_make(a->frame, p->scan[scan], area, fill, a->probe + (size_t)n * VV_CELLS);
        a->own[n] = a->column[i];
        a->group_of_probe[n] = p->group;
        ++n;
    }
    return n;
}

/* Rates from the scores, as the next figure. */
static bool note(attacking *a, vv_attack_kind kind, vv_attack_area area, bool cleaned, int probes, int known)
{
    vv_attack_figure *f = &a->out->figure[a->out->figures++];
    *f = (vv_attack_figure){.kind = kind, .area = area, .cleaned = cleaned};
    if (!vv_rate_make(a->score, probes, known, a->own, NULL, NULL, &f->all))
        return false;
    return a->out->groups < 2 ||
           vv_rate_make(a->score, probes, known, a->own, a->group_of_probe, a->group_of_known, &f->within);
}

static bool match(attacking *a, vv_attack_kind kind, vv_scan scan, vv_attack_area area)
{
    int known = look_at_known(a, kind == VV_ATTACK_LINK ? VV_SCAN_LINKED : VV_SCAN_KNOWN, area);
    int n = look_at_probes(a, scan, area, kind == VV_ATTACK_FILL);
    return n == 0 || (vv_match(a->known, known, a->probe, n, a->score) &&
                      note(a, kind, area, scan != VV_SCAN_ORIGINAL, n, known));
}

/* From what is left of the scans of a kind to the known faces of the same persons: all of them, or the inner part. */
static bool rebuild(attacking *a, vv_scan scan, vv_attack_area area, vv_rebuild_figure *figure)
{
    look_at_known(a, VV_SCAN_KNOWN, VV_AREA_FACE);
    int n = look_at_probes(a, scan, VV_AREA_HEAD, false);
    n = n < VV_REBUILD_MOST ? n : VV_REBUILD_MOST;
    if (n < VV_REBUILD_LEAST)
        return true;
    for (int i = 0; i < n; ++i) { /* only those who are looked for; own[i] >= i */
        memmove(a->known + (size_t)i * VV_CELLS, a->known + (size_t)a->own[i] * VV_CELLS, VV_CELLS * sizeof *a->known);
        a->group_of_known[i] = a->group_of_probe[i];
        a->own[i] = i;
    }
    if (!vv_rebuild(a->probe, a->known, a->group_of_probe, n, area == VV_AREA_INNER ? RIM : 0, figure, a->fold,
                    a->score))
        return false;
    if (figure->n == 0)
        return true;
    vv_attack_figure *f = &a->out->figure[a->out->figures++];
    *f = (vv_attack_figure){.kind = VV_ATTACK_REBUILD, .area = area, .cleaned = scan == VV_SCAN_CLEANED};
    for (int i = 0; i < n; ++i)
        a->column[i] = a->group_of_probe[i] * VV_REBUILD_FOLDS + a->fold[i];
    return vv_rate_make(a->score, n, n, a->own, a->fold, a->fold, &f->all) &&
           (a->out->groups < 2 || vv_rate_make(a->score, n, n, a->own, a->column, a->column, &f->within));
}

static bool run_all(attacking *a)
{
    static const struct {
        vv_attack_kind kind;
        vv_scan scan;
        vv_attack_area area;
    } matches[] = {
        {VV_ATTACK_MATCH, VV_SCAN_ORIGINAL, VV_AREA_FACE},   {VV_ATTACK_MATCH, VV_SCAN_CLEANED, VV_AREA_FACE},
        {VV_ATTACK_MATCH, VV_SCAN_ORIGINAL, VV_AREA_HEAD},   {VV_ATTACK_MATCH, VV_SCAN_CLEANED, VV_AREA_HEAD},
        {VV_ATTACK_MATCH, VV_SCAN_ORIGINAL, VV_AREA_REST},   {VV_ATTACK_MATCH, VV_SCAN_CLEANED, VV_AREA_REST},
        {VV_ATTACK_FILL, VV_SCAN_ORIGINAL, VV_AREA_FACE},    {VV_ATTACK_FILL, VV_SCAN_CLEANED, VV_AREA_FACE},
        {VV_ATTACK_FILL, VV_SCAN_ORIGINAL, VV_AREA_HEAD},    {VV_ATTACK_FILL, VV_SCAN_CLEANED, VV_AREA_HEAD},
        {VV_ATTACK_UNBLUR, VV_SCAN_UNBLURRED, VV_AREA_FACE}, {VV_ATTACK_UNBLUR, VV_SCAN_UNBLURRED, VV_AREA_HEAD},
        {VV_ATTACK_LINK, VV_SCAN_CLEANED, VV_AREA_FACE},     {VV_ATTACK_LINK, VV_SCAN_CLEANED, VV_AREA_HEAD}};
    bool done = true;
    for (size_t i = 0; i < sizeof matches / sizeof *matches && done; ++i)
        done = match(a, matches[i].kind, matches[i].scan, matches[i].area);
    vv_attack_result *r = a->out;
    return done && rebuild(a, VV_SCAN_ORIGINAL, VV_AREA_FACE, &r->rebuild_original) &&
           rebuild(a, VV_SCAN_CLEANED, VV_AREA_FACE, &r->rebuild) &&
           rebuild(a, VV_SCAN_ORIGINAL, VV_AREA_INNER, &r->inner_original) &&
           rebuild(a, VV_SCAN_CLEANED, VV_AREA_INNER, &r->inner);
}

static void count_people(attacking *a)
{
    for (int i = 0; i < a->g->n; ++i) {
        const person *p = &a->g->person[i];
        if (!p->scan[VV_SCAN_KNOWN])
            continue;
        bool seen = false;
        for (int k = 0; k < a->n; ++k)
            seen = seen || a->group_of_known[k] == p->group;
        a->out->groups += !seen;
        a->group_of_known[a->n] = p->group;
        a->row[a->n++] = i;
    }
    a->out->persons = a->n;
}

/* Where persons share a skull, what stays of it may tell the group: guessing is then one of the group. What links one
 * cleaned scan to another of the same person may be the inside that the cut lays open; within a group it can only be
 * the face. */
static bool above_chance(const vv_attack_figure *f)
{
    double limit = f->all.chance_hi > VV_CHANCE_LEAST ? f->all.chance_hi : VV_CHANCE_LEAST;
    limit = f->within.chance_hi > limit ? f->within.chance_hi : limit;
    return (f->kind != VV_ATTACK_LINK && f->all.rank1 > limit) || f->within.rank1 > limit;
}

static void fails(vv_attack_result *r, const char *why, vv_attack_kind kind)
{
    if (!r->reason[0])
        snprintf(r->reason, sizeof r->reason, why, vv_attack_name(kind));
}

static void judge(vv_attack_result *r)
{
    const vv_attack_figure *face = vv_attack_find(r, VV_ATTACK_MATCH, VV_AREA_FACE, false);
    const vv_attack_figure *head = vv_attack_find(r, VV_ATTACK_MATCH, VV_AREA_HEAD, false);
    const vv_attack_figure *rest = vv_attack_find(r, VV_ATTACK_MATCH, VV_AREA_REST, false);
    const vv_attack_figure *left = vv_attack_find(r, VV_ATTACK_MATCH, VV_AREA_HEAD, true);
    r->weak = r->persons < VV_PEOPLE_LEAST || !face || !head || face->all.n < VV_PEOPLE_LEAST ||
              face->all.rank1 < VV_STRONG || head->all.rank1 < VV_STRONG;
    if (r->weak)
        fails(r,
              r->persons < VV_PEOPLE_LEAST ? "too few people for the attack `%s` to say anything"
                                           : "the attack `%s` finds too few of the originals to say anything",
              VV_ATTACK_MATCH);
    for (int i = 0; i < r->figures; ++i) {
        const vv_attack_figure *f = &r->figure[i];
        if (f->cleaned && (f->area == VV_AREA_FACE || f->area == VV_AREA_INNER) && above_chance(f))
            fails(r, "the attack `%s` finds people by the face area more often than by chance", f->kind);
    }
    if (left && rest && left->all.rank1_lo > rest->all.rank1_hi)
        fails(r, "the attack `%s` finds more people by the cleaned head than by originals without the face area",
              VV_ATTACK_MATCH);
    if (r->rebuild.n > 0 && r->rebuild.explained > r->rebuild.permuted + VV_REBUILD_OVER)
        fails(r, "the attack `%s` explains more of the hidden face than chance does", VV_ATTACK_REBUILD);
    if (!vv_attack_find(r, VV_ATTACK_MATCH, VV_AREA_FACE, true))
        fails(r, "there is nothing cleaned for the attack `%s` to look for", VV_ATTACK_MATCH);
    r->held = !r->reason[0];
}

vv_status vv_attack_run(const vv_gallery *gallery, vv_attack_result *out, vv_err *err)
{
    attacking a = {.g = gallery, .out = out};
    size_t most = (size_t)gallery->n;
    *out = (vv_attack_result){0};
    a.frame = vv_malloc(1, sizeof *a.frame);
    a.known = vv_malloc(most, VV_CELLS * sizeof *a.known);
    a.probe = vv_malloc(most, VV_CELLS * sizeof *a.probe);
    a.score = vv_malloc(most * most, sizeof *a.score);
    a.own = vv_malloc(most, 6 * sizeof *a.own);
    vv_status s = a.frame && a.known && a.probe && a.score && a.own ? VV_OK : no_memory(err);
    if (!s) {
        a.column = a.own + most, a.group_of_known = a.column + most;
        a.group_of_probe = a.group_of_known + most, a.row = a.group_of_probe + most;
        a.fold = a.row + most;
        vv_maps_frame_make(a.frame);
        count_people(&a);
        if (a.n < 2)
            s = vv_fail(err, VV_E_USAGE, "attack", "fewer than two people are known; give the scans of more");
        else if (!run_all(&a))
            s = no_memory(err);
        else if (out->figures == 0)
            s = vv_fail(err, VV_E_USAGE, "attack", "there is nobody to look for; give other scans of the same people");
    }
    if (!s)
        judge(out);
    vv_free(a.frame);
    vv_free(a.known);
    vv_free(a.probe);
    vv_free(a.score);
    vv_free(a.own);
    return s;
}
