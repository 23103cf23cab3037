#include "info_dicom.h"
#include "alloc.h"
#include "dicom_series.h"
#include "face.h"
#include <string.h>

/* A picture, or a few of them, is no volume that a head could be found in; it can show a face all the same. */
enum { FEWEST_SLICES = 4 };

struct info {
    vv_engine *e;
    const vv_dicom_series *series;
    vv_report_stack *stacks;
    vv_report_times times;
    double find_ms;
    /* Of the stack that the verdict comes from. */
    int64_t main;
    vv_volume volume; /* without data */
    vv_face_result face;
    char sha256[65];
};

/* The name is only passed on where it is one of the standard's: anything can stand in a file. */
static const char *modality_of(const char *text)
{
    static const char *const known[] = {"CT", "MR", "PT", "NM", "CR", "DX", "MG", "XA", "RF", "US", "SC", "OT"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(text, known[i]) == 0)
            return known[i];
    }
    return "other";
}

static const char *verdict_of(vv_verdict v)
{
    return v == VV_VERDICT_CLEAN ? "face" : v == VV_VERDICT_NO_FACE ? "no_face" : "review";
}

/* How much is to be feared of a verdict. */
static int rank_of(const char *verdict)
{
    return !verdict ? 0 : strcmp(verdict, "face") == 0 ? 3 : strcmp(verdict, "review") == 0 ? 2 : 1;
}

static void describe(const vv_dicom_series *s, int64_t i, vv_report_stack *out)
{
    const vv_dicom_stack *st = &s->stacks.all[i];
    const vv_dicom_slice *first = vv_dicom_series_first(s, i);
    *out = (vv_report_stack){
        .modality = modality_of(first->modality),
        .files = vv_dicom_series_files(s, i),
        .dims = {first->columns, first->rows, st->slices, st->times},
        .dtype = first->dtype,
        .tilt = st->tilt,
        .placed = st->placed,
        .even = st->even && st->straight,
        .burned_in = first->burned_in,
    };
    vv_volume v = {.dims = {first->columns, first->rows, st->slices}};
    memcpy(v.affine, st->affine, sizeof v.affine);
    vv_affine_spacing(v.affine, out->spacing);
    vv_volume_orientation(&v, out->orientation);
}

/* Searches stack `i` and keeps its result where it outranks those before it. */
static vv_status search(struct info *f, int64_t i, vv_err *err)
{
    vv_volume v = {0};
    vv_face_result face = {0};
    char sha256[65];
    double started = vv_now_ms();
    vv_status status = vv_dicom_series_read(f->series, i, &v, sha256, err);
    f->times.read += vv_now_ms() - started;
    if (status)
        return status;
    started = vv_now_ms();
    status = vv_face_find(f->e->device, &v, &face, err);
    f->find_ms += vv_now_ms() - started;
    vv_free(v.data);
    v.data = NULL;
    if (status)
        return status;
    f->stacks[i].verdict = verdict_of(face.verdict);
    if (f->main < 0 || rank_of(f->stacks[i].verdict) > rank_of(f->stacks[f->main].verdict)) {
        f->main = i;
        f->volume = v;
        f->face = face;
        memcpy(f->sha256, sha256, sizeof sha256);
    }
    return VV_OK;
}

/* Pixels that cannot be read are a reason to refuse the whole; a stack that is no volume is left unsearched. */
static vv_status search_all(struct info *f, vv_err *err)
{
    vv_status status = VV_OK;
    int64_t n = f->series->stacks.n;
    for (int64_t i = 0; i < n && !status; i++) {
        const vv_dicom_stack *st = &f->series->stacks.all[i];
        status = vv_engine_step(f->e, "find", (double)i / (double)n, err);
        if (!status && st->placed && st->slices >= FEWEST_SLICES &&
            vv_dicom_series_first(f->series, i)->dtype != VV_DT_NONE)
            status = search(f, i, err);
    }
    return status ? status : vv_engine_step(f->e, "find", 1, err);
}

static int64_t count_unsearched(const struct info *f)
{
    int64_t n = 0;
    for (int64_t i = 0; i < f->series->stacks.n; i++)
        n += f->stacks[i].verdict == NULL;
    return n;
}

/* The stack that stands for all where none was searched. */
static void take_first(struct info *f)
{
    const vv_dicom_slice *first = vv_dicom_series_first(f->series, 0);
    f->main = 0;
    f->volume = (vv_volume){.dtype = first->dtype};
    memcpy(f->volume.spacing, f->stacks[0].spacing, sizeof f->volume.spacing);
}

static vv_status write_report(struct info *f, double started, vv_report **report, vv_err *err)
{
    const vv_dicom_series *s = f->series;
    int64_t unsearched = count_unsearched(f);
    bool searched = f->main >= 0;
    if (!searched)
        take_first(f);
    const char *verdict = searched ? f->stacks[f->main].verdict : "review", *reason = f->face.reason;
    if (rank_of(verdict) < 3 && (unsearched > 0 || s->unread > 0)) {
        verdict = "review";
        reason = unsearched > 0 ? "images that are no volume were not searched" : "some files cannot be read";
    }
    const int64_t *dims = f->stacks[f->main].dims;
    f->times.total = vv_now_ms() - started;
    f->face.ms.find = f->find_ms;
    const vv_dicom_identity *id = &s->identity;
    bool words = id->attributes > 0 || id->overlays > 0;
    bool named = words || id->uids > 0 || id->privates > 0;
    vv_report_dicom dicom = {s->images,    s->others,    s->unread, id->attributes, id->uids,
                             id->privates, id->overlays, f->stacks, s->stacks.n};
    vv_report_facts facts = {
        .device = f->e->device,
        .verdict = verdict,
        .reason = reason,
        .format = "dicom",
        .dims = dims,
        .ndim = dims[3] > 1 ? 4 : 3,
        .volume = &f->volume,
        .input_sha256 = searched ? f->sha256 : NULL,
        .face = &f->face,
        .found = strcmp(verdict, "face") == 0,
        .times = &f->times,
        .identity = {true, words, id->privates > 0,
                     strcmp(verdict, "no_face") ? "high"
                     : named                    ? "medium"
                                                : "low"},
        .dicom = &dicom,
    };
    return vv_report_create(&facts, report, err);
}

vv_status vv_info_dicom(vv_engine *e, const char *in, vv_report **report, vv_err *err)
{
    double started = vv_now_ms();
    vv_dicom_series *series;
    vv_status status = vv_dicom_series_open(in, &series, err);
    if (status)
        return status;
    struct info f = {.e = e, .series = series, .main = -1, .times = {.read = vv_now_ms() - started}};
    f.stacks = vv_malloc((size_t)series->stacks.n, sizeof *f.stacks);
    if (!f.stacks)
        status = vv_fail(err, VV_E_RESOURCE, "engine", "out of memory; free some and try again");
    for (int64_t i = 0; i < series->stacks.n && !status; i++)
        describe(series, i, &f.stacks[i]);
    if (!status)
        status = search_all(&f, err);
    if (!status)
        status = write_report(&f, started, report, err);
    vv_free(f.stacks);
    vv_dicom_series_close(&series);
    return status;
}
