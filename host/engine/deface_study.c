/* Several volumes of one visit: found on the best of them, carried to all. */
#include "alloc.h"
#include "file_job.h"
#include <stdio.h>
#include <string.h>

/* Voxels of inputs kept in memory between the first look and their turn; what is beyond it is read a second time. */
#define KEPT_BYTES ((size_t)1 << 30)
#define HEAD_MM 240.0     /* as long as a head is along any axis: more field of view adds nothing */
#define FINE_MM 1.0       /* as fine as the search can use */
#define FRAMES_WORTH 0.25 /* of a series of several frames: fast and coarse, often distorted */

typedef struct series {
    vv_file_job job;
    double worth;  /* to find the head on; 0: its place in space is not known */
    int space;     /* as in vv_volume */
    bool is_aside; /* its voxels are kept, and counted in kept_bytes */
} series;

typedef struct study {
    vv_engine *engine;
    series *all;
    int n;
    vv_deface_options opt;
    size_t kept_bytes;
    vv_face_place *place;
    int reference; /* the series that the pose comes from; -1: none */
    bool holds;    /* it is proven there */
    vv_report *report;
    double started;
} study;

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "study", "out of memory; free some and try again");
}

/* Returns `status`; where it is a failure, err->where says that it befell series i. */
static vv_status of_series(int i, vv_status status, vv_err *err)
{
    if (status && err && status != VV_E_CANCELLED) {
        char where[sizeof err->where];
        snprintf(where, sizeof where, "%.20s, input %d", err->where, i + 1);
        memcpy(err->where, where, sizeof where);
    }
    return status;
}

/* What is written for one item may be neither read nor written for another. */
static vv_status check_pair(const vv_file_job *a, const vv_file_job *b, vv_err *err)
{
    const char *const written[] = {a->out, a->opt.mask_path, a->opt.preview_path, a->opt.fiducials_path};
    const char *const others[] = {b->in, b->out, b->opt.mask_path, b->opt.preview_path, b->opt.fiducials_path};
    vv_status status = VV_OK;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        for (size_t k = 0; k < sizeof others / sizeof *others && !status; k++) {
            if (written[i] && others[k])
                status = vv_file_check_apart(written[i], others[k], "study", err);
        }
    }
    return status;
}

static vv_status check(const study *s, vv_err *err)
{
    vv_status status = VV_OK;
    for (int i = 0; i < s->n && !status; i++) {
        status = of_series(i, vv_file_job_check(&s->all[i].job, err), err);
        for (int k = 0; k < s->n && !status; k++) {
            if (k != i)
                status = of_series(i, check_pair(&s->all[i].job, &s->all[k].job, err), err);
        }
    }
    return status;
}

/* How well a head can be found on it, judged by its grid alone: the more of a head it can hold, and the finer, the
 * better. */
static double worth_of(const vv_volume *v)
{
    double worth = v->frames > 1 ? FRAMES_WORTH : 1, coarsest = FINE_MM;
    for (int a = 0; a < 3; a++) {
        double length = (double)v->dims[a] * v->spacing[a];
        worth *= length < HEAD_MM ? length : HEAD_MM;
        coarsest = v->spacing[a] > coarsest ? v->spacing[a] : coarsest;
    }
    return v->affine_trusted ? worth / coarsest : 0;
}

/* Keeps the voxels until their turn comes, or gives them back where there are too many. */
static void put_aside(study *s, int i)
{
    size_t bytes = s->all[i].job.file.volume.bytes;
    if (s->all[i].is_aside)
        return;
    if (bytes > KEPT_BYTES - s->kept_bytes) {
        vv_file_job_unread(&s->all[i].job);
    } else {
        s->kept_bytes += bytes;
        s->all[i].is_aside = true;
    }
}

/* A first look at every input. */
static vv_status read_all(study *s, vv_err *err)
{
    for (int i = 0; i < s->n; i++) {
        vv_file_job *j = &s->all[i].job;
        j->started = vv_now_ms();
        vv_status status = of_series(i, vv_file_job_read(j, err), err);
        if (status)
            return status;
        s->all[i].worth = worth_of(&j->file.volume);
        s->all[i].space = j->file.volume.space;
        put_aside(s, i);
    }
    return VV_OK;
}

/* The second look at what was not kept. */
static vv_status read_again(vv_file_job *j, vv_err *err)
{
    char before[sizeof j->file.sha256];
    if (j->is_read)
        return VV_OK;
    memcpy(before, j->sha256, sizeof before);
    vv_status status = vv_file_job_read(j, err);
    if (!status && strcmp(before, j->sha256) != 0)
        status = vv_fail(err, VV_E_RESOURCE, "study", "the file changed while voxveil worked; try again");
    return status;
}

/* Whether positions in both mean the same place. Scanner and aligned coordinates are taken for each other's, as
 * programs use both codes for either; the series is asked whether it agrees. */
static bool share_frame(const vv_volume *a, int space)
{
    return a->affine_trusted && (a->space == space || (a->space <= 2 && space <= 2));
}

/* From the voxels in memory to the pending output and its report; then the voxels go. */
static vv_status finish(study *s, vv_file_job *j, vv_err *err)
{
    if (!s->holds && s->reference >= 0 && j->face.verdict != VV_VERDICT_REVIEW) {
        j->face.verdict = VV_VERDICT_REVIEW;
        snprintf(j->face.reason, sizeof j->face.reason, "the series that the pose comes from is not proven");
    }
    vv_status status = vv_file_job_write(j, err);
    if (!status)
        status = vv_file_job_report(j, err);
    vv_file_job_unread(j);
    return status;
}

/* The next best item after `last` (-1: the best of all), by worth and then by content; -1: no more that can be used. */
static int next_best(const study *s, int last)
{
    int best = -1;
    for (int i = 0; i < s->n; i++) {
        bool later =
            last < 0 || s->all[i].worth < s->all[last].worth ||
            (s->all[i].worth == s->all[last].worth && strcmp(s->all[i].job.sha256, s->all[last].job.sha256) > 0);
        bool better =
            best < 0 || s->all[i].worth > s->all[best].worth ||
            (s->all[i].worth == s->all[best].worth && strcmp(s->all[i].job.sha256, s->all[best].job.sha256) < 0);
        if (s->all[i].worth > 0 && later && better)
            best = i;
    }
    return best;
}

/* Finds the head on the best series that shows it surely, and finishes that one. None: s->reference is -1. */
static vv_status find_reference(study *s, vv_err *err)
{
    s->reference = -1;
    for (int i = next_best(s, -1); i >= 0; i = next_best(s, i)) {
        vv_file_job *j = &s->all[i].job;
        vv_status status = read_again(j, err);
        if (!status)
            status = vv_file_job_method(j, err);
        j->method.place = s->place;
        j->method.sure_only = true;
        if (!status)
            status = vv_file_job_deface(j, err);
        if (!status && j->face.stopped) {
            put_aside(s, i);
            continue;
        }
        s->reference = i;
        s->holds = !status && j->face.verdict != VV_VERDICT_REVIEW;
        return of_series(i, status ? status : finish(s, j, err), err);
    }
    return VV_OK;
}

/* One of the others: by the pose carried to it where there is one in its frame of reference. */
static vv_status run_one(study *s, vv_file_job *j, int space, vv_err *err)
{
    vv_status status = read_again(j, err);
    if (!status)
        status = vv_file_job_method(j, err);
    if (!status && s->reference >= 0 && share_frame(&j->file.volume, space))
        j->method.carried = s->place;
    if (!status)
        status = vv_file_job_deface(j, err);
    return status ? status : finish(s, j, err);
}

static vv_status run_others(study *s, int space, vv_err *err)
{
    vv_status status = VV_OK;
    for (int i = 0; i < s->n && !status; i++) {
        if (i != s->reference)
            status = of_series(i, run_one(s, &s->all[i].job, space, err), err);
    }
    return status;
}

static vv_status make_report(study *s, vv_err *err)
{
    vv_report **items = vv_calloc((size_t)s->n, sizeof(vv_report *));
    if (!items)
        return out_of_memory(err);
    for (int i = 0; i < s->n; i++)
        items[i] = s->all[i].job.report;
    vv_status status =
        vv_report_study(s->engine->device, items, s->n, s->reference, vv_now_ms() - s->started, &s->report, err);
    vv_free(items);
    if (!status && s->opt.on_report && s->opt.on_report(s->engine->user, s->report))
        status = vv_fail(err, VV_E_RESOURCE, "report", "the report was not taken; nothing was written, try again");
    return status;
}

/* Every output to its place. A review is told once all are done; anything else ends it. */
static vv_status release_all(study *s, vv_err *err)
{
    int reviews = 0;
    for (int i = 0; i < s->n; i++) {
        vv_status status = vv_file_job_release(&s->all[i].job, err);
        if (status && status != VV_E_REVIEW)
            return of_series(i, status, err);
        reviews += status == VV_E_REVIEW;
    }
    if (reviews > 0)
        return vv_fail(err, VV_E_REVIEW, "verify",
                       "%d of %d series are not proven and in quarantine, a person has to look; the report says why",
                       reviews, s->n);
    return VV_OK;
}

static vv_status run(study *s, vv_err *err)
{
    vv_status status = check(s, err);
    if (!status)
        status = vv_face_place_create(&s->place, err);
    if (!status)
        status = read_all(s, err);
    if (!status)
        status = find_reference(s, err);
    if (!status)
        status = run_others(s, s->reference >= 0 ? s->all[s->reference].space : 0, err);
    if (!status)
        status = make_report(s, err);
    return status ? status : release_all(s, err);
}

/* The items' side paths beside the options that hold for all. */
static vv_status fill_jobs(study *s, const vv_study_item *items, vv_err *err)
{
    if (s->opt.mask_path || s->opt.preview_path || s->opt.fiducials_path)
        return vv_fail(err, VV_E_USAGE, "study", "mask, preview and fiducials have a path for each item; use those");
    for (int i = 0; i < s->n; i++) {
        if (items[i].size != sizeof *items || !items[i].in || !items[i].out)
            return vv_fail(err, VV_E_USAGE, "study", "item %d: its size, input or output is missing", i + 1);
        s->all[i].job =
            (vv_file_job){.engine = s->engine, .in = items[i].in, .out = items[i].out, .opt = s->opt, .in_study = true};
        s->all[i].job.opt.mask_path = items[i].mask_path;
        s->all[i].job.opt.preview_path = items[i].preview_path;
        s->all[i].job.opt.fiducials_path = items[i].fiducials_path;
    }
    return VV_OK;
}

static void end(study *s, vv_status status)
{
    for (int i = 0; s->all && i < s->n; i++) {
        vv_file_job_end(&s->all[i].job, status);
        vv_report_destroy(&s->all[i].job.report);
    }
    vv_face_place_destroy(&s->place);
    vv_free(s->all);
}

vv_status vv_deface_study(vv_engine *engine, const vv_study_item *items, int n, const vv_deface_options *opt,
                          vv_report **report, vv_err *err)
{
    if (report)
        *report = NULL;
    if (!engine || !items || n < 1)
        return vv_fail(err, VV_E_USAGE, "study", "the engine or the items are missing");
    study s = {.engine = engine, .n = n, .reference = -1, .started = vv_now_ms()};
    vv_status status = vv_deface_options_check(opt, &s.opt, err);
    if (!status) {
        s.all = vv_calloc((size_t)n, sizeof *s.all);
        status = s.all ? fill_jobs(&s, items, err) : out_of_memory(err);
    }
    if (!status)
        status = run(&s, err);
    end(&s, status);
    if (report)
        *report = s.report;
    else
        vv_report_destroy(&s.report);
    return status;
}
