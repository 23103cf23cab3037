/* identity.h - other faces for a head: made identities. */
#ifndef PHANTOM_IDENTITY_H
#define PHANTOM_IDENTITY_H
#include <stdint.h>

/* Levels of one head (x fastest, trilinear between) with another face: the face is warped by a smooth random field of
 * `number`, up to IDENTITY_MM, that is 0 in all that a deface of the face keeps, so that two identities of a head
 * differ in the face alone. affine: voxel to mm, pose: atlas mm to mm, both row-major 3x4. from and to: dims[0..2]
 * floats. False: a matrix is singular. */
#define IDENTITY_MM 9.0
int identity_make(const float *from, float *to, const int64_t dims[3], const double affine[12], const double pose[12],
                  uint64_t number);
#endif
