/* attack_rebuild.h - how much of a hidden face can be told from what is left of the head. */
#ifndef VV_ATTACK_REBUILD_H
#define VV_ATTACK_REBUILD_H
#include "attack_cells.h"

/* left: cells of what is left of n persons (VV_CELLS each); face: cells of their faces, the truth; group: a number for
 * each. Of the truth those cells of the front view are taken where the mean face slopes by less than 1.5 (beyond, the
 * depth is the width of the head, which is left to see), and what an error of the pose would do to the mean face is
 * taken out of them (vv_cells_ways): where a face lies in the atlas is a matter of the skull that the pose was fitted
 * to. rim: so many cells at the edge of these are left out. `as_posed` is the explained variance with that left in.
 *
 * Ridge regression from all cells of `left` to the face, in its dual form: with K the matrix of inner products of the
 * centred cells and M = (K + l I)^-1, the guess for persons S when they are left out of the training is y_S - (M_SS)^-1
 * (M y)_S (the leave-out formula of linear smoothers; a large constant in K stands for the mean). The penalty l is the
 * best of four. `explained`, `permuted`, `error_mm`, `average_mm` of vv_rebuild_figure come from leaving out one person
 * each.
 *
 * For the match persons are dealt out to folds, each group in turn: fold[i]. Those of a fold are guessed by training on
 * the others (with the penalty that suits these), and are looked for among the faces of their fold, none of which the
 * guess has seen: where what is left tells nothing, all of these are alike. score[p * n + k], for p and k of one fold:
 * the cosine of the guess for p and the face of k, both less the mean face. False: memory is out. */
#define VV_REBUILD_FOLDS 3
bool vv_rebuild(const float *left, const float *face, const int *group, int n, int rim, vv_rebuild_figure *out,
                int *fold, double *score);
#endif
