/* load.h - heads from files, and scenes as a library or a file takes them. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H
#include "scene.h"

/* Levels, affine and tissue of a file, and its brain from a parcellation on the same grid (NULL: none). Landmarks and
 * pose stay unknown. False: a line on standard error says why. */
bool scene_load(const char *path, const char *labels, scene *out);
/* The frames as stored: rounded to the nearest value the type holds. The caller's. */
void *scene_store(const scene *s);
size_t scene_store_bytes(const scene *s);
/* Value i of what scene_store gave. */
double scene_stored(const scene *s, const void *stored, int64_t i);
/* Writes a layer's voxels as nii.gz: the frames as stored (NULL), or a mask. False: not written. */
bool scene_save(const scene *s, const uint8_t *mask, const char *path);
#endif
