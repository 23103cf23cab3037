/* scene.h - a head in memory with all that is known of it: levels, tissue, brain, landmarks and where the atlas lies.
 * Whatever is done to the head is done to all of them together. */
#ifndef BENCH_SCENE_H
#define BENCH_SCENE_H
#include "judge.h"
#include "random.h"
#include "voxels.h"
#include "voxveil.h"

/* Share of a voxel from which on it counts. Tissue: a voxel of which a third is tissue is about as bright as the level
 * that ends the air. */
#define SHARE_TISSUE 0.3f
#define SHARE_BRAIN 0.5f

typedef struct scene {
    int64_t dims[3];
    int frames;
    vv_dtype dtype; /* what the levels are stored as */
    double slope, inter;
    bool ct;             /* Hounsfield units */
    nifti_dmat44 affine; /* voxel to mm */
    float *layers;       /* x fastest: `frames` layers of stored values, one of tissue, one of brain (shares, 0..1) */
    double at[MARKS][3]; /* mm */
    bool known[MARKS];
    nifti_dmat44 pose; /* atlas mm to mm; of negative determinant where the header mirrors the head */
} scene;

int64_t scene_voxels(const scene *s); /* of a layer */
/* The three indices of voxel i of a layer, the other way round, and the mm of a voxel. */
void scene_index(const scene *s, int64_t i, int64_t v[3]);
int64_t scene_voxel(const scene *s, const int64_t v[3]);
void scene_mm(const scene *s, const int64_t v[3], double at[3]);
float *scene_layer(const scene *s, int i);
float *scene_tissue(const scene *s);
float *scene_brain(const scene *s);
int scene_layers(const scene *s);
void scene_free(scene *s);
scene scene_copy(const scene *s);
/* Memory or the end of the program: a benchmark has nothing better to do without it. */
void *need(size_t n, size_t size);

/* The head moved to other mm: landmarks and pose; not the affine. */
void scene_carry(scene *s, nifti_dmat44 by);
/* A landmark where it is known, else where the pose has the atlas's. */
void scene_mark(const scene *s, int mark, double at[3]);
/* A place of the atlas, mm. */
void scene_place(const scene *s, const double atlas[3], double at[3]);

/* The voxel axis nearest to an axis of the atlas (0 right, 1 front, 2 up), and which way along it is right, front, up.
 */
typedef struct scene_way {
    int axis;     /* of the voxels */
    int sign;     /* +1: the index grows that way */
    double mm;    /* of a step */
    int64_t size; /* voxels */
} scene_way;
scene_way scene_way_of(const scene *s, int atlas_axis);
/* How far (mm) a point lies along a way, from the first voxel's outer face at its low end; and the voxel border nearest
 * to such a distance, as an index of the axis. */
double scene_along(const scene *s, scene_way w, const double at[3]);

/* Where air is, to fill what comes into view with air of the same noise. */
typedef struct scene_air {
    int64_t *voxel;
    int64_t n;
} scene_air;
scene_air scene_find_air(const scene *s);
void scene_free_air(scene_air *air);
/* The level of a voxel of air of a frame, drawn at random; 0 for the layers of tissue and brain. */
float scene_draw_air(const scene *s, const scene_air *air, int layer, random_stream *r);

/* Levels of a frame: the middle of the air and of the brain (of all tissue where hardly any brain is known), and
 * quantiles of tissue. */
typedef struct scene_levels {
    double air, brain, tissue_2, tissue_98;
} scene_levels;
scene_levels scene_find_levels(const scene *s, int frame);

/* mm^3 of tissue. */
double scene_tissue_mm3(const scene *s);
/* The box [lo, hi) of an axis becomes the field of view; beyond the old one there is air. False: it is empty. */
bool scene_reframe(scene *s, int axis, int64_t lo, int64_t hi, random_stream *r);
/* The head moves by a map of mm under a field of view that stays. */
void scene_resample(scene *s, nifti_dmat44 move, random_stream *r);
/* Voxels along an axis become `mm` thick, means of those they cover. */
void scene_thicken(scene *s, int axis, double mm);
#endif
