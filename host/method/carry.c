/* carry.c - does a series agree with where the study says that the head is?
 *
 * The limits were set on series made of one real head, the header right and wrong, the head moved and not
 * (docs/method.md).
 */
#include "carry.h"
#include "alloc.h"
#include "verification.h"

/* Where no head anywhere scores as much as this, the series does not show where the head is. Made: 0.07 and less for a
 * flat image, for noise, and for a parametric map; 0.77 and more for everything that shows a head. */
#define NOTHING 0.30
/* A head elsewhere must explain it worse by this. Made: 0.044 and more where the header is right; where it turns the
 * head, a head elsewhere is better by 0.06 and more. */
#define ELSEWHERE -0.02
#define AGREES 0.70      /* score of a pose that needs no more evidence, as for a pose of the series' own */
#define MOVE_MOST 30.0   /* mm; one that moved farther is looked for from the start */
#define MOVE_LITTLE 10.0 /* mm that it may move where the score is below AGREES */
#define GAIN 0.01        /* score by which the fitted place must be better than the one carried */

vv_status vv_face_place_create(vv_face_place **out, vv_err *err)
{
    *out = vv_calloc(1, sizeof **out);
    return *out ? VV_OK : vv_fail(err, VV_E_RESOURCE, "study", "out of memory; free some and try again");
}

void vv_face_place_destroy(vv_face_place **place)
{
    vv_free(*place);
    *place = NULL;
}

vv_status vv_carry_try(vv_device *dev, const vv_grid *g, vv_buf *code, const vv_window *window, const vv_atlas *atlas,
                       const vv_face_place *carried, vv_found *found, vv_face_result *result, vv_err *err)
{
    vv_carry c;
    vv_status s = vv_search_carry(dev, g, code, window, atlas, &carried->found, &c, err);
    if (s)
        return s;
    bool nothing = c.here < NOTHING && c.anywhere < NOTHING;
    double most = c.here >= AGREES ? MOVE_MOST : MOVE_LITTLE;
    if (!nothing && !(c.here >= NOTHING && c.elsewhere <= ELSEWHERE && c.move <= most))
        return VV_OK;
    bool moved = !nothing && c.gain > GAIN;
    result->source = moved ? VV_POSE_FITTED : VV_POSE_CARRIED;
    *found = moved ? c.found : carried->found;
    if (nothing) {
        vv_gate_add(result, "carried_contrast", c.anywhere, NOTHING, true);
    } else {
        vv_gate_add(result, "carried_elsewhere", c.elsewhere, ELSEWHERE, true);
        vv_gate_add(result, "carried_move_mm", c.move, most, true);
    }
    return VV_OK;
}
