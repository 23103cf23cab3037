#include "certificate.h"
#include <stdio.h>
#include <string.h>

const char *const vv_never_shown[] = {
    "That one scan of this brain cannot be linked to another: the brain stays, and is as individual as a face.",
    "That nobody can be recognised by what stays of the head: forehead, scalp, teeth, and in CT the skull.",
    "That the head lies where it was found: the gates on the pose are limits that held on other heads, no proof.",
    "That names outside of the file and text burned into the voxels are gone: nobody looked.", NULL};

/* The sentence that a gate's passing allows. */
static const struct {
    const char *gate, *shown;
} sentences[] = {
    {"brain_untouched", "No voxel of the brain (the atlas's, at the pose found) differs from the original."},
    {"outside_mask_identical", "No voxel outside of the mask differs from the original."},
    {"fill_as_made", "What stands inside of the mask is, to the bit, what this version puts there from the kept voxels "
                     "and the pose."},
    {"tissue_in_air_mm3", "No piece of tissue as large as a face is left in the air."},
    {"ghosts_left_mm3", "What wrapped around of the face is gone from where it would stand."},
    {"geometry_identical", "Geometry and scaling are those of the original."},
    {"header_text", "The header holds no free text and no extensions."},
};

static const vv_gate *gate_of(const vv_face_result *face, const char *name)
{
    for (int i = 0; i < face->ngates; i++) {
        if (!strcmp(face->gates[i].name, name))
            return &face->gates[i];
    }
    return NULL;
}

static void put_surface(vv_json *w, cJSON *certificate, const vv_face_result *face)
{
    cJSON *surface = vv_json_object(w, certificate, "surface_mm2");
    for (int k = 0; k < VV_PARTS; k++) {
        if (!face->surface[k].asked)
            continue;
        cJSON *part = vv_json_object(w, surface, vv_part_name(k));
        vv_json_number(w, part, "original", face->surface[k].skin);
        vv_json_number(w, part, "left", face->surface[k].left);
    }
}

static void put_surface_words(vv_json *w, cJSON *shown, const vv_face_result *face)
{
    char words[160];
    double skin = 0, left = 0;
    for (int k = 0; k < VV_PARTS; k++) {
        skin += face->surface[k].skin;
        left += face->surface[k].left;
    }
    snprintf(words, sizeof words,
             "Of %.0f mm2 of skin looked at about the landmarks, %.0f mm2 still has a surface within 2 mm.", skin,
             left);
    vv_json_append(w, shown, w->ok ? cJSON_CreateString(words) : NULL);
}

void vv_certificate_put(vv_json *w, const vv_report_facts *f)
{
    cJSON *certificate = vv_json_object(w, w->root, "certificate");
    const vv_gate *residual = gate_of(f->face, "residual_surface_mm2");
    if (residual)
        put_surface(w, certificate, f->face);
    cJSON *shown = vv_json_array(w, certificate, "shown");
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        const vv_gate *gate = gate_of(f->face, sentences[i].gate);
        if (gate && gate->pass)
            vv_json_append(w, shown, w->ok ? cJSON_CreateString(sentences[i].shown) : NULL);
    }
    if (residual && residual->pass)
        put_surface_words(w, shown, f->face);
    cJSON *not_shown = vv_json_array(w, certificate, "not_shown");
    if (!strcmp(f->verdict, "review"))
        vv_json_append(w, not_shown,
                       w->ok ? cJSON_CreateString("That this result is clean: a person has to look.") : NULL);
    vv_json_append(w, not_shown,
                   w->ok ? cJSON_CreateString("That no attack finds the person: none was run on this volume.") : NULL);
    for (int i = 0; vv_never_shown[i]; i++)
        vv_json_append(w, not_shown, w->ok ? cJSON_CreateString(vv_never_shown[i]) : NULL);
}
