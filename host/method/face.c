/* face.c - the job of one volume: upload, find, remove, verify. */
#include "face.h"
#include "alloc.h"
#include "beside.h"
#include "brain.h"
#include "bystanders.h"
#include "carry.h"
#include "faceless.h"
#include "fiducials.h"
#include "ghosts.h"
#include "loose.h"
#include "pictures.h"
#include "pressed.h"
#include "refill.h"
#include "removal.h"
#include "repeats.h"
#include "rest.h"
#include "search.h"
#include "skin.h"
#include "trust.h"
#include "user_mask.h"
#include "verification.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define GRID_MM 2.0
#define GRID_MOST 16000000 /* voxels of the grid; a larger field of view gets a coarser one */
#define FRAMES_FOR_FINDING 8
/* Less than this of the wanted regions in the field of view (mm^3, inside the atlas's head): there is nothing to
 * remove. */
#define REGION_LEAST 2000.0
/* A claim that there is nothing to remove lets a file through as it is: its pose must be surer than one that removes.
 */
#define NO_FACE_FIT 0.78
#define NO_FACE_MARGIN 0.16
#define NEARLY_AS_WELL 0.25  /* score, of both that decide */
#define FRAME_MOVE_MOST 10.0 /* mm */
#define FRAME_GAIN 0.01      /* score by which a frame must fit better elsewhere to count as moved */
/* mm^3 of tissue beside the head: a rest of the head, a phantom, wrapped tissue come to 300 cm^3 at most on the heads
 * of docs/heads.md; a second head in view is ten times as much. */
#define BESIDE_MOST 6e5
/* Tissue that wrapped around draws the fit: beyond so much of it (mm^3), the second opinion must be nearer (mm). */
#define WRAPPED_LEAST 30000.0
#define WRAPPED_PART 13.0
#define GHOSTS_MOST 400000.0 /* mm^3: more than a face holds */
#define SKIN_LEAST 300.0     /* mm^2 of skin about the landmarks of the face: less is no face */
#define LOOSE_MOST 5000.0    /* mm^3 of one piece of tissue in the air: less than a nose and its cheeks */
#define KEPT_MOST 0.5        /* part of what should go that a protecting mask may keep */
#define BRAIN_SHAPE_MOST 4.0 /* mm that the brain's surface differs from the atlas's; of 119 people 2.6 and less */
#define BRAIN_LEAST 150.0    /* ml kept by the mode `brain`: less is no brain to keep */
#define BRAIN_MOST 2800.0    /* ml */

typedef struct job {
    vv_device *dev;
    vv_volume *v;
    const vv_face_options *opt;
    vv_face_progress progress;
    void *user;
    vv_face_result *r;
    vv_atlas atlas;
    vv_buf *original, *work; /* one frame each */
    vv_buf *given;           /* a frame of what is judged in place of the result; NULL: the result is */
    vv_buf *code;            /* one byte per voxel of a frame */
    vv_grid grid;            /* about 2 mm: the mean of frames, before */
    vv_grid alone;           /* `grid` without what stands beside the head; level NULL: nothing does */
    vv_grid drawn;           /* `grid` with a pressed crown drawn out (pressed.h); level NULL: it is not pressed */
    vv_grid after;           /* the same, after */
    vv_grid single;          /* of one frame of several */
    vv_buf *grid_code, *after_code;
    vv_rest rest;     /* the grid without what goes, for what is put there; not of the mode `brain` */
    vv_buf *ghosts;   /* of the grid; NULL: none */
    vv_buf *pairs;    /* what goes, on the atlas's grid */
    vv_refill refill; /* for ghosts, noise and reface */
    double sign;      /* of the grids' levels: -1 for a negative, whose air is bright */
    vv_window window;
    vv_found found;
    vv_opinion opinion;
    double plain_move;   /* mm: how far a fit to the levels as they are moves the pose */
    double frame_move;   /* mm: the most that a frame lies elsewhere than the mean */
    double ghost_volume; /* mm^3 */
    double ghosts_seen;  /* mm^3 of it that the search saw */
    double beside;       /* mm^3 of tissue beside the head */
    double brain_shape;  /* mm, of the mode `brain` */
    float *plain;        /* a frame of 16-byte floats as floats; else NULL */
    int64_t in_original; /* the frame that `original` holds; -1: none */
    int64_t mask_voxels;
    int64_t made[3]; /* of `given`: voxels unlike the result, as vv_compare_frame counts them */
} job;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static vv_status tell(const job *j, const char *stage, double fraction, vv_err *err)
{
    if (j->progress && j->progress(j->user, stage, fraction))
        return vv_fail(err, VV_E_CANCELLED, "face", "interrupted; nothing was written");
    return VV_OK;
}

static size_t frame_bytes(const vv_volume *v)
{
    return (size_t)vv_volume_voxels(v) * vv_dtype_bytes(v->dtype);
}

static void job_release(job *j)
{
    vv_atlas_release(j->dev, &j->atlas);
    vv_buf_destroy(j->dev, &j->original);
    vv_buf_destroy(j->dev, &j->work);
    vv_buf_destroy(j->dev, &j->given);
    vv_buf_destroy(j->dev, &j->code);
    vv_buf_destroy(j->dev, &j->grid_code);
    vv_buf_destroy(j->dev, &j->after_code);
    vv_buf_destroy(j->dev, &j->ghosts);
    vv_buf_destroy(j->dev, &j->pairs);
    vv_refill_release(&j->refill);
    vv_rest_release(j->dev, &j->rest);
    vv_grid_release(j->dev, &j->grid);
    vv_grid_release(j->dev, &j->alone);
    vv_grid_release(j->dev, &j->drawn);
    vv_grid_release(j->dev, &j->after);
    vv_grid_release(j->dev, &j->single);
    vv_free(j->plain);
}

static vv_status job_create(job *j, vv_err *err)
{
    const vv_volume *v = j->v;
    vv_status s = vv_volume_check(v, err);
    if (s)
        return s;
    if (vv_volume_voxels(v) > INT32_MAX)
        return vv_fail(err, VV_E_REFUSED, "face", "a frame of more than 2147483647 voxels is not supported");
    int32_t dims[3] = {(int32_t)v->dims[0], (int32_t)v->dims[1], (int32_t)v->dims[2]};
    size_t bytes = frame_bytes(v);
    j->in_original = -1;
    j->sign = 1.0;
    vv_grid_shape(dims, v->affine, GRID_MM, GRID_MOST, NULL, &j->grid);
    j->after = j->single = j->grid;
    if (v->dtype == VV_DT_F128 && !(j->plain = vv_malloc((size_t)vv_volume_voxels(v), sizeof(float))))
        return vv_fail(err, VV_E_RESOURCE, "face", "out of memory; free some and try again");
    s = vv_atlas_upload(j->dev, &j->atlas, err);
    if (!s)
        s = vv_grid_create(j->dev, &j->grid, err);
    if (!s)
        s = vv_buf_create(j->dev, (size_t)vv_grid_voxels(&j->grid), &j->grid_code, err);
    if (!s)
        s = vv_buf_create(j->dev, bytes, &j->original, err);
    return s;
}

static vv_status upload_frame(job *j, int64_t frame, vv_err *err)
{
    if (j->in_original == frame)
        return VV_OK;
    size_t bytes = frame_bytes(j->v);
    j->in_original = frame;
    return vv_upload(j->dev, j->original, 0, (const char *)j->v->data + (size_t)frame * bytes, bytes, err);
}

/* Adds a frame, held in `data` on the device, to the mean in g. Frames of 16-byte floats go by way of floats. */
static vv_status add_to_grid(job *j, int64_t frame, vv_buf *data, double weight, bool add, vv_grid *g, vv_err *err)
{
    weight *= j->sign;
    if (!j->plain)
        return vv_grid_from_frame(j->dev, j->v, data, 0, weight, add, g, err);
    vv_volume plain = *j->v;
    plain.dtype = VV_DT_F32;
    size_t bytes = (size_t)vv_volume_voxels(j->v) * sizeof(float);
    vv_buf *buf = NULL;
    vv_status s = vv_volume_frame_as_f32(j->v, frame, j->plain, err);
    if (!s)
        s = vv_buf_create(j->dev, bytes, &buf, err);
    if (!s)
        s = vv_upload(j->dev, buf, 0, j->plain, bytes, err);
    if (!s)
        s = vv_grid_from_frame(j->dev, &plain, buf, 0, weight, add, g, err);
    vv_buf_destroy(j->dev, &buf);
    return s;
}

/* The mean of up to FRAMES_FOR_FINDING frames, evenly spaced. */
static vv_status mean_of_frames(job *j, vv_err *err)
{
    int64_t n = j->v->frames < FRAMES_FOR_FINDING ? j->v->frames : FRAMES_FOR_FINDING;
    for (int64_t i = n - 1; i >= 0; --i) { /* the first frame last: it is the one wanted next */
        int64_t frame = i * j->v->frames / n;
        vv_status s = upload_frame(j, frame, err);
        if (!s)
            s = add_to_grid(j, frame, j->original, 1.0 / (double)n, i != n - 1, &j->grid, err);
        if (!s)
            s = tell(j, "upload", (double)(n - i) / (double)n, err);
        if (s)
            return s;
    }
    return VV_OK;
}

/* The grid; turned over where its air is bright, so that air is dark in all that follows. */
static vv_status make_grid(job *j, vv_err *err)
{
    bool negative = false;
    vv_status s = mean_of_frames(j, err);
    if (!s)
        s = vv_fill(j->dev, j->grid_code, 0, 0, (size_t)vv_grid_voxels(&j->grid), err);
    if (!s)
        s = vv_is_negative(j->dev, &j->grid, j->grid_code, &negative, err);
    j->sign = negative ? -1.0 : 1.0;
    return s || !negative ? s : mean_of_frames(j, err);
}

static void pose_to_result(job *j)
{
    double inverse[12];
    if (!vv_affine_invert(j->found.to_atlas, inverse))
        memset(inverse, 0, sizeof inverse);
    memcpy(j->r->pose, inverse, sizeof inverse);
    j->r->pose[15] = 1.0;
    j->r->score = j->found.fit.all > 0 ? j->found.fit.all : 0.0;
}

static void judge_pose(job *j, bool removing)
{
    vv_evidence e = {&j->found, &j->opinion, j->window.ct, j->plain_move, removing};
    vv_trust_judge(&e, j->r);
}

/* What the head is looked for in. */
static const vv_grid *searched(const job *j)
{
    return j->alone.level ? &j->alone : &j->grid;
}

/* The search; once more without what stands beside the head. */
static vv_status search(job *j, vv_err *err)
{
    vv_found alone;
    vv_status s =
        vv_search(j->dev, &j->grid, j->grid_code, &j->window, j->v->affine_trusted, &j->atlas, &j->found, err);
    if (!s)
        s = vv_bystanders_clear(j->dev, &j->grid, j->grid_code, &j->window, j->found.to_atlas, &j->alone, err);
    if (s || !j->alone.level)
        return s;
    s = vv_search(j->dev, &j->alone, j->grid_code, &j->window, j->v->affine_trusted, &j->atlas, &alone, err);
    if (!s && alone.fit.all > j->found.fit.all)
        j->found = alone;
    else
        vv_grid_release(j->dev, &j->alone);
    return s;
}

/* Fits again from another pose; what comes of it is taken where the second opinion confirms it and it explains the
 * subject nearly as well. */
static vv_status try_from(job *j, const double to_atlas[12], vv_err *err)
{
    vv_found from;
    vv_opinion then;
    vv_status s = vv_search_from(j->dev, searched(j), j->grid_code, &j->window, j->v->affine_trusted, &j->atlas,
                                 to_atlas, &j->found, &from, err);
    if (!s)
        s = vv_opinion_form(j->dev, searched(j), j->grid_code, &j->window, from.to_atlas, &then, err);
    if (!s && vv_opinion_confirms(&then) && from.best >= j->found.best - NEARLY_AS_WELL) {
        j->found = from;
        j->opinion = then;
    }
    return s;
}

/* Asks for a second opinion; where it does not confirm the pose, the rival is tried, and the pose that the opinion has.
 * Not for a pressed head: those would be fits to all of it. */
static vv_status ask_again(job *j, vv_err *err)
{
    double rival[12], opinion[12];
    bool drawn = j->drawn.level != NULL;
    vv_status s = vv_opinion_form(j->dev, drawn ? &j->drawn : searched(j), j->grid_code, &j->window, j->found.to_atlas,
                                  &j->opinion, err);
    bool there = j->found.rival > 0 && !drawn;
    memcpy(rival, j->found.rival_to_atlas, sizeof rival);
    memcpy(opinion, j->opinion.pose, sizeof opinion);
    if (!s && there && !vv_opinion_confirms(&j->opinion))
        s = try_from(j, rival, err);
    if (!s && !drawn && j->opinion.score > 0 && !vv_opinion_confirms(&j->opinion))
        s = try_from(j, opinion, err);
    return s;
}

static vv_status find(job *j, vv_err *err)
{
    vv_status s = tell(j, "find", 0, err);
    if (!s)
        s = vv_window_find(j->dev, &j->grid, j->grid_code, j->sign < 0, &j->window, err);
    if (!s && j->opt->carried && j->opt->carried_as_is) {
        j->found = j->opt->carried->found;
        j->r->source = VV_POSE_CARRIED;
    } else if (!s && j->opt->carried)
        s = vv_carry_try(j->dev, &j->grid, j->grid_code, &j->window, &j->atlas, j->opt->carried, &j->found, j->r, err);
    if (!s && j->r->source != VV_POSE_OWN) {
        pose_to_result(j);
        return tell(j, "find", 1, err);
    }
    if (!s)
        s = search(j, err);
    if (!s)
        s = vv_faceless_try(j->dev, searched(j), j->grid_code, &j->window, j->v->affine_trusted, &j->atlas, &j->found,
                            err);
    if (!s && j->window.ct)
        s = vv_pressed_try(j->dev, searched(j), j->grid_code, &j->window, j->v->affine_trusted, &j->atlas, &j->found,
                           &j->drawn, err);
    if (s)
        return s;
    s = ask_again(j, err);
    double gain;
    if (!s && !j->window.ct) /* no coil, no slow brightness: both fits would be the same */
        s = vv_search_again(j->dev, searched(j), j->grid_code, &j->window, false, &j->atlas, &j->found, &gain,
                            &j->plain_move, err);
    if (s)
        return s;
    pose_to_result(j);
    return tell(j, "find", 1, err);
}

/* How much of the regions the field of view holds under a pose, mm^3 inside the atlas's head. */
static vv_status volume_in_view(job *j, uint32_t regions, const double to_atlas[12], double *volume, vv_err *err)
{
    uint32_t counts[2];
    vv_buf *pairs = NULL;
    vv_status s = vv_region_pairs(j->dev, &j->atlas, regions, VK_IN_HEAD, &pairs, err);
    if (!s)
        s = vv_region_codes(j->dev, pairs, j->grid.dims, j->grid.affine, to_atlas, 0, VK_REMOVE, j->grid_code, counts,
                            err);
    if (!s)
        *volume = counts[0] * j->grid.spacing[0] * j->grid.spacing[1] * j->grid.spacing[2];
    vv_buf_destroy(j->dev, &pairs);
    return s;
}

/* How much of the ghosts stands in what the head was looked for in. */
static vv_status ghosts_seen(job *j, vv_err *err)
{
    int32_t n = vv_grid_voxels(&j->grid);
    int64_t voxels = 0;
    vv_buf *code = NULL;
    j->ghosts_seen = j->ghost_volume;
    if (!j->ghosts || !j->alone.level)
        return VV_OK;
    vv_status s = vv_buf_create(j->dev, (size_t)n, &code, err);
    if (!s)
        s = vv_tissue_find(j->dev, &j->alone, j->window.tissue, code, err);
    if (!s)
        s = vv_tissue_left(j->dev, n, j->ghosts, code, &voxels, err);
    vv_buf_destroy(j->dev, &code);
    j->ghosts_seen = (double)voxels * j->grid.spacing[0] * j->grid.spacing[1] * j->grid.spacing[2];
    return s;
}

/* The grid's code: skin and regions; how much there is to remove. */
static vv_status regions_in_view(job *j, double *volume, vv_err *err)
{
    uint32_t counts[2];
    vv_status s = volume_in_view(j, j->opt->regions, j->found.to_atlas, volume, err);
    if (!s)
        s = vv_skin_find(j->dev, &j->grid, j->window.tissue, j->grid_code, err);
    if (!s && j->opt->mode == VV_MODE_BRAIN)
        s = vv_brain_find(j->dev, &j->grid, &j->window, j->found.to_atlas, &j->pairs, &j->brain_shape, err);
    else if (!s)
        s = vv_region_pairs(j->dev, &j->atlas, j->opt->regions, 0, &j->pairs, err);
    return s ? s
             : vv_region_codes(j->dev, j->pairs, j->grid.dims, j->grid.affine, j->found.to_atlas, VK_REMOVE - 1,
                               VK_REMOVE, j->grid_code, counts, err);
}

/* The grid without what goes, and the ghosts in it. In the mode `brain` no air stays that could say anything. */
static vv_status look_at_rest(job *j, vv_err *err)
{
    uint32_t counts[2];
    if (j->opt->mode == VV_MODE_BRAIN)
        return VV_OK;
    vv_status s = vv_beside_find(j->dev, &j->grid, j->found.to_atlas, j->grid_code, &j->beside, err);
    if (!s)
        s = vv_rest_make(j->dev, &j->grid, j->grid_code, j->sign < 0, &j->rest, err);
    if (!s)
        s = vv_region_codes(j->dev, j->pairs, j->grid.dims, j->grid.affine, j->found.to_atlas, VK_REMOVE - 1, VK_REMOVE,
                            j->rest.code, counts, err);
    if (s || j->window.ct || !(j->opt->regions & VV_REGION_GHOSTS)) /* a CT neither wraps nor repeats */
        return s;
    s = vv_ghosts_find(j->dev, &j->grid, j->found.to_atlas, j->grid_code, j->rest.code, &j->ghosts, &j->ghost_volume,
                       err);
    if (!s)
        s = ghosts_seen(j, err);
    if (!s)
        s = vv_repeats_find(j->dev, &j->grid, j->grid_code, j->found.to_atlas, &j->ghosts, err);
    return s;
}

/* The level of the air that stays: the middle of what lies outside the head; the floor of the window where the field of
 * view holds no such air. Where only the brain stays no air does: then it is that of all the air. */
static vv_status air_level(job *j, double *level, vv_err *err)
{
    static const double half = 0.5;
    int64_t counted = 0;
    bool brain = j->opt->mode == VV_MODE_BRAIN;
    vv_status s = vv_quantiles(j->dev, brain ? &j->grid : &j->rest.grid, brain ? j->grid_code : j->rest.code,
                               VK_OUTSIDE | (brain ? 0 : VK_REMOVE), VK_OUTSIDE, &half, 1, level, &counted, err);
    if (!s && counted < 64)
        *level = brain ? j->window.air : j->rest.window.air;
    if (!s && j->window.ct && *level < -1000.0)
        *level = -1000.0;
    *level *= j->sign;
    return s;
}

/* Modes that put one level in the place of what goes. */
static bool overwrites(vv_mode mode)
{
    return mode == VV_MODE_REMOVE || mode == VV_MODE_BRAIN;
}

/* For `blur` and `noise`: which of the voxels to be removed lie off the atlas's head, and so are air whoever it is. */
static vv_status mark_airy(job *j, const int32_t dims[3], vv_err *err)
{
    uint32_t counts[2];
    vv_buf *pairs = NULL;
    vv_status s = vv_region_pairs(j->dev, &j->atlas, j->opt->regions, VK_OFF_HEAD, &pairs, err);
    if (!s)
        s = vv_region_codes(j->dev, pairs, dims, j->v->affine, j->found.to_atlas, 255 & ~VK_AIRY, VK_AIRY, j->code,
                            counts, err);
    vv_buf_destroy(j->dev, &pairs);
    return s;
}

static vv_status rewrite_frame(job *j, int64_t frame, double air, const uint8_t pattern[16], vv_err *err)
{
    vv_status s = vv_copy(j->dev, j->work, 0, j->original, 0, frame_bytes(j->v), err);
    if (!s && j->opt->mode == VV_MODE_BLUR)
        s = vv_soften_frame(j->dev, j->v, j->original, j->work, j->code, air, err);
    else if (!s && overwrites(j->opt->mode))
        s = vv_fill_frame(j->dev, j->v, j->work, j->code, pattern, err);
    if (!s && j->refill.dev)
        s = vv_refill_frame(&j->refill, frame, j->original, j->work, j->code, err);
    return s;
}

/* What noise, reface and the air in the place of ghosts need; a fill that is given goes into ghosts too. */
static vv_status prepare_refill(job *j, double level, vv_err *err)
{
    bool ghosts = j->ghosts && !j->opt->fill_given && j->v->dtype != VV_DT_F128;
    if (!ghosts && !vv_refill_whole(j->opt->mode))
        return VV_OK;
    return vv_refill_create(j->dev, j->v, j->opt->mode, j->window.ct, level, j->code, j->pairs, j->found.to_atlas,
                            &j->refill, err);
}

static vv_status take_pictures(job *j, vv_buf *data, const vv_grid *g, uint8_t (*tiles)[VV_TILE_SIZE * VV_TILE_SIZE],
                               vv_err *err)
{
    return vv_pictures_make(j->dev, j->v, data, g, &j->window, j->sign, j->found.to_atlas, tiles, err);
}

/* The mask of a frame into j->code, and the level that stands in the place of what goes. */
static vv_status make_mask(job *j, double *level, vv_err *err)
{
    uint32_t counts[2];
    int32_t dims[3] = {(int32_t)j->v->dims[0], (int32_t)j->v->dims[1], (int32_t)j->v->dims[2]};
    vv_status s = vv_buf_create(j->dev, (size_t)vv_volume_voxels(j->v), &j->code, err);
    if (!s)
        s = vv_region_codes(j->dev, j->pairs, dims, j->v->affine, j->found.to_atlas, 0, VK_REMOVE, j->code, counts,
                            err);
    if (!s)
        j->mask_voxels = counts[0];
    if (!s && (j->opt->mode == VV_MODE_BLUR || j->opt->mode == VV_MODE_NOISE))
        s = mark_airy(j, dims, err);
    if (!s && j->ghosts) {
        s = vv_ghosts_add(j->dev, &j->grid, dims, j->ghosts, j->code, counts, err);
        j->mask_voxels += counts[0];
    }
    if (!s && (j->opt->apply || j->opt->protect))
        s = vv_user_masks(j->dev, vv_volume_voxels(j->v), j->opt->apply, j->opt->protect, j->code, &j->mask_voxels,
                          &j->r->kept, err);
    *level = j->opt->fill_value;
    return s || j->opt->fill_given ? s : air_level(j, level, err);
}

/* Pictures of the first frame before and after; uses j->after as scratch. */
static vv_status picture_frame(job *j, vv_face_pictures *pictures, vv_err *err)
{
    vv_status s = take_pictures(j, j->original, &j->grid, pictures->before, err);
    if (!s)
        s = add_to_grid(j, 0, j->work, 1.0, false, &j->after, err);
    return s ? s : take_pictures(j, j->work, &j->after, pictures->after, err);
}

/* Does the frame lie where the mean of the frames does? A head that moved would keep part of its face, or lose brain.
 */
static vv_status place_frame(job *j, int64_t frame, vv_err *err)
{
    double gain, move;
    vv_window window;
    vv_buf *code = NULL;
    size_t n = (size_t)vv_grid_voxels(&j->grid);
    vv_status s = vv_buf_create(j->dev, n, &code, err);
    if (!s)
        s = vv_fill(j->dev, code, 0, 0, n, err);
    if (!s)
        s = add_to_grid(j, frame, j->original, 1.0, false, &j->single, err);
    if (!s)
        s = vv_window_find(j->dev, &j->single, code, j->sign < 0, &window, err);
    if (!s)
        s = vv_search_again(j->dev, &j->single, code, &window, false, &j->atlas, &j->found, &gain, &move, err);
    if (!s && gain > FRAME_GAIN && move > j->frame_move)
        j->frame_move = move;
    vv_buf_destroy(j->dev, &code);
    return s;
}

/* Puts the frame that is judged in the place of the result, and counts how they differ. */
static vv_status take_given(job *j, int64_t frame, vv_err *err)
{
    size_t bytes = frame_bytes(j->v);
    vv_status s = vv_upload(j->dev, j->given, 0, (const char *)j->opt->given + (size_t)frame * bytes, bytes, err);
    if (!s)
        s = vv_compare_frame(j->dev, j->v, j->work, j->given, j->code, j->made, err);
    return s ? s : vv_copy(j->dev, j->work, 0, j->given, 0, bytes, err);
}

/* What changed in the frame, and its part of the grid of what is left. What the other modes put in the place of the
 * face is no surface that was left: the grid sees the mask as air. */
static vv_status check_frame(job *j, int64_t frame, const uint8_t pattern[16], int64_t changed[3], vv_err *err)
{
    vv_status s = vv_compare_frame(j->dev, j->v, j->original, j->work, j->code, changed, err);
    if (!s && !overwrites(j->opt->mode))
        s = vv_fill_frame(j->dev, j->v, j->work, j->code, pattern, err);
    return s ? s : add_to_grid(j, frame, j->work, 1.0 / (double)j->v->frames, frame > 0, &j->after, err);
}

static vv_status remove_from_all(job *j, int64_t changed[3], vv_face_pictures *pictures, vv_err *err)
{
    uint8_t pattern[16];
    double level = 0, t0 = now_ms(), t1;
    size_t bytes = frame_bytes(j->v);
    vv_status s = vv_buf_create(j->dev, bytes, &j->work, err);
    if (!s && j->opt->given)
        s = vv_buf_create(j->dev, bytes, &j->given, err);
    if (!s)
        s = vv_grid_create(j->dev, &j->after, err);
    if (!s && j->v->frames > 1)
        s = vv_grid_create(j->dev, &j->single, err);
    if (!s)
        s = make_mask(j, &level, err);
    if (!s)
        s = prepare_refill(j, level, err);
    vv_fill_pattern(j->v, level, pattern);
    for (int64_t frame = 0; !s && frame < j->v->frames; ++frame) {
        s = upload_frame(j, frame, err);
        if (!s && j->v->frames > 1)
            s = place_frame(j, frame, err);
        if (!s)
            s = rewrite_frame(j, frame, level, pattern, err);
        if (!s && j->opt->given)
            s = take_given(j, frame, err);
        if (!s)
            s = vv_download(j->dev, (char *)j->v->data + (size_t)frame * bytes, j->work, 0, bytes, err);
        if (!s && pictures && frame == 0)
            s = picture_frame(j, pictures, err);
        t1 = now_ms();
        j->r->ms.remove += t1 - t0;
        if (!s)
            s = check_frame(j, frame, pattern, changed, err);
        if (!s)
            s = tell(j, "remove", (double)(frame + 1) / (double)j->v->frames, err);
        t0 = now_ms();
        j->r->ms.verify += t0 - t1;
    }
    return s;
}

/* A mask of the user's may leave what wrapped around where it stands; so may what is judged in place of the result. */
static vv_status judge_ghosts_left(job *j, vv_err *err)
{
    int64_t voxels = 0;
    vv_status s = vv_tissue_left(j->dev, vv_grid_voxels(&j->after), j->ghosts, j->after_code, &voxels, err);
    double left = (double)voxels * j->after.spacing[0] * j->after.spacing[1] * j->after.spacing[2];
    vv_gate_add(j->r, "ghosts_left_mm3", left, REGION_LEAST, left <= REGION_LEAST);
    if (left > REGION_LEAST)
        vv_doubt(j->r, "what wrapped around of the face is left");
    return s;
}

/* Where a series shows no skin, nothing but this tells that most of the face was kept. */
static void judge_kept(job *j)
{
    int64_t all = j->r->voxels_changed + j->r->kept;
    double share = all > 0 ? (double)j->r->kept / (double)all : 0;
    vv_gate_add(j->r, "protected_share", share, KEPT_MOST, share <= KEPT_MOST);
    if (share > KEPT_MOST)
        vv_doubt(j->r, "most of what should go is protected");
}

/* Is it a brain that stays? */
static void judge_brain(job *j)
{
    double kept = (double)(vv_volume_voxels(j->v) - j->mask_voxels) * fabs(vv_affine_det(j->v->affine)) / 1000;
    bool shape = j->brain_shape <= BRAIN_SHAPE_MOST, least = kept >= BRAIN_LEAST, most = kept <= BRAIN_MOST;
    vv_gate_add(j->r, "brain_shape_mm", j->brain_shape, BRAIN_SHAPE_MOST, shape);
    vv_gate_add(j->r, "brain_volume_ml", kept, least ? BRAIN_MOST : BRAIN_LEAST, least && most);
    if (!least)
        vv_doubt(j->r, "hardly any brain is in view");
    else if (!shape || !most)
        vv_doubt(j->r, "what was taken for the brain does not look like one");
}

/* The pose was carried to a series that shows nothing to check it by (carry.c). */
static bool carried_blindly(const vv_face_result *r)
{
    for (int i = 0; i < r->ngates; ++i)
        if (!strcmp(r->gates[i].name, "carried_contrast"))
            return true;
    return false;
}

/* A face that wrapped around to where nobody looked for it is a piece of tissue of its own in the air. A CT has tables
 * and head rests there, and nothing wraps around in it; a series that shows no head does not tell tissue from air. */
static vv_status judge_air(job *j, vv_err *err)
{
    double most = 0;
    if (j->window.ct || !(j->opt->regions & VV_REGION_GHOSTS) || carried_blindly(j->r))
        return VV_OK;
    vv_status s = vv_loose_tissue(j->dev, &j->after, j->found.to_atlas, j->after_code, &most, err);
    if (!s)
        vv_gate_add(j->r, "tissue_in_air_mm3", most, LOOSE_MOST, most <= LOOSE_MOST);
    if (!s && most > LOOSE_MOST)
        vv_doubt(j->r, "a piece of tissue as large as a face is left in the air");
    return s;
}

static vv_status verify(job *j, const int64_t changed[3], vv_err *err)
{
    double t0 = now_ms();
    vv_status s = vv_buf_create(j->dev, (size_t)vv_grid_voxels(&j->after), &j->after_code, err);
    if (!s)
        s = vv_tissue_find(j->dev, &j->after, j->window.tissue, j->after_code, err);
    if (!s)
        s = vv_residual_surface(j->dev, &j->grid, j->found.to_atlas, j->opt->regions, j->grid_code, j->after_code,
                                j->r->surface, err);
    if (s)
        return s;
    if (j->v->frames > 1)
        vv_gate_add(j->r, "frame_move_mm", j->frame_move, FRAME_MOVE_MOST, j->frame_move <= FRAME_MOVE_MOST);
    bool wrapped = j->r->source == VV_POSE_OWN && j->ghosts_seen > WRAPPED_LEAST;
    if (wrapped)
        vv_gate_add(j->r, "second_opinion_wrapped_mm", j->opinion.worst_mm, WRAPPED_PART,
                    j->opinion.worst_mm <= WRAPPED_PART);
    if (j->ghosts)
        vv_gate_add(j->r, "ghosts_mm3", j->ghost_volume, GHOSTS_MOST, j->ghost_volume <= GHOSTS_MOST);
    if (j->ghosts && (j->opt->apply || j->opt->protect || j->opt->given))
        s = judge_ghosts_left(j, err);
    if (s)
        return s;
    if (carried_blindly(j->r)) /* what looks like tissue there is noise */
        j->beside = 0;
    vv_gate_add(j->r, "tissue_beside_mm3", j->beside, BESIDE_MOST, j->beside <= BESIDE_MOST);
    vv_gate_add(j->r, "brain_untouched", (double)changed[1], 0, changed[1] == 0);
    vv_gate_add(j->r, "outside_mask_identical", (double)changed[0], 0, changed[0] == 0);
    if (j->opt->given)
        vv_gate_add(j->r, "fill_as_made", (double)j->made[2], 0, j->made[2] == 0);
    j->r->voxels_changed = j->mask_voxels * j->v->frames;
    j->r->kept *= j->v->frames;
    if (j->opt->protect)
        judge_kept(j);
    if (j->opt->mode == VV_MODE_BRAIN)
        judge_brain(j);
    if (changed[1] || changed[0])
        vv_doubt(j->r, "voxels changed that must not");
    else if (j->frame_move > FRAME_MOVE_MOST)
        vv_doubt(j->r, "the head lies elsewhere in some frame");
    else if (wrapped && j->opinion.worst_mm > WRAPPED_PART)
        vv_doubt(j->r, "much has wrapped around, and a second opinion has the head a little elsewhere");
    else if (j->ghost_volume > GHOSTS_MOST)
        vv_doubt(j->r, "much of the head has wrapped around");
    else if (j->beside > BESIDE_MOST)
        vv_doubt(j->r, "there may be another head beside this one");
    vv_judge_surface(j->r);
    s = judge_air(j, err);
    if (!s && j->made[2])
        vv_doubt(j->r, "what stands in the place of the face is not what this version puts there");
    j->r->ms.verify += now_ms() - t0;
    return s ? s : tell(j, "verify", 1, err);
}

static vv_status download_mask(job *j, uint8_t *mask, vv_err *err)
{
    int64_t n = vv_volume_voxels(j->v);
    vv_status s = vv_download(j->dev, mask, j->code, 0, (size_t)n, err);
    for (int64_t i = 0; !s && i < n; ++i)
        mask[i] = (mask[i] & VK_REMOVE) != 0;
    return s;
}

/* The most of what was asked for that the field of view would hold if the head lay as another fit says that explains
 * the subject nearly as well. */
static vv_status volume_elsewhere(job *j, double *volume, vv_err *err)
{
    const vv_found *f = &j->found;
    double rival = 0;
    vv_status s = volume_in_view(j, j->opt->regions, f->other_to_atlas, volume, err);
    if (!s && f->rival > 0 && f->best - f->rival < NO_FACE_MARGIN)
        s = volume_in_view(j, j->opt->regions, f->rival_to_atlas, &rival, err);
    *volume = rival > *volume ? rival : *volume;
    return s;
}

static vv_status doubt_absence(job *j, vv_err *err)
{
    double elsewhere = 0;
    vv_status s = j->r->source == VV_POSE_OWN ? volume_elsewhere(j, &elsewhere, err) : VV_OK;
    vv_gate_add(j->r, "no_face_fit", j->found.fit.all, NO_FACE_FIT, j->found.fit.all >= NO_FACE_FIT);
    vv_gate_add(j->r, "elsewhere_in_view_mm3", elsewhere, REGION_LEAST, elsewhere < REGION_LEAST);
    if (j->found.fit.all < NO_FACE_FIT || elsewhere >= REGION_LEAST || carried_blindly(j->r))
        vv_doubt(j->r, "no face seems to be in view, but the pose is not certain enough to say so");
    return s;
}

/* Of what is judged where there was nothing to remove: no voxel may differ. */
static vv_status judge_unchanged(job *j, vv_err *err)
{
    size_t bytes = frame_bytes(j->v), voxels = (size_t)vv_volume_voxels(j->v);
    int64_t changed[3] = {0};
    vv_status s = vv_buf_create(j->dev, bytes, &j->given, err);
    if (!s)
        s = vv_buf_create(j->dev, voxels, &j->code, err);
    if (!s)
        s = vv_fill(j->dev, j->code, 0, 0, voxels, err);
    for (int64_t frame = 0; !s && frame < j->v->frames; ++frame) {
        s = upload_frame(j, frame, err);
        if (!s)
            s = vv_upload(j->dev, j->given, 0, (const char *)j->opt->given + (size_t)frame * bytes, bytes, err);
        if (!s)
            s = vv_compare_frame(j->dev, j->v, j->original, j->given, j->code, changed, err);
    }
    vv_gate_add(j->r, "outside_mask_identical", (double)changed[0], 0, changed[0] == 0);
    if (changed[0])
        vv_doubt(j->r, "voxels changed that must not");
    return s;
}

static vv_status nothing_to_remove(job *j, uint8_t *mask, vv_face_pictures *pictures, vv_err *err)
{
    double any = 0;
    vv_status s = volume_in_view(j, VV_REGION_FACE | VV_REGION_EARS, j->found.to_atlas, &any, err);
    if (!s)
        s = doubt_absence(j, err);
    if (!s && j->opt->given)
        s = judge_unchanged(j, err);
    if (any >= REGION_LEAST)
        vv_doubt(j->r, "what was asked for is not in view, but a face is");
    j->r->verdict = j->r->reason[0] ? VV_VERDICT_REVIEW : VV_VERDICT_NO_FACE;
    if (mask)
        memset(mask, 0, (size_t)vv_volume_voxels(j->v));
    if (s || !pictures)
        return s;
    s = take_pictures(j, j->original, &j->grid, pictures->before, err);
    memcpy(pictures->after, pictures->before, sizeof pictures->after);
    return s;
}

static vv_status run(job *j, uint8_t *mask, vv_face_pictures *pictures, vv_err *err)
{
    int64_t changed[3] = {0};
    double in_view = 0, t0 = now_ms(), t1;
    vv_status s = job_create(j, err);
    if (!s)
        s = make_grid(j, err);
    t1 = now_ms();
    j->r->ms.upload = t1 - t0;
    if (!s)
        s = find(j, err);
    if (!s && j->opt->place)
        j->opt->place->found = j->found;
    if (!s)
        s = regions_in_view(j, &in_view, err);
    if (!s && j->r->source == VV_POSE_OWN)
        judge_pose(j, in_view >= REGION_LEAST || j->opt->apply || j->opt->mode == VV_MODE_BRAIN);
    if (!s && j->opt->sure_only && j->r->reason[0]) {
        j->r->stopped = true;
        return s;
    }
    if (!s && j->opt->fiducials)
        s = vv_fiducials_find(j->dev, &j->grid, j->grid_code, j->window.tissue, j->found.to_atlas, j->r->fiducials,
                              err);
    j->r->ms.find = now_ms() - t1;
    if (!s && in_view < REGION_LEAST && !j->opt->apply && j->opt->mode != VV_MODE_BRAIN)
        return nothing_to_remove(j, mask, pictures, err);
    if (!s && in_view < REGION_LEAST && j->opt->apply)
        s = doubt_absence(j, err);
    if (!s)
        s = look_at_rest(j, err);
    if (!s)
        s = remove_from_all(j, changed, pictures, err);
    if (!s)
        s = verify(j, changed, err);
    if (!s && mask)
        s = download_mask(j, mask, err);
    if (!s)
        j->r->verdict = j->r->reason[0] ? VV_VERDICT_REVIEW : VV_VERDICT_CLEAN;
    return s;
}

vv_status vv_face_run(vv_device *dev, vv_volume *v, const vv_face_options *opt, vv_face_progress progress, void *user,
                      vv_face_result *result, uint8_t *mask, vv_face_pictures *pictures, vv_err *err)
{
    *result = (vv_face_result){0};
    if (!overwrites(opt->mode) && v->dtype == VV_DT_F128)
        return vv_fail(err, VV_E_REFUSED, "face", "128-bit floats can only be removed; use the mode `remove`");
    if (opt->fill_given && v->dtype == VV_DT_F128 && (opt->fill_value - v->inter) / v->slope != 0.0)
        return vv_fail(err, VV_E_REFUSED, "face", "128-bit floats can only be filled with a stored 0");
    if (opt->fill_given && !vv_fill_fits(v, opt->fill_value))
        return vv_fail(err, VV_E_USAGE, "face", "the fill value does not fit the image's type; give another");
    job j = {.dev = dev, .v = v, .opt = opt, .progress = progress, .user = user, .r = result};
    vv_status s = run(&j, mask, pictures, err);
    job_release(&j);
    return s;
}

vv_status vv_face_find(vv_device *dev, const vv_volume *v, vv_face_result *result, vv_err *err)
{
    static const vv_face_options all = {.regions = VV_REGION_FACE | VV_REGION_EARS};
    double in_view = 0, area = 0;
    vv_volume view = *v; /* only read */
    job j = {.dev = dev, .v = &view, .opt = &all, .r = result};
    *result = (vv_face_result){0};
    vv_status s = job_create(&j, err);
    if (!s)
        s = make_grid(&j, err);
    if (!s)
        s = find(&j, err);
    if (!s)
        s = regions_in_view(&j, &in_view, err);
    if (!s && in_view >= REGION_LEAST)
        s = vv_residual_surface(dev, &j.grid, j.found.to_atlas, VV_REGION_FACE, j.grid_code, j.grid_code,
                                result->surface, err);
    for (int k = VV_PART_EYES; !s && k <= VV_PART_CHIN; ++k) /* brows may be what is left of a forehead */
        area += result->surface[k].skin;
    judge_pose(&j, in_view >= REGION_LEAST);
    if (!s)
        result->verdict = result->reason[0]   ? VV_VERDICT_REVIEW
                          : area < SKIN_LEAST ? VV_VERDICT_NO_FACE
                                              : VV_VERDICT_CLEAN;
    job_release(&j);
    return s;
}
