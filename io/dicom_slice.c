#include "dicom_slice.h"
#include "alloc.h"
#include "hash.h"
#include <math.h>
#include <string.h>

enum { MOST = 1 << 20 }; /* slices of one call: 2 GB of such structs are more than any study */

vv_dicom_slice *vv_dicom_slices_more(vv_dicom_slices *list)
{
    if (list->n == list->room) {
        int64_t room = list->room ? 2 * list->room : 64;
        vv_dicom_slice *more = room <= MOST ? vv_malloc((size_t)room, sizeof *more) : NULL;
        if (!more)
            return NULL;
        if (list->n > 0)
            memcpy(more, list->all, (size_t)list->n * sizeof *more);
        vv_free(list->all);
        list->all = more;
        list->room = room;
    }
    vv_dicom_slice *s = &list->all[list->n++];
    memset(s, 0, sizeof *s);
    s->slope = 1;
    return s;
}

void vv_dicom_slices_free(vv_dicom_slices *list)
{
    vv_free(list->all);
    *list = (vv_dicom_slices){0};
}

static double number(const vv_dicom *d, int64_t frame, uint32_t tag, double otherwise)
{
    double x;
    return vv_dicom_numbers(d, frame, tag, &x, 1) == 1 ? x : otherwise;
}

/* The first eight bytes of a SHA-256: the text itself need not be kept. */
static uint64_t digest_of(vv_sha256 *h)
{
    char hex[65];
    uint64_t out = 0;
    vv_sha256_end(h, hex);
    for (int i = 0; i < 16; i++)
        out = out << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    return out;
}

static void add_text(vv_sha256 *h, const vv_dicom *d, int64_t frame, uint32_t tag, int values)
{
    char text[128];
    for (int i = 0; i < values; i++) {
        vv_dicom_text(d, frame, tag, i, text, sizeof text);
        vv_sha256_add(h, text, strlen(text) + 1);
    }
}

static uint64_t digest_text(const vv_dicom *d, int64_t frame, uint32_t tag)
{
    vv_sha256 h;
    vv_sha256_begin(&h);
    add_text(&h, d, frame, tag, 1);
    return digest_of(&h);
}

uint64_t vv_dicom_series_digest(const vv_dicom *d)
{
    return digest_text(d, VV_DICOM_ROOT, 0x0020000e);
}

/* ImageType (and FrameType): magnitude and phase, localiser and axial, are not of one stack. A CT says in its fourth
 * value how it was reconstructed, which may change from slice to slice. */
static uint64_t digest_kind(const vv_dicom *d, int64_t frame, const char *modality)
{
    vv_sha256 h;
    int values = strcmp(modality, "CT") == 0 ? 3 : 8;
    vv_sha256_begin(&h);
    add_text(&h, d, frame, 0x00080008, values);
    add_text(&h, d, frame, 0x00089007, values);
    return digest_of(&h);
}

static bool make_unit(double v[3])
{
    double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (!(length > 0.5 && length < 2))
        return false;
    for (int i = 0; i < 3; i++)
        v[i] /= length;
    return true;
}

static void to_ras(double v[3])
{
    v[0] = -v[0];
    v[1] = -v[1];
}

/* PS3.3 C.7.6.2: ImagePositionPatient, ImageOrientationPatient, PixelSpacing (row spacing first). */
static void place(const vv_dicom *d, int64_t frame, vv_dicom_slice *s)
{
    double six[6], two[2];
    bool position = vv_dicom_numbers(d, frame, 0x00200032, s->position, 3) == 3;
    bool orientation = vv_dicom_numbers(d, frame, 0x00200037, six, 6) == 6;
    bool spacing = vv_dicom_numbers(d, frame, 0x00280030, two, 2) == 2;
    if (!position || !orientation || !spacing)
        return;
    memcpy(s->row, six, sizeof s->row);
    memcpy(s->column, six + 3, sizeof s->column);
    if (!make_unit(s->row) || !make_unit(s->column))
        return;
    double dot = s->row[0] * s->column[0] + s->row[1] * s->column[1] + s->row[2] * s->column[2];
    if (fabs(dot) > 0.01)
        return;
    to_ras(s->position);
    to_ras(s->row);
    to_ras(s->column);
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        s->normal[i] = s->row[j] * s->column[k] - s->row[k] * s->column[j];
        if (!(fabs(s->position[i]) < 1e6))
            return;
    }
    s->spacing[0] = two[1];
    s->spacing[1] = two[0];
    s->placed =
        two[0] >= VV_SPACING_MIN && two[0] <= VV_SPACING_MAX && two[1] >= VV_SPACING_MIN && two[1] <= VV_SPACING_MAX;
}

static double thickness_of(const vv_dicom *d, int64_t frame)
{
    double between = fabs(number(d, frame, 0x00180088, 0)), thick = number(d, frame, 0x00180050, 0);
    double x = between > 0 ? between : thick;
    return x >= VV_SPACING_MIN && x <= VV_SPACING_MAX ? x : 0;
}

static vv_dtype dtype_of(const vv_dicom_pixel_format *f)
{
    static const vv_dtype unsigned_of[] = {VV_DT_NONE, VV_DT_U8, VV_DT_U16, VV_DT_NONE, VV_DT_U32};
    static const vv_dtype signed_of[] = {VV_DT_NONE, VV_DT_I8, VV_DT_I16, VV_DT_NONE, VV_DT_I32};
    if (f->samples == 3)
        return f->sample_bytes == 1 ? VV_DT_RGB24 : VV_DT_NONE;
    return (f->is_signed ? signed_of : unsigned_of)[f->sample_bytes];
}

static void fill(const vv_dicom *d, const vv_dicom_pixel_format *f, int64_t file, int64_t frame, vv_dicom_slice *s)
{
    char text[8], uid[80];
    s->file = file;
    s->frame = frame;
    s->columns = f->columns;
    s->rows = f->rows;
    s->dtype = dtype_of(f);
    place(d, frame, s);
    s->thickness = thickness_of(d, frame);
    s->slope = number(d, frame, 0x00281053, 1);
    s->inter = number(d, frame, 0x00281052, 0);
    if (s->slope == 0) {
        s->slope = 1;
        s->inter = 0;
    }
    s->series = vv_dicom_series_digest(d);
    /* An object without a number is one of its own. */
    s->instance = vv_dicom_text(d, VV_DICOM_ROOT, 0x00080018, 0, uid, sizeof uid)
                      ? digest_text(d, VV_DICOM_ROOT, 0x00080018)
                      : (uint64_t)file;
    s->echo = number(d, frame, 0x00189082, number(d, frame, 0x00180081, 0));
    s->acquisition = number(d, frame, 0x00200012, 0);
    s->time = number(d, frame, 0x00200100, number(d, frame, 0x00209128, 0));
    s->number = number(d, frame, 0x00200013, 0);
    s->burned_in = vv_dicom_text(d, VV_DICOM_ROOT, 0x00280301, 0, text, sizeof text) && strcmp(text, "YES") == 0;
    vv_dicom_text(d, VV_DICOM_ROOT, 0x00080060, 0, s->modality, sizeof s->modality);
    s->kind = digest_kind(d, frame, s->modality);
}

/* The tiles of a frame that `whole` describes, in its place. A mosaic's position is that of a picture as large as the
 * mosaic around the slice's centre, so the slice's own corner lies further in. */
static vv_status split_mosaic(vv_dicom_slices *list, const vv_dicom *d, vv_err *err)
{
    vv_dicom_slice whole = list->all[list->n - 1];
    vv_dicom_mosaic m;
    if (!vv_dicom_mosaic_read(d, &m) || !whole.placed || whole.thickness == 0 || whole.columns % m.across ||
        whole.rows % m.across)
        return vv_fail(err, VV_E_REFUSED, "dicom", "a mosaic whose header does not say where its slices are");
    list->n--;
    int columns = whole.columns / m.across, rows = whole.rows / m.across;
    for (int i = 0; i < m.slices; i++) {
        vv_dicom_slice *s = vv_dicom_slices_more(list);
        if (!s)
            return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
        *s = whole;
        s->left = i % m.across * columns;
        s->top = i / m.across * rows;
        s->columns = columns;
        s->rows = rows;
        memcpy(s->normal, m.normal, sizeof s->normal);
        for (int a = 0; a < 3; a++)
            s->position[a] += whole.row[a] * whole.spacing[0] * (whole.columns - columns) / 2.0 +
                              whole.column[a] * whole.spacing[1] * (whole.rows - rows) / 2.0 +
                              m.normal[a] * whole.thickness * i;
    }
    return VV_OK;
}

vv_status vv_dicom_slices_add(vv_dicom_slices *list, const vv_dicom *d, int64_t file, vv_err *err)
{
    vv_dicom_pixel_format f;
    vv_status status = vv_dicom_is_directory(d)
                           ? vv_fail(err, VV_E_REFUSED, "dicom", "a DICOMDIR is a list of files; name their folder")
                           : vv_dicom_pixels(d, &f, err);
    for (int64_t frame = 0; status == VV_OK && frame < f.frames; frame++) {
        vv_dicom_slice *s = vv_dicom_slices_more(list);
        if (!s)
            return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
        fill(d, &f, file, frame, s);
        if (vv_dicom_is_mosaic(d))
            status = split_mosaic(list, d, err);
    }
    return status;
}
