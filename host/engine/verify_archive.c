/* verify_archive.c - gates of every pair, then the attacks on all of them. */
#include "alloc.h"
#include "archive.h"
#include "format.h"
#include "path.h"
#include "side.h"
#include "verify_file.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct archive_job {
    vv_engine *engine;
    const vv_archive *archive;
    vv_deface_options opt;
    vv_archive_list gallery, originals;
    vv_gallery *people;
    vv_maps *maps;          /* of the scan at hand */
    bool *known, *attacked; /* by person */
    vv_archive_result r;
} archive_job;

static vv_status out_of_memory(vv_err *err)
{
    return vv_fail(err, VV_E_RESOURCE, "verify", "out of memory; free some and try again");
}

/* Where a file of the list is: `at` itself where that is a file. NULL: memory. */
static char *path_of(const char *at, const char *name)
{
    struct stat st;
    return !stat(at, &st) && !S_ISDIR(st.st_mode) ? vv_path_resuffix(at, 0, "") : vv_path_join(at, name);
}

/* Looks at a scan as an attacker does: finds the head anew, unless its pose is given. */
static vv_status look(archive_job *j, const char *path, const double *pose, vv_err *err)
{
    vv_read_result file = {0};
    vv_face_result found = {0};
    vv_status status = vv_file_read(path, j->engine->pool, &file, err);
    if (status)
        return status;
    if (!pose)
        status = vv_face_find(j->engine->device, &file.volume, &found, err);
    if (!status)
        status = vv_maps_make(j->engine->device, &file.volume, pose ? pose : found.pose, j->maps, err);
    vv_file_close(&file);
    return status;
}

static vv_status add_scan(archive_job *j, vv_scan kind, int person, const char *path, const double *pose, vv_err *err)
{
    vv_status status = look(j, path, pose, err);
    return status ? status : vv_gallery_add(j->people, kind, person, 0, j->maps, err);
}

/* One scan of each person: the first. */
static vv_status learn_gallery(archive_job *j, vv_err *err)
{
    vv_status status = VV_OK;
    for (int i = 0; !status && i < j->gallery.n; i++) {
        const vv_archive_item *item = &j->gallery.item[i];
        if (j->known[item->person])
            continue;
        j->known[item->person] = true;
        char *path = path_of(j->archive->gallery, item->name);
        status = path ? add_scan(j, VV_SCAN_KNOWN, item->person, path, NULL, err) : out_of_memory(err);
        status = vv_side_named(status, "gallery", err);
        vv_free(path);
        j->r.gallery++;
        if (!status)
            status = vv_engine_step(j->engine, "find", (double)(i + 1) / j->gallery.n, err);
    }
    return status;
}

static void keep_pictures(archive_job *j, const vv_face_pictures *pictures)
{
    if (j->r.pictures == VV_ARCHIVE_PICTURES)
        return;
    uint8_t(*to)[VV_TILE_SIZE * VV_TILE_SIZE] = j->r.picture[j->r.pictures++];
    memcpy(to[0], pictures->after[VV_TILE_FRONT], sizeof to[0]);
    memcpy(to[1], pictures->after[VV_TILE_SIDE], sizeof to[1]);
}

static void count_verdict(archive_job *j, const vv_face_result *face)
{
    double left = 0;
    for (int k = 0; k < VV_PARTS; k++)
        left += face->surface[k].left;
    j->r.worst_residual = left > j->r.worst_residual ? left : j->r.worst_residual;
    j->r.clean += face->verdict == VV_VERDICT_CLEAN;
    j->r.no_face += face->verdict == VV_VERDICT_NO_FACE;
    j->r.review += face->verdict == VV_VERDICT_REVIEW;
}

/* One pair. The attacker gets what a person would get who took it for clean: also what is not proven. */
static vv_status judge_pair(archive_job *j, int person, const char *original, const char *cleaned,
                            vv_face_pictures *pictures, vv_err *err)
{
    vv_face_result face = {0};
    vv_status status = vv_verify_pair(j->engine, original, cleaned, &j->opt, &face, pictures, NULL, err);
    if (status == VV_E_REFUSED) {
        j->r.review++;
        return VV_OK;
    }
    if (status)
        return status;
    count_verdict(j, &face);
    if (face.verdict == VV_VERDICT_NO_FACE)
        return VV_OK;
    if (face.verdict == VV_VERDICT_CLEAN) /* no other may be shown */
        keep_pictures(j, pictures);
    if (person < 0 || j->attacked[person])
        return VV_OK;
    j->attacked[person] = true;
    j->r.attacked++;
    status = add_scan(j, VV_SCAN_ORIGINAL, person, original, face.pose, err);
    return status ? status : add_scan(j, VV_SCAN_CLEANED, person, cleaned, NULL, err);
}

static vv_status judge_pairs(archive_job *j, vv_err *err)
{
    vv_face_pictures *pictures = vv_calloc(1, sizeof *pictures);
    vv_status status = pictures ? VV_OK : out_of_memory(err);
    for (int i = 0; !status && i < j->originals.n; i++) {
        const vv_archive_item *item = &j->originals.item[i];
        struct stat st;
        char *original = path_of(j->archive->originals, item->name);
        char *cleaned = path_of(j->archive->cleaned, item->name);
        if (!original || !cleaned)
            status = out_of_memory(err);
        else if (stat(cleaned, &st))
            j->r.missing++;
        else
            status = judge_pair(j, item->person, original, cleaned, pictures, err);
        j->r.items++;
        vv_free(original);
        vv_free(cleaned);
        if (!status)
            status = vv_engine_step(j->engine, "verify", (double)(i + 1) / j->originals.n, err);
    }
    vv_free(pictures);
    return status;
}

static void conclude(vv_archive_result *r)
{
    r->held = !r->review && !r->missing && r->attack.held;
    if (r->review)
        snprintf(r->reason, sizeof r->reason, "%d of %d files are not proven", r->review, r->items);
    else if (r->missing)
        snprintf(r->reason, sizeof r->reason, "of %d of %d files there is no cleaned one", r->missing, r->items);
    else if (!r->attack.held)
        snprintf(r->reason, sizeof r->reason, "%s", r->attack.reason[0] ? r->attack.reason : "an attack did not fail");
}

static vv_status prepare(archive_job *j, vv_err *err)
{
    vv_status status = vv_archive_files(j->archive->gallery, "gallery", &j->gallery, err);
    if (!status)
        status = vv_archive_files(j->archive->originals, "originals", &j->originals, err);
    if (status)
        return status;
    int persons = vv_archive_persons(&j->gallery, &j->originals);
    if (persons > VV_PERSONS_MOST)
        return vv_fail(err, VV_E_USAGE, "gallery", "more than %d people; give fewer", VV_PERSONS_MOST);
    j->known = vv_calloc((size_t)persons, sizeof *j->known);
    j->attacked = vv_calloc((size_t)persons, sizeof *j->attacked);
    j->maps = vv_malloc(1, sizeof *j->maps);
    j->r.picture = vv_malloc(VV_ARCHIVE_PICTURES, sizeof *j->r.picture);
    if (!j->known || !j->attacked || !j->maps || !j->r.picture)
        return out_of_memory(err);
    return vv_gallery_create(&j->people, err);
}

static vv_status run(archive_job *j, vv_report **report, vv_err *err)
{
    const vv_archive *a = j->archive;
    vv_status status = vv_side_check(a->page_path, "certificate", a->originals, a->cleaned, a->force != 0, err);
    if (!status)
        status = prepare(j, err);
    if (!status)
        status = learn_gallery(j, err);
    if (!status)
        status = judge_pairs(j, err);
    if (!status && j->r.attacked == 0)
        status = vv_fail(err, VV_E_USAGE, "gallery",
                         "nobody of the archive is in it; name the files alike up to the first _");
    if (!status)
        status = vv_attack_run(j->people, &j->r.attack, err);
    if (status)
        return status;
    conclude(&j->r);
    if (report)
        status = vv_archive_report(&j->r, report, err);
    if (!status && a->page_path)
        status = vv_side_named(vv_archive_page(&j->r, a->page_path, a->force != 0, err), "certificate", err);
    return status;
}

vv_status vv_verify_archive(vv_engine *engine, const vv_archive *archive, const vv_deface_options *opt,
                            vv_report **report, vv_err *err)
{
    if (report)
        *report = NULL;
    if (!engine || !archive || archive->size != sizeof *archive || !archive->originals || !archive->cleaned ||
        !archive->gallery)
        return vv_fail(err, VV_E_USAGE, "engine", "the engine, the archive, its size or one of its folders is missing");
    archive_job j = {.engine = engine, .archive = archive, .opt = {.size = sizeof j.opt}};
    if (opt)
        j.opt = *opt;
    j.r.device = engine->device;
    j.r.mode = j.opt.mode;
    vv_status status = VV_OK;
    if (j.opt.protect_path || j.opt.apply_path)
        status = vv_fail(err, VV_E_USAGE, "engine", "an archive is verified without masks; hold the files one by one");
    if (!status)
        status = run(&j, report, err);
    if (!status && !j.r.held)
        status = vv_fail(err, VV_E_REVIEW, "verify", "not proven: %s", j.r.reason);
    if (status && status != VV_E_REVIEW && report)
        vv_report_destroy(report);
    vv_gallery_destroy(&j.people);
    vv_archive_release(&j.gallery);
    vv_archive_release(&j.originals);
    vv_free(j.known);
    vv_free(j.attacked);
    vv_free(j.maps);
    vv_free(j.r.picture);
    return status;
}
