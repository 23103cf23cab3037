/* perturb.h - what is done to a head; voxels, header, landmarks, tissue, brain and pose alike. */
#ifndef BENCH_PERTURB_H
#define BENCH_PERTURB_H
#include "scene.h"

typedef enum perturb_result {
    PERTURB_DONE,
    PERTURB_NOT_FOR_THIS, /* it makes no sense for this head */
    PERTURB_NOTHING_LEFT  /* nothing of the head is in view any more */
} perturb_result;

/* `order`: 0..47, for those that take an order of the axes. */
typedef perturb_result (*perturb_fn)(scene *s, random_stream *r, int order);

typedef struct perturbation {
    const char *name;
    perturb_fn apply;
    bool header; /* takes an order of the axes */
} perturbation;

/* In the order in which several are applied: places, views, grids, levels, noise, headers. The first does nothing. */
extern const perturbation perturbations[];
extern const int perturbations_n;
/* -1: no such name. */
int perturb_find(const char *name);
/* One after the other, each with a stream of its own for this head. Neither 100 cm^3 of tissue nor a landmark in view:
 * PERTURB_NOTHING_LEFT. */
perturb_result perturb_all(scene *s, const int *which, int n, uint64_t seed, const char *head, int order);

/* perturb_place.c: where the head lies and how large it is. */
perturb_result perturb_turn(scene *s, random_stream *r, int order);
perturb_result perturb_shift(scene *s, random_stream *r, int order);
perturb_result perturb_child(scene *s, random_stream *r, int order);
perturb_result perturb_iso3(scene *s, random_stream *r, int order);
perturb_result perturb_thick_ax(scene *s, random_stream *r, int order);
perturb_result perturb_thick_cor(scene *s, random_stream *r, int order);
perturb_result perturb_thick_sag(scene *s, random_stream *r, int order);
/* perturb_view.c: what of it is in view. */
perturb_result perturb_no_crown(scene *s, random_stream *r, int order);
perturb_result perturb_no_neck(scene *s, random_stream *r, int order);
perturb_result perturb_no_chin(scene *s, random_stream *r, int order);
perturb_result perturb_slab(scene *s, random_stream *r, int order);
perturb_result perturb_half_face(scene *s, random_stream *r, int order);
perturb_result perturb_wrap(scene *s, random_stream *r, int order);
perturb_result perturb_rest(scene *s, random_stream *r, int order);
/* perturb_levels.c: how bright it is. */
perturb_result perturb_noise(scene *s, random_stream *r, int order);
perturb_result perturb_bias(scene *s, random_stream *r, int order);
perturb_result perturb_invert(scene *s, random_stream *r, int order);
perturb_result perturb_negative(scene *s, random_stream *r, int order);
perturb_result perturb_frames(scene *s, random_stream *r, int order);
/* perturb_header.c: what the header says. */
perturb_result perturb_axes(scene *s, random_stream *r, int order);
perturb_result perturb_lost(scene *s, random_stream *r, int order);
perturb_result perturb_wrong(scene *s, random_stream *r, int order);
#endif
