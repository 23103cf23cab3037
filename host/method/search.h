/* search.h - where the head is: the atlas brought to the subject from any start. */
#ifndef VV_SEARCH_H
#define VV_SEARCH_H
#include "levels.h"
#include "pose.h"

/* The levels of a grid that the search takes for air and for bright: the 2nd percentile, and a little above the middle
 * of the tissue; for CT fixed Hounsfield units. code: a grid-sized buffer of zeros, left zeroed. */
VV_NODISCARD vv_status vv_level_bounds(vv_device *dev, const vv_grid *g, bool ct, vv_buf *code, double bounds[2],
                                       vv_err *err);

typedef struct vv_found {
    vv_pose pose;
    double centre[3];          /* subject mm, what the pose turns about */
    double to_atlas[12];       /* subject mm to atlas mm */
    vv_fit fit;                /* of the last, weighted fit */
    double best;               /* the two scores that decide, together */
    double rival;              /* the same of the best head that lies another way; 0 where there is none */
    double rival_to_atlas[12]; /* of that one */
    double other_to_atlas[12]; /* of the other fit that is as good; as to_atlas where there is none */
    double disagreement;       /* mm: the most that another fit, as good but for 0.002, moves a landmark in view */
} vv_found;

/* g: the grid of about 2 mm; code: a grid-sized buffer of zeros; trusted: the header's orientation is a hint worth
 * something. */
VV_NODISCARD vv_status vv_search(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, bool trusted,
                                 const vv_atlas *atlas, vv_found *out, vv_err *err);

/* The last fits only, from a pose that was found by other means (subject mm to atlas mm, no mirror); `before`: what
 * vv_search found, the rival of the new pose where it lies another way. */
VV_NODISCARD vv_status vv_search_from(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                      bool trusted, const vv_atlas *atlas, const double to_atlas[12],
                                      const vv_found *before, vv_found *out, vv_err *err);

/* How well a pose that was found explains the grid g, its levels taken as vv_search takes them for the last fit. */
VV_NODISCARD vv_status vv_search_fit(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                     const vv_atlas *atlas, const vv_found *found, vv_fit *out, vv_err *err);

/* A second look from the pose found: fits again, at 8 mm, to the grid g with the slow brightness taken out (flat), or
 * to another frame of the same volume. *gain: how much the score rose; *move: mm that the fit moves a landmark or an
 * end of the brain in view. code: as for vv_search. */
VV_NODISCARD vv_status vv_search_again(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                       bool flat, const vv_atlas *atlas, const vv_found *found, double *gain,
                                       double *move, vv_err *err);

/* What one series says of a pose that was found on another of the same visit. All scores are differences. */
typedef struct vv_carry {
    vv_found found;   /* the pose carried, its place fitted to this series (the head's size and shape stay); the rest
                       * of it as it was */
    double here;      /* score, at 8 mm, of the fitted pose */
    double gain;      /* how much the score, at 8 mm, rose by the fit */
    double move;      /* mm that the fit moves a landmark or an end of the brain in view */
    double anywhere;  /* score, at 16 mm, of the best head anywhere */
    double elsewhere; /* by how much a head that lies elsewhere (a mark moved by over 40 mm) explains the series better,
                       * at 16 mm */
} vv_carry;

/* g, code, window: of this series, as for vv_search. */
VV_NODISCARD vv_status vv_search_carry(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window,
                                       const vv_atlas *atlas, const vv_found *from, vv_carry *out, vv_err *err);
#endif
