/* PixelData as it lies in the file: native bytes, or fragments and which of them belong to which frame. */
#include "dicom_file.hh"
#include <cstring>
#include <new>

uint64_t vv_dicom_native_bytes(const vv_dicom *d)
{
    return d->native ? d->native->getLengthField() : 0;
}

vv_status vv_dicom_native(const vv_dicom *d, uint64_t at, void *out, size_t n, vv_err *err)
{
    uint64_t all = vv_dicom_native_bytes(d);
    if (n > all || at > all - n)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the pixel data are shorter than the header says");
    try {
        if (d->native->getPartialValue(out, (Uint32)at, (Uint32)n).good())
            return VV_OK;
    } catch (...) { /* as a failed read */
    }
    return vv_fail(err, VV_E_RESOURCE, "dicom", "the pixel data cannot be read now; try again");
}

int64_t vv_dicom_fragments(const vv_dicom *d)
{
    return d->items.size() > 1 ? (int64_t)d->items.size() - 1 : 0;
}

static const uint8_t *bytes_of(DcmPixelItem *item, size_t &n)
{
    Uint8 *bytes = nullptr;
    n = item->getLengthField();
    return n > 0 && item->getUint8Array(bytes).good() ? bytes : nullptr;
}

/* By the basic offset table (PS3.5 A.4): a frame's offset is that of its first fragment's item tag. */
static bool index_by_table(vv_dicom &d, size_t frames)
{
    size_t n, next = 1;
    const uint8_t *table = bytes_of(d.items[0], n);
    if (!table || n / 4 != frames)
        return false;
    uint64_t at = 0;
    std::vector<size_t> first;
    for (size_t f = 0; f < frames; f++) {
        uint32_t want =
            table[4 * f] | table[4 * f + 1] << 8 | table[4 * f + 2] << 16 | (uint32_t)table[4 * f + 3] << 24;
        while (at < want && next < d.items.size())
            at += 8 + (uint64_t)d.items[next++]->getLengthField();
        if (at != want || next >= d.items.size() || (f > 0 && next == first.back()))
            return false;
        first.push_back(next);
    }
    first.push_back(d.items.size());
    if (first[0] != 1)
        return false;
    d.first_item = first;
    return true;
}

static bool starts_frame(vv_dicom_syntax syntax, const uint8_t *p, size_t n)
{
    bool j2k = syntax == VV_DICOM_J2K || syntax == VV_DICOM_J2K_LOSSLESS;
    return n >= 4 && p[0] == 0xff && p[1] == (j2k ? 0x4f : 0xd8) && p[2] == 0xff;
}

/* By the marker that a JPEG stream of any kind starts with. */
static bool index_by_marker(vv_dicom &d, size_t frames)
{
    std::vector<size_t> first;
    if (d.syntax == VV_DICOM_RLE)
        return false;
    for (size_t i = 1; i < d.items.size(); i++) {
        size_t n;
        const uint8_t *p = bytes_of(d.items[i], n);
        if (p && starts_frame(d.syntax, p, n))
            first.push_back(i);
        d.items[i]->compact(); /* gives its memory back; the value stays in the file */
    }
    if (first.size() != frames || first[0] != 1)
        return false;
    first.push_back(d.items.size());
    d.first_item = first;
    return true;
}

static bool index_frames(vv_dicom &d, size_t frames)
{
    if (d.first_item.size() == frames + 1)
        return true;
    d.first_item.clear();
    if (frames == 1) {
        d.first_item = {1, d.items.size()};
        return true;
    }
    if (d.items.size() == frames + 1) {
        for (size_t i = 1; i <= frames + 1; i++)
            d.first_item.push_back(i);
        return true;
    }
    return index_by_table(d, frames) || index_by_marker(d, frames);
}

static vv_status join(vv_dicom &d, size_t frame, uint8_t **out, size_t *n, vv_err *err)
{
    uint64_t all = 0;
    for (size_t i = d.first_item[frame]; i < d.first_item[frame + 1]; i++)
        all += d.items[i]->getLengthField();
    uint8_t *bytes = (uint8_t *)vv_malloc((size_t)all, 1);
    if (!bytes)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    *out = bytes;
    for (size_t i = d.first_item[frame]; i < d.first_item[frame + 1]; i++) {
        size_t some;
        const uint8_t *piece = bytes_of(d.items[i], some);
        if (some > 0 && !piece)
            return vv_fail(err, VV_E_REFUSED, "dicom", "a piece of the compressed pixels cannot be read");
        if (some > 0)
            memcpy(bytes + *n, piece, some);
        *n += some;
        d.items[i]->compact();
    }
    return VV_OK;
}

vv_status vv_dicom_compressed(const vv_dicom *d, int64_t frames, int64_t frame, uint8_t **out, size_t *n, vv_err *err)
{
    vv_status status;
    *out = nullptr;
    *n = 0;
    if (frames < 1 || frames > vv_dicom_fragments(d) || frame < 0 || frame >= frames)
        return vv_fail(err, VV_E_INTERNAL, "dicom", "no such frame");
    try {
        vv_dicom &mine = const_cast<vv_dicom &>(*d);
        if (!index_frames(mine, (size_t)frames))
            return vv_fail(err, VV_E_REFUSED, "dicom",
                           "it cannot be told where the frames of the compressed pixels start");
        status = join(mine, (size_t)frame, out, n, err);
    } catch (const std::bad_alloc &) {
        status = vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    } catch (...) {
        status = vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels cannot be read");
    }
    if (status != VV_OK) {
        vv_free(*out);
        *out = nullptr;
    }
    return status;
}
