#include "report.h"
#include "report_dicom.h"
#include "alloc.h"
#include "certificate.h"
#include "json.h"
#include <math.h>
#include <string.h>
#include <sys/resource.h>

struct vv_report {
    char *json;
    const char *verdict;
};

static void put_input(vv_json *w, const vv_report_facts *f)
{
    cJSON *in = vv_json_object(w, w->root, "input");
    vv_json_text(w, in, "format", f->format);
    cJSON *dims = vv_json_array(w, in, "dims");
    for (int i = 0; i < f->ndim; i++)
        vv_json_append(w, dims, cJSON_CreateNumber((double)f->dims[i]));
    cJSON *spacing = vv_json_array(w, in, "spacing_mm");
    for (int i = 0; i < 3; i++)
        vv_json_append(w, spacing, cJSON_CreateNumber(vv_json_rounded(f->volume->spacing[i])));
    vv_json_text(w, in, "dtype", vv_dtype_name(f->volume->dtype));
    if (f->input_sha256)
        vv_json_text(w, in, "sha256", f->input_sha256);
}

static void put_output(vv_json *w, const vv_report_facts *f)
{
    cJSON *out = vv_json_object(w, w->root, "output");
    vv_json_text(w, out, "format", f->written);
    vv_json_text(w, out, "sha256", f->output_sha256);
    if (f->output_bytes)
        vv_json_number(w, out, "bytes", (double)f->output_bytes);
}

static void put_regions(vv_json *w, cJSON *face, uint32_t set)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        {VV_REGION_FACE, "face"}, {VV_REGION_EARS, "ears"},         {VV_REGION_TEETH, "teeth"},
        {VV_REGION_EYES, "eyes"}, {VV_REGION_FOREHEAD, "forehead"}, {VV_REGION_GHOSTS, "ghosts"},
    };
    cJSON *list = vv_json_array(w, face, "regions");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (set & names[i].bit)
            vv_json_append(w, list, cJSON_CreateString(names[i].name));
    }
}

static void put_face(vv_json *w, const vv_report_facts *f)
{
    cJSON *face = vv_json_object(w, w->root, "face");
    vv_json_number(w, face, "score", f->face->score);
    if (f->found) {
        cJSON *pose = vv_json_array(w, face, "pose");
        for (int i = 0; i < 16; i++)
            vv_json_append(w, pose, cJSON_CreateNumber(vv_json_rounded(f->face->pose[i])));
    }
    static const char *const sources[] = {"own", "carried", "fitted"};
    if (f->in_study)
        vv_json_text(w, face, "pose_from", sources[f->face->source]);
    if (!f->regions)
        return;
    put_regions(w, face, f->regions);
    vv_json_number(w, face, "voxels_changed", (double)f->face->voxels_changed);
    if (f->masks.protect)
        vv_json_number(w, face, "voxels_protected", (double)f->face->kept);
    if (f->masks.apply)
        vv_json_bool(w, face, "mask_applied", true);
}

static void put_gates(vv_json *w, const vv_face_result *face)
{
    cJSON *gates = vv_json_array(w, w->root, "gates");
    for (int i = 0; i < face->ngates; i++) {
        cJSON *gate = vv_json_append_object(w, gates);
        vv_json_text(w, gate, "name", face->gates[i].name);
        vv_json_number(w, gate, "value", face->gates[i].value);
        vv_json_number(w, gate, "limit", face->gates[i].limit);
        vv_json_bool(w, gate, "pass", face->gates[i].pass);
    }
}

static void put_identity(vv_json *w, const vv_report_facts *f)
{
    cJSON *o = vv_json_object(w, w->root, "identity");
    vv_json_bool(w, o, "face", f->found);
    vv_json_bool(w, o, "header_text", f->identity.text);
    vv_json_bool(w, o, "header_extensions", f->identity.extensions);
    vv_json_text(w, o, "risk", f->identity.risk);
}

static void put_times(vv_json *w, const vv_report_facts *f)
{
    cJSON *o = vv_json_object(w, w->root, "time_ms");
    vv_json_number(w, o, "read", floor(f->times->read + 0.5));
    if (f->regions) {
        vv_json_number(w, o, "upload", floor(f->face->ms.upload + 0.5));
        vv_json_number(w, o, "find", floor(f->face->ms.find + 0.5));
        vv_json_number(w, o, "remove", floor(f->face->ms.remove + 0.5));
        vv_json_number(w, o, "verify", floor(f->face->ms.verify + 0.5));
        vv_json_number(w, o, "write", floor(f->times->write + 0.5));
    } else {
        vv_json_number(w, o, "find", floor(f->face->ms.find + 0.5));
    }
    vv_json_number(w, o, "total", floor(f->times->total + 0.5));
}

static void put_peaks(vv_json *w, const vv_report_facts *f)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    cJSON *o = vv_json_object(w, w->root, "peak_bytes");
    vv_json_number(w, o, "host", (double)usage.ru_maxrss * 1024);
    vv_json_number(w, o, "device", (double)vv_device_peak_bytes(f->device));
}

static void put_all(vv_json *w, const vv_report_facts *f)
{
    vv_json_text(w, w->root, "schema", "voxveil.report/1");
    vv_json_text(w, w->root, "version", VV_VERSION);
    vv_json_text(w, w->root, "device", vv_device_name(f->device));
    vv_json_text(w, w->root, "verdict", f->verdict);
    if (f->reason && f->reason[0])
        vv_json_text(w, w->root, "reason", f->reason);
    put_input(w, f);
    if (f->dicom)
        vv_report_put_dicom(w, f->dicom);
    if (f->output_sha256)
        put_output(w, f);
    put_face(w, f);
    if (f->regions) {
        put_gates(w, f->face);
        vv_certificate_put(w, f);
    }
    if (f->identity.given)
        put_identity(w, f);
    put_times(w, f);
    put_peaks(w, f);
}

vv_status vv_report_finish(vv_json *w, const char *verdict, vv_report **out, vv_err *err)
{
    vv_report *r = vv_calloc(1, sizeof *r);
    if (r && w->ok)
        r->json = cJSON_PrintUnformatted(w->root);
    cJSON_Delete(w->root);
    if (!r || !r->json) {
        vv_free(r);
        return vv_fail(err, VV_E_RESOURCE, "report", "out of memory for the report; free some and try again");
    }
    r->verdict = verdict;
    *out = r;
    return VV_OK;
}

vv_status vv_report_create(const vv_report_facts *f, vv_report **out, vv_err *err)
{
    *out = NULL;
    vv_json w = vv_json_begin();
    put_all(&w, f);
    return vv_report_finish(&w, f->verdict, out, err);
}

vv_status vv_report_study(const vv_device *device, vv_report *const *items, int n, int reference, double total_ms,
                          vv_report **out, vv_err *err)
{
    static const char *const verdicts[] = {"clean", "no_face", "review"};
    int count[3] = {0};
    *out = NULL;
    vv_json w = vv_json_begin();
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++)
            count[k] += !strcmp(items[i]->verdict, verdicts[k]);
    }
    const char *verdict = verdicts[count[2] > 0 ? 2 : count[1] == n ? 1 : 0];
    vv_json_text(&w, w.root, "schema", "voxveil.study/1");
    vv_json_text(&w, w.root, "version", VV_VERSION);
    vv_json_text(&w, w.root, "device", vv_device_name(device));
    vv_json_text(&w, w.root, "verdict", verdict);
    cJSON *summary = vv_json_object(&w, w.root, "summary");
    vv_json_number(&w, summary, "items", n);
    for (int k = 0; k < 3; k++)
        vv_json_number(&w, summary, verdicts[k], count[k]);
    if (reference >= 0)
        vv_json_number(&w, summary, "pose_from_item", reference + 1);
    vv_json_number(&w, summary, "total_ms", floor(total_ms + 0.5));
    cJSON *list = vv_json_array(&w, w.root, "items");
    for (int i = 0; i < n; i++)
        vv_json_append(&w, list, w.ok ? cJSON_CreateRaw(items[i]->json) : NULL);
    return vv_report_finish(&w, verdict, out, err);
}

const char *vv_report_json(const vv_report *report)
{
    return report ? report->json : "";
}

const char *vv_report_verdict(const vv_report *report)
{
    return report ? report->verdict : "";
}

void vv_report_destroy(vv_report **report)
{
    if (!report || !*report)
        return;
    cJSON_free((*report)->json);
    vv_free(*report);
    *report = NULL;
}
