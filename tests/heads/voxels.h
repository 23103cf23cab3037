/* voxels.h - what every judge of a volume needs: values, the level that ends the air, balls about landmarks. */
#ifndef HEADS_VOXELS_H
#define HEADS_VOXELS_H
#include <nifti2_io.h>
#include <stdbool.h>
#include <stdint.h>

/* About a landmark of the face, and of an ear (judge.c says why), mm. */
#define FACE_MM 6.0
#define EAR_MM 8.0

/* The stored value of voxel i; 0 for the types that no head here has. */
double voxel_value(const nifti_image *m, int64_t i);

/* The 2nd percentile of the n values plus 15 % of the distance to the 98th. Sorts them. */
double end_of_air(double *v, int64_t n);

/* Voxel coordinates of a point in mm; false where it lies out of the field of view. */
bool voxel_of(const int64_t size[3], nifti_dmat44 to_mm, const double at[3], double v[3]);

/* Calls see(user, voxel) for each voxel whose centre is within radius (mm) of a point in the field of view; for a point
 * out of it, for none. */
void ball_visit(const int64_t size[3], nifti_dmat44 to_mm, const double at[3], double radius,
                void (*see)(void *user, int64_t voxel), void *user);
#endif
