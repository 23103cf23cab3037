/* perturb.c - the list of perturbations, and how several follow each other. */
#include "perturb.h"
#include <stdio.h>
#include <string.h>

static perturb_result nothing(scene *s, random_stream *r, int order)
{
    (void)s, (void)r, (void)order;
    return PERTURB_DONE;
}

const perturbation perturbations[] = {
    {"none", nothing, false},
    {"child", perturb_child, false},
    {"rest", perturb_rest, false},
    {"turn", perturb_turn, false},
    {"shift", perturb_shift, false},
    {"wrap", perturb_wrap, false},
    {"no_crown", perturb_no_crown, false},
    {"no_neck", perturb_no_neck, false},
    {"no_chin", perturb_no_chin, false},
    {"slab", perturb_slab, false},
    {"half_face", perturb_half_face, false},
    {"iso3", perturb_iso3, false},
    {"thick_ax", perturb_thick_ax, false},
    {"thick_cor", perturb_thick_cor, false},
    {"thick_sag", perturb_thick_sag, false},
    {"bias", perturb_bias, false},
    {"invert", perturb_invert, false},
    {"negative", perturb_negative, false},
    {"noise", perturb_noise, false},
    {"frames", perturb_frames, false},
    {"axes", perturb_axes, true},
    {"lost", perturb_lost, false},
    {"wrong", perturb_wrong, false},
};
const int perturbations_n = sizeof perturbations / sizeof perturbations[0];

int perturb_find(const char *name)
{
    for (int i = 0; i < perturbations_n; i++)
        if (!strcmp(perturbations[i].name, name))
            return i;
    return -1;
}

static bool anything_left(const scene *s)
{
    double v[3];
    bool any = scene_tissue_mm3(s) >= 100e3;
    for (int i = 0; i < MARKS; i++)
        any = any || (s->known[i] && voxel_of(s->dims, s->affine, s->at[i], v));
    return any;
}

perturb_result perturb_all(scene *s, const int *which, int n, uint64_t seed, const char *head, int order)
{
    for (int i = 0; i < n; i++) {
        char draw[64];
        snprintf(draw, sizeof draw, "%s %s", perturbations[which[i]].name,
                 n > 1 ? perturbations[which[1 - i]].name : "");
        random_stream r = random_for(seed, head, draw);
        perturb_result done = perturbations[which[i]].apply(s, &r, order);
        if (done != PERTURB_DONE)
            return done;
    }
    return anything_left(s) ? PERTURB_DONE : PERTURB_NOTHING_LEFT;
}
