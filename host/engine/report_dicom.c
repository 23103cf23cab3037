#include "report_dicom.h"

static void put_stack(vv_json *w, cJSON *list, const vv_report_stack *s)
{
    cJSON *o = vv_json_append_object(w, list);
    vv_json_text(w, o, "modality", s->modality);
    vv_json_number(w, o, "files", (double)s->files);
    cJSON *dims = vv_json_array(w, o, "dims");
    for (int i = 0; i < (s->dims[3] > 1 ? 4 : 3); i++)
        vv_json_append(w, dims, cJSON_CreateNumber((double)s->dims[i]));
    vv_json_text(w, o, "dtype", vv_dtype_name(s->dtype));
    vv_json_bool(w, o, "geometry", s->placed);
    if (s->placed) {
        cJSON *spacing = vv_json_array(w, o, "spacing_mm");
        for (int i = 0; i < 3; i++)
            vv_json_append(w, spacing, cJSON_CreateNumber(vv_json_rounded(s->spacing[i])));
        vv_json_text(w, o, "orientation", s->orientation);
        vv_json_number(w, o, "tilt_deg", s->tilt);
        vv_json_bool(w, o, "evenly_spaced", s->even);
    }
    if (s->burned_in)
        vv_json_bool(w, o, "burned_in_text", true);
    vv_json_text(w, o, "verdict", s->verdict ? s->verdict : "not searched");
}

void vv_report_put_dicom(vv_json *w, const vv_report_dicom *d)
{
    cJSON *o = vv_json_object(w, w->root, "dicom");
    vv_json_number(w, o, "images", (double)d->images);
    vv_json_number(w, o, "other_files", (double)d->others);
    vv_json_number(w, o, "unreadable", (double)d->unread);
    cJSON *identity = vv_json_object(w, o, "identity");
    vv_json_number(w, identity, "attributes", (double)d->attributes);
    vv_json_number(w, identity, "uids", (double)d->uids);
    vv_json_number(w, identity, "private", (double)d->privates);
    vv_json_number(w, identity, "overlays", (double)d->overlays);
    cJSON *list = vv_json_array(w, o, "stacks");
    for (int64_t i = 0; i < d->n; i++)
        put_stack(w, list, &d->stacks[i]);
}
