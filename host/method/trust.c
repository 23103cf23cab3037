/* trust.c - the gates on a pose. Their limits were set on the heads of docs/heads.md, turned, cut, darkened and made
 * noisy as bench/heads does it.
 *
 * Two ways of finding a head that fail on different heads are asked: the search, and the network of models/localiser. A
 * pose that both find needs less of the search's own evidence; one that the network surely puts elsewhere is not
 * believed at all.
 */
#include "trust.h"
#include "verification.h"
#include <math.h>
#include <stdio.h>

/* Each limit for a pose that the second opinion does not confirm, for one that it does, and for one that it strongly
 * does. */
typedef struct limits {
    double fit, margin, disagreement, plain_move;
} limits;
static const limits unconfirmed = {0.71, 0.12, 14.0, 8.0}, confirmed = {0.71, -0.25, 60.0, 40.0},
                    strongly = {0.60, -0.25, 60.0, 40.0};

#define CT_FIT 0.75      /* not confirmed: a CT is not asked for its fit to the levels as they are */
#define DENIES_MM 13.0   /* half of the head, as the network sees it, lies farther from where the pose has it */
#define DENIES_PART 20.0 /* the same for a part of the head; where something is removed */
#define INSIDE_LEAST 0.10
/* Size of a head against the mean adult's: that of a newborn's brain case is 0.66 (circumference 35 of 56 cm; WHO child
 * growth standards), and adults spread by 5 %. Two heads taken for one are lopsided. */
#define SIZE_LEAST 0.60
#define SIZE_MOST 1.18
#define SHAPE_MOST 0.13 /* part by which one axis may differ from the mean of the three */

void vv_doubt(vv_face_result *r, const char *reason)
{
    if (!r->reason[0])
        snprintf(r->reason, sizeof r->reason, "%s", reason);
}

static void judge_shape(const vv_found *f, vv_face_result *r)
{
    const double *scale = f->pose.p + VV_P_SCALE;
    double mean = (scale[0] + scale[1] + scale[2]) / 3, odd = 0, size = 1.0 / (1.0 + mean);
    for (int a = 0; a < 3; ++a)
        odd = fabs(scale[a] - mean) > odd ? fabs(scale[a] - mean) : odd;
    bool sized = size >= SIZE_LEAST && size <= SIZE_MOST, shaped = odd <= SHAPE_MOST;
    bool inside = f->fit.inside >= INSIDE_LEAST;
    vv_gate_add(r, "head_inside_fit", f->fit.inside, INSIDE_LEAST, inside);
    vv_gate_add(r, "head_size", size, size < 1 ? SIZE_LEAST : SIZE_MOST, sized);
    vv_gate_add(r, "head_shape_off", odd, SHAPE_MOST, shaped);
    if (!inside || !sized || !shaped)
        vv_doubt(r, "this does not look like a head");
}

static void judge_place(const vv_evidence *e, const limits *most, vv_face_result *r)
{
    const vv_found *f = e->found;
    double margin = f->best - f->rival;
    bool alone = margin >= most->margin, agrees = f->disagreement <= most->disagreement;
    vv_gate_add(r, "pose_margin", margin, most->margin, alone);
    vv_gate_add(r, "pose_disagreement_mm", f->disagreement, most->disagreement, agrees);
    if (!alone)
        vv_doubt(r, "the head could as well lie another way round");
    else if (!agrees)
        vv_doubt(r, "two fits of the head disagree");
}

static void judge_opinion(const vv_evidence *e, vv_face_result *r)
{
    const vv_opinion *o = e->opinion;
    bool near = o->median_mm <= DENIES_MM, parts = o->worst_mm <= DENIES_PART || !e->removing;
    vv_gate_add(r, "second_opinion_score", o->score, 0, true);
    vv_gate_add(r, "second_opinion_mm", o->median_mm, DENIES_MM, near);
    if (e->removing)
        vv_gate_add(r, "second_opinion_part_mm", o->worst_mm, DENIES_PART, parts);
    if (!near || !parts)
        vv_doubt(r, "a second opinion puts the head elsewhere");
}

void vv_trust_judge(const vv_evidence *e, vv_face_result *r)
{
    const limits *most = vv_opinion_confirms_strongly(e->opinion) ? &strongly
                         : vv_opinion_confirms(e->opinion)        ? &confirmed
                                                                  : &unconfirmed;
    double least = e->ct && most == &unconfirmed ? CT_FIT : most->fit;
    bool fits = e->found->fit.all >= least, still = e->ct || e->plain_move <= most->plain_move;
    vv_gate_add(r, "pose_fit", e->found->fit.all, least, fits);
    if (!fits)
        vv_doubt(r, "this does not look like a head");
    judge_shape(e->found, r);
    judge_opinion(e, r);
    if (e->removing)
        judge_place(e, most, r);
    if (!e->ct)
        vv_gate_add(r, "pose_move_plain_mm", e->plain_move, most->plain_move, still);
    if (!still)
        vv_doubt(r, "two fits of the head disagree");
}
