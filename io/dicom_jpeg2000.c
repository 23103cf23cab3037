/* JPEG 2000 through OpenJPEG. */
#include "dicom_pixels.h"
#include <openjpeg.h>
#include <string.h>

struct reader {
    const uint8_t *bytes;
    size_t n, at;
};

static OPJ_SIZE_T on_read(void *out, OPJ_SIZE_T n, void *user)
{
    struct reader *r = user;
    size_t some = r->n - r->at < n ? r->n - r->at : n;
    if (some == 0)
        return (OPJ_SIZE_T)-1;
    memcpy(out, r->bytes + r->at, some);
    r->at += some;
    return some;
}

static OPJ_OFF_T on_skip(OPJ_OFF_T n, void *user)
{
    struct reader *r = user;
    if (n < 0 || (uint64_t)n > r->n - r->at)
        return -1;
    r->at += (size_t)n;
    return n;
}

static OPJ_BOOL on_seek(OPJ_OFF_T to, void *user)
{
    struct reader *r = user;
    if (to < 0 || (uint64_t)to > r->n)
        return OPJ_FALSE;
    r->at = (size_t)to;
    return OPJ_TRUE;
}

static void on_message(const char *message, void *user)
{
    (void)message;
    (void)user;
}

/* Before memory is taken for its samples: whether the image is what the data set says. */
static bool fits(const opj_image_t *image, const vv_codec_frame *f)
{
    if (image->numcomps != (OPJ_UINT32)f->samples)
        return false;
    for (int c = 0; c < f->samples; c++) {
        const opj_image_comp_t *comp = &image->comps[c];
        if (comp->w != (OPJ_UINT32)f->columns || comp->h != (OPJ_UINT32)f->rows || comp->dx != 1 || comp->dy != 1 ||
            comp->prec < 1 || comp->prec > (OPJ_UINT32)f->bits)
            return false;
    }
    return true;
}

static void store(const opj_image_t *image, const vv_codec_frame *f, uint8_t *out)
{
    size_t pixels = (size_t)f->columns * (size_t)f->rows, step = (size_t)f->bits / 8;
    for (int c = 0; c < f->samples; c++) {
        const OPJ_INT32 *in = image->comps[c].data;
        uint8_t *to = out + (size_t)c * step;
        for (size_t i = 0; i < pixels; i++, to += step * (size_t)f->samples) {
            uint32_t value = (uint32_t)in[i];
            uint16_t word = (uint16_t)value;
            if (step == 1)
                *to = (uint8_t)value;
            else if (step == 2)
                memcpy(to, &word, 2);
            else
                memcpy(to, &value, 4);
        }
    }
}

static bool have_data(const opj_image_t *image, int samples)
{
    for (int c = 0; c < samples; c++) {
        if (!image->comps[c].data)
            return false;
    }
    return true;
}

static vv_status decode(opj_codec_t *codec, opj_stream_t *stream, const vv_codec_frame *f, uint8_t *out, vv_err *err)
{
    static const char damaged[] = "the compressed pixels are damaged; get a whole copy of the file";
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    vv_status status = VV_OK;
    opj_set_default_decoder_parameters(&parameters);
    opj_set_info_handler(codec, on_message, NULL);
    opj_set_warning_handler(codec, on_message, NULL);
    opj_set_error_handler(codec, on_message, NULL);
    /* Strict: a truncated stream is an error, not a picture with a grey end. */
    if (!opj_setup_decoder(codec, &parameters) || !opj_decoder_set_strict_mode(codec, OPJ_TRUE) ||
        !opj_read_header(stream, codec, &image))
        status = vv_fail(err, VV_E_REFUSED, "dicom", damaged);
    else if (!fits(image, f))
        status = vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels are of another size than the header says");
    else if (!opj_decode(codec, stream, image) || !fits(image, f) || !have_data(image, f->samples))
        status = vv_fail(err, VV_E_REFUSED, "dicom", damaged);
    else
        store(image, f, out);
    opj_image_destroy(image);
    return status;
}

vv_status vv_jpeg2000_decode(const vv_codec_frame *f, const uint8_t *bytes, size_t n, void *out, size_t room,
                             vv_err *err)
{
    struct reader r = {bytes, n, 0};
    bool boxed = n >= 8 && memcmp(bytes + 4, "jP  ", 4) == 0; /* the JP2 container, which does not belong there */
    if (room < (size_t)f->columns * (size_t)f->rows * (size_t)f->samples * (size_t)f->bits / 8)
        return vv_fail(err, VV_E_INTERNAL, "dicom", "no room for a frame");
    opj_codec_t *codec = opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
    vv_status status = VV_OK;
    if (codec && stream) {
        opj_stream_set_user_data(stream, &r, NULL);
        opj_stream_set_user_data_length(stream, n);
        opj_stream_set_read_function(stream, on_read);
        opj_stream_set_skip_function(stream, on_skip);
        opj_stream_set_seek_function(stream, on_seek);
        status = decode(codec, stream, f, out, err);
    } else {
        status = vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    }
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    return status;
}
