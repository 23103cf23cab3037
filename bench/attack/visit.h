/* visit.h - another scan of the same head: another pose, resampled, another contrast, brightness and noise. */
#ifndef BENCH_VISIT_H
#define BENCH_VISIT_H
#include "attack_blur.h"
#include "scene.h"

/* The head turned by 3 to 12 degrees about any axis and shifted by up to 8 mm along each, on the same grid; levels
 * bent (gamma 0.75 to 1.33), a slow brightness of up to a fifth either way, magnitude noise at an SNR of 20. */
void visit_again(scene *s, random_stream *r);

/* What is known to protect badly, at a pose (atlas mm to mm, row-major): the face area blurred by a Gaussian of
 * `sigma` mm; all below a plane 6 mm under the tip of the nose, in front of the ears, made air. */
void weak_blur(scene *s, const double pose[16], double sigma);
/* Takes that blur out again of the face area, which an attacker knows. */
void weak_blur_undo(scene *s, const double pose[16], double sigma, vv_unblur how);
void weak_plane(scene *s, const double pose[16]);
#endif
