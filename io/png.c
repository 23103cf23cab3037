#include "format.h"
#include "sink.h"
#include "alloc.h"
#include <png.h>
#include <string.h>

struct job {
    const uint8_t *pixels;
    int width, height, channels;
    vv_sink *sink;  /* NULL: into memory */
    uint8_t *bytes; /* in memory */
    size_t size, room;
    vv_status status; /* of the sink, or the memory */
    vv_err *err;
};

static void on_error(png_structp png, png_const_charp message)
{
    (void)message;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static vv_status keep(struct job *j, const uint8_t *data, size_t bytes)
{
    if (bytes > j->room - j->size)
        return vv_fail(j->err, VV_E_RESOURCE, "png", "the picture needs more memory than was set aside for it");
    memcpy(j->bytes + j->size, data, bytes);
    j->size += bytes;
    return VV_OK;
}

static void on_write(png_structp png, png_bytep data, size_t bytes)
{
    struct job *j = png_get_io_ptr(png);
    j->status = j->sink ? vv_sink_write(j->sink, data, bytes, j->err) : keep(j, data, bytes);
    if (j->status != VV_OK)
        png_error(png, "sink");
}

static void on_flush(png_structp png)
{
    (void)png;
}

/* libpng reports errors by longjmp to here; all that must survive it is in *j. */
static vv_status encode(struct job *j)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return vv_fail(j->err, VV_E_RESOURCE, "png", "out of memory");
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return j->status != VV_OK ? j->status : vv_fail(j->err, VV_E_RESOURCE, "png", "the picture cannot be encoded");
    }
    png_set_write_fn(png, j, on_write, on_flush);
    png_set_IHDR(png, info, (png_uint_32)j->width, (png_uint_32)j->height, 8,
                 j->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < j->height; y++)
        png_write_row(png, j->pixels + (size_t)y * (size_t)j->width * (size_t)j->channels);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return VV_OK;
}

vv_status vv_png_encode(const uint8_t *pixels, int width, int height, uint8_t **out, size_t *bytes, vv_err *err)
{
    *out = NULL;
    if (width < 1 || height < 1)
        return vv_fail(err, VV_E_INTERNAL, "png", "a picture of no size");
    /* deflate adds little to what it cannot make smaller, and each row has a byte of its own */
    struct job j = {.pixels = pixels, .width = width, .height = height, .channels = 1, .err = err};
    j.room = ((size_t)width + 1) * (size_t)height / 8 * 9 + 4096;
    j.bytes = vv_malloc(j.room, 1);
    vv_status status = j.bytes ? encode(&j) : vv_fail(err, VV_E_RESOURCE, "png", "out of memory");
    *bytes = j.size;
    if (status)
        vv_free(j.bytes);
    else
        *out = j.bytes;
    return status;
}

vv_status vv_png_write(const char *path, const uint8_t *pixels, int width, int height, int channels, bool force,
                       vv_err *err)
{
    if (width < 1 || height < 1 || (channels != 1 && channels != 3))
        return vv_fail(err, VV_E_INTERNAL, "png", "a picture of no size, or neither grey nor RGB");
    struct job j = {.pixels = pixels, .width = width, .height = height, .channels = channels, .err = err};
    vv_status status = vv_sink_open(path, &j.sink, err);
    if (status != VV_OK)
        return status;
    status = encode(&j);
    if (status == VV_OK)
        return vv_sink_commit(&j.sink, force, err);
    vv_sink_discard(&j.sink);
    return status;
}
