/* One image of the caller's memory, end to end. */
#include "alloc.h"
#include "deface.h"
#include "report.h"
#include <string.h>

static int64_t dim_of(const vv_image *image, int i)
{
    return image->dims[i] == 0 ? 1 : image->dims[i];
}

/* The caller's image as a volume; the voxels stay where they are. */
static vv_status as_volume(const vv_image *image, vv_volume *v, vv_err *err)
{
    *v = (vv_volume){.dtype = image->dtype, .slope = 1, .affine_trusted = true, .data = image->data};
    for (int i = 0; i < 5; i++) {
        if (image->dims[i] < 0 || image->dims[i] > 32767)
            return vv_fail(err, VV_E_REFUSED, "image", "a dimension is not in 1..32767; correct the image");
    }
    for (int i = 0; i < 3; i++)
        v->dims[i] = dim_of(image, i);
    v->frames = dim_of(image, 3) * dim_of(image, 4);
    if (image->slope != 0) {
        v->slope = image->slope;
        v->inter = image->inter;
    }
    memcpy(v->affine, image->affine, sizeof v->affine);
    vv_affine_spacing(v->affine, v->spacing);
    size_t frame;
    if (!vv_mul_size((size_t)v->dims[0], (size_t)v->dims[1], (size_t)v->dims[2], &frame) ||
        !vv_mul_size(frame, (size_t)v->frames, vv_dtype_bytes(v->dtype), &v->bytes))
        return vv_fail(err, VV_E_REFUSED, "image", "the image is larger than memory can be; correct its dimensions");
    return VV_OK;
}

static vv_status make_report(vv_engine *e, const vv_image *image, const vv_volume *v, const vv_deface_options *opt,
                             const vv_face_result *face, double started, vv_report **report, vv_err *err)
{
    int64_t dims[5];
    int ndim = 3;
    for (int i = 0; i < 5; i++) {
        dims[i] = dim_of(image, i);
        if (i >= 3 && dims[i] > 1)
            ndim = i + 1;
    }
    vv_report_times times = {.total = vv_now_ms() - started};
    vv_report_facts facts = {
        .device = e->device,
        .verdict = vv_verdict_name(face->verdict),
        .reason = face->reason,
        .format = "memory",
        .dims = dims,
        .ndim = ndim,
        .volume = v,
        .face = face,
        .found = face->verdict != VV_VERDICT_NO_FACE,
        .regions = opt->regions,
        .masks = {image->protect != NULL, image->apply != NULL},
        .times = &times,
    };
    return vv_report_create(&facts, report, err);
}

static vv_status deface(vv_engine *e, vv_image *image, vv_volume *v, const vv_deface_options *opt, vv_report **report,
                        vv_err *err)
{
    double started = vv_now_ms();
    vv_face_result face = {0};
    vv_face_options method = vv_deface_method(opt);
    method.protect = image->protect;
    method.apply = image->apply;
    vv_status status = vv_volume_check(v, err);
    if (!status)
        status = vv_deface_volume(e, v, &method, &face, image->mask, NULL, err);
    if (!status && report)
        status = make_report(e, image, v, opt, &face, started, report, err);
    if (!status && face.verdict == VV_VERDICT_REVIEW)
        status = vv_fail(err, VV_E_REVIEW, "verify", "not proven: %s; the image was zeroed, a person has to look",
                         face.reason);
    return status;
}

vv_status vv_deface_image(vv_engine *engine, vv_image *image, const vv_deface_options *opt, vv_report **report,
                          vv_err *err)
{
    if (report)
        *report = NULL;
    if (!engine || !image || image->size != sizeof *image || !image->data)
        return vv_fail(err, VV_E_USAGE, "image", "the engine, the image, its size or its data are missing");
    vv_volume v;
    vv_status status = as_volume(image, &v, err);
    if (status)
        return status; /* the size of the data is unknown: there is nothing that could be zeroed */
    vv_deface_options checked;
    status = vv_deface_options_check(opt, &checked, err);
    if (!status && (checked.mask_path || checked.preview_path || checked.quarantine_dir || checked.on_report ||
                    checked.protect_path || checked.apply_path || checked.fiducials_path))
        status = vv_fail(err, VV_E_USAGE, "image", "paths and on_report belong to vv_deface_file; leave them NULL");
    if (!status && checked.mode == VV_MODE_BRAIN && image->apply)
        status = vv_fail(err, VV_E_USAGE, "image", "the mode brain says itself what goes; give no mask to apply");
    if (!status)
        status = deface(engine, image, &v, &checked, report, err);
    if (status)
        memset(image->data, 0, v.bytes);
    return status;
}
