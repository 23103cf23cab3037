#include "deface.h"
#include <math.h>
#include <stdio.h>

vv_status vv_deface_options_check(const vv_deface_options *opt, vv_deface_options *out, vv_err *err)
{
    static const uint32_t usual = VV_REGION_FACE | VV_REGION_EARS | VV_REGION_GHOSTS;
    static const uint32_t offered =
        VV_REGION_FACE | VV_REGION_EARS | VV_REGION_GHOSTS | VV_REGION_TEETH | VV_REGION_EYES | VV_REGION_FOREHEAD;
    *out = opt ? *opt : (vv_deface_options){.size = sizeof *out};
    if (out->size != sizeof *out)
        return vv_fail(err, VV_E_USAGE, "engine",
                       "deface options of another size; set .size and build with this header");
    bool measures = out->mode == VV_MODE_NOISE || out->mode == VV_MODE_REFACE;
    bool brain = out->mode == VV_MODE_BRAIN;
    if (out->mode != VV_MODE_REMOVE && out->mode != VV_MODE_BLUR && !measures && !brain)
        return vv_fail(err, VV_E_USAGE, "engine", "unknown mode; give one of VV_MODE_*");
    if (measures && out->fill_given)
        return vv_fail(err, VV_E_USAGE, "engine", "noise and reface measure the air themselves; give no fill value");
    if (brain && (out->regions || out->apply_path))
        return vv_fail(err, VV_E_USAGE, "engine",
                       "the mode brain says itself what goes: all but the brain; give no regions and no mask to apply");
    if (out->regions & ~offered)
        return vv_fail(err, VV_E_USAGE, "engine", "unknown region; give VV_REGION_*");
    if (out->fill_given && !isfinite(out->fill_value))
        return vv_fail(err, VV_E_USAGE, "engine", "the fill value is not finite; give a number of the scaled image");
    if (!out->regions)
        out->regions = brain ? usual & ~(uint32_t)VV_REGION_GHOSTS : usual; /* what goes is checked there */
    if (out->regions == VV_REGION_GHOSTS)
        return vv_fail(err, VV_E_USAGE, "engine", "ghosts go with a region of the head; ask for one of them too");
    return VV_OK;
}

/* Fails closed: whatever the method concluded, one failed gate means review. */
static void obey_gates(vv_face_result *result)
{
    for (int i = 0; i < result->ngates && result->verdict != VV_VERDICT_REVIEW; i++) {
        if (result->gates[i].pass)
            continue;
        result->verdict = VV_VERDICT_REVIEW;
        snprintf(result->reason, sizeof result->reason, "the gate %s failed", result->gates[i].name);
    }
}

vv_face_options vv_deface_method(const vv_deface_options *opt)
{
    return (vv_face_options){
        .mode = opt->mode,
        .regions = opt->regions,
        .fill_given = opt->fill_given != 0,
        .fill_value = opt->fill_value,
        .fiducials = opt->fiducials_path != NULL,
    };
}

vv_status vv_deface_volume(vv_engine *e, vv_volume *v, const vv_face_options *method, vv_face_result *result,
                           uint8_t *mask, vv_face_pictures *pictures, vv_err *err)
{
    vv_status status = vv_face_run(e->device, v, method, e->progress, e->user, result, mask, pictures, err);
    if (!status)
        obey_gates(result);
    return status;
}

vv_status vv_deface_gate(vv_face_result *result, const char *name, double value, double limit, const char *reason,
                         vv_err *err)
{
    if (result->ngates >= VV_GATES_MAX)
        return vv_fail(err, VV_E_INTERNAL, "engine", "no room for another gate; report this fault");
    vv_gate *gate = &result->gates[result->ngates++];
    *gate = (vv_gate){.value = value, .limit = limit, .pass = value <= limit};
    snprintf(gate->name, sizeof gate->name, "%s", name);
    if (!gate->pass && result->verdict != VV_VERDICT_REVIEW) {
        result->verdict = VV_VERDICT_REVIEW;
        snprintf(result->reason, sizeof result->reason, "%s", reason);
    }
    return VV_OK;
}

const char *vv_verdict_name(vv_verdict verdict)
{
    return verdict == VV_VERDICT_CLEAN ? "clean" : verdict == VV_VERDICT_NO_FACE ? "no_face" : "review";
}
