/* people.c - scans of people, cleaned, as maps. */
#include "people.h"
#include "identity.h"
#include "load.h"
#include "visit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEAK_SIGMA 3.0 /* mm */

const char *const cleaning_names[CLEANINGS] = {"remove", "noise", "reface", "blur", "gauss", "plane"};

/* The scene as the method takes it; the voxels are the caller's, by free. */
static vv_volume volume_of(const scene *s)
{
    vv_volume v = {.frames = s->frames,
                   .dtype = s->dtype,
                   .slope = s->slope,
                   .inter = s->inter,
                   .affine_trusted = true,
                   .space = 1,
                   .data = scene_store(s),
                   .bytes = scene_store_bytes(s)};
    for (int k = 0; k < 3; k++)
        v.dims[k] = s->dims[k];
    for (int r = 0; r < 3; r++)
        memcpy(v.affine + 4 * r, s->affine.m[r], 4 * sizeof(double));
    vv_affine_spacing(v.affine, v.spacing);
    return v;
}

/* Finds the head anew, as an attacker has to, and looks at it. pose: where it was found. */
static vv_status look(vv_device *dev, const vv_volume *v, double pose[16], vv_maps *out, vv_err *err)
{
    vv_face_result found;
    vv_status s = vv_face_find(dev, v, &found, err);
    if (!s)
        memcpy(pose, found.pose, sizeof found.pose);
    return s ? s : vv_maps_make(dev, v, pose, out, err);
}

static vv_status look_at_scene(vv_device *dev, const scene *s, double pose[16], vv_maps *out, vv_err *err)
{
    vv_volume v = volume_of(s);
    vv_status status = look(dev, &v, pose, out, err);
    free(v.data);
    return status;
}

static vv_status look_as_posed(vv_device *dev, const scene *s, const double pose[16], vv_maps *out, vv_err *err)
{
    vv_volume v = volume_of(s);
    vv_status status = vv_maps_make(dev, &v, pose, out, err);
    free(v.data);
    return status;
}

static void take_pose(scene *s, const double pose[16])
{
    for (int r = 0; r < 4; r++)
        memcpy(s->pose.m[r], pose + 4 * r, 4 * sizeof(double));
}

bool person_place(vv_device *dev, scene *s, vv_err *err)
{
    vv_face_result found;
    vv_volume v = volume_of(s);
    vv_status status = vv_face_find(dev, &v, &found, err);
    take_pose(s, found.pose);
    free(v.data);
    return status == VV_OK;
}

/* Poses of one scan: as it was when it was cleaned, and as an attacker finds it afterwards. */
typedef struct posed {
    bool before_known, after_known;
    double before[16], after[16];
} posed;

/* By one of the modes; nothing where it is held back. The head is found anew in the first that is cleaned: what another
 * mode put in the place of the face an attacker may blank. */
static vv_status clean_by_mode(vv_device *dev, const scene *s, vv_mode mode, posed *pose, vv_maps **out, vv_err *err)
{
    vv_face_options options = {.mode = mode, .regions = VV_REGION_FACE | VV_REGION_EARS | VV_REGION_GHOSTS};
    vv_face_result result;
    vv_volume v = volume_of(s);
    vv_status status = vv_face_run(dev, &v, &options, NULL, NULL, &result, NULL, NULL, err);
    if (!status) {
        memcpy(pose->before, result.pose, sizeof result.pose);
        pose->before_known = true;
    }
    if (!status && result.verdict == VV_VERDICT_CLEAN) {
        *out = need(1, sizeof **out);
        status =
            pose->after_known ? vv_maps_make(dev, &v, pose->after, *out, err) : look(dev, &v, pose->after, *out, err);
        pose->after_known = true;
    }
    free(v.data);
    return status;
}

/* By the modes among what is wanted. */
static vv_status clean_by_modes(vv_device *dev, const scene *s, unsigned wanted, posed *pose, vv_maps *out[CLEANINGS],
                                vv_err *err)
{
    static const vv_mode modes[] = {VV_MODE_REMOVE, VV_MODE_NOISE, VV_MODE_REFACE, VV_MODE_BLUR};
    vv_status status = VV_OK;
    for (int k = 0; k <= CLEAN_BLUR && !status; k++)
        if (wanted >> k & 1)
            status = clean_by_mode(dev, s, modes[k], pose, &out[k], err);
    return status;
}

/* Takes the blur out again, of the face area alone: the attacker knows which it is. */
static vv_status unblur(vv_device *dev, const scene *blurred, const double pose[16], vv_maps *unblurred[2], vv_err *err)
{
    vv_status status = VV_OK;
    for (int how = 0; how < 2 && !status; how++) {
        scene s = scene_copy(blurred);
        weak_blur_undo(&s, pose, WEAK_SIGMA, how ? VV_UNBLUR_RICHARDSON : VV_UNBLUR_WIENER);
        unblurred[how] = need(1, sizeof *unblurred[how]);
        status = look_as_posed(dev, &s, pose, unblurred[how], err);
        scene_free(&s);
    }
    return status;
}

/* The pose is the original's: what is weak leaves all that a search goes by. */
static vv_status clean_weakly(vv_device *dev, const scene *original, const double pose[16], bool blur, person *out,
                              vv_err *err)
{
    scene s = scene_copy(original);
    vv_maps *maps = need(1, sizeof *maps);
    if (blur)
        weak_blur(&s, pose, WEAK_SIGMA);
    else
        weak_plane(&s, pose);
    vv_status status = look_as_posed(dev, &s, pose, maps, err);
    if (!status && blur)
        status = unblur(dev, &s, pose, out->unblurred, err);
    out->cleaned[blur ? CLEAN_WEAK_BLUR : CLEAN_WEAK_PLANE] = maps;
    scene_free(&s);
    return status;
}

/* One scan of a person as it is, and cleaned by modes into `out`; the search of the first cleaning is that of the scan.
 */
static vv_status take_scan(vv_device *dev, const scene *s, unsigned wanted, double pose[16], vv_maps *whole,
                           vv_maps *out[CLEANINGS], vv_err *err)
{
    posed p = {.before_known = false};
    vv_status status = clean_by_modes(dev, s, wanted, &p, out, err);
    if (status || !p.before_known)
        return status ? status : look_at_scene(dev, s, pose, whole, err);
    memcpy(pose, p.before, sizeof p.before);
    return look_as_posed(dev, s, pose, whole, err);
}

/* Gives the head another face. */
static bool take_face(scene *s, uint64_t identity, const double pose[16])
{
    double affine[12];
    float *to = need((size_t)scene_voxels(s), sizeof *to);
    for (int r = 0; r < 3; r++)
        memcpy(affine + 4 * r, s->affine.m[r], 4 * sizeof(double));
    bool done = identity_make(s->layers, to, s->dims, affine, pose, identity);
    memcpy(s->layers, to, (size_t)scene_voxels(s) * sizeof *to);
    free(to);
    return done;
}

bool person_make(vv_device *dev, const scene *base, uint64_t identity, unsigned wanted, bool link, uint64_t seed,
                 person *out, vv_err *err)
{
    scene s = scene_copy(base);
    char name[24];
    double pose[16];
    for (int r = 0; r < 3; r++)
        memcpy(pose + 4 * r, s.pose.m[r], 4 * sizeof(double));
    snprintf(name, sizeof name, "%d", out->number);
    random_stream r = random_for(seed, "visit", name);
    bool done = !identity || take_face(&s, identity, pose);
    done = done && take_scan(dev, &s, link ? wanted : 0, pose, &out->known, out->linked, err) == VV_OK;
    if (done) {
        take_pose(&s, pose);
        visit_again(&s, &r);
        done = take_scan(dev, &s, wanted, pose, &out->original, out->cleaned, err) == VV_OK;
    }
    for (int k = CLEAN_WEAK_BLUR; k < CLEANINGS && done; k++)
        if (wanted >> k & 1)
            done = clean_weakly(dev, &s, pose, k == CLEAN_WEAK_BLUR, out, err) == VV_OK;
    out->there = done;
    scene_free(&s);
    return done;
}

void person_free(person *p)
{
    for (int k = 0; k < CLEANINGS; k++)
        free(p->cleaned[k]), free(p->linked[k]);
    for (int k = 0; k < 2; k++)
        free(p->unblurred[k]);
}
