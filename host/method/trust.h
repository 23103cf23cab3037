/* trust.h - whether a pose that was found may be acted on. */
#ifndef VV_TRUST_H
#define VV_TRUST_H
#include "face.h"
#include "opinion.h"
#include "search.h"

/* What is known of a pose. */
typedef struct vv_evidence {
    const vv_found *found;
    const vv_opinion *opinion;
    bool ct;
    double plain_move; /* mm that a fit to the levels as they are moves the pose; not for CT */
    bool removing; /* something is taken out by this pose; where nothing is, only another pose that would take something
                      out matters, and the caller looks at that */
} vv_evidence;

/* Adds the gates on the pose to the result, and the reason why it is not trusted, where it is not. */
void vv_trust_judge(const vv_evidence *e, vv_face_result *result);

/* The first reason stays. */
void vv_doubt(vv_face_result *result, const char *reason);
#endif
