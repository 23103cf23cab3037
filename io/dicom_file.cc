/* Opening a file, and its attributes. */
#include "dicom_file.hh"
#include "dicom_stream.hh"
#include <cmath>
#include <cstring>
#include <mutex>
#include <new>

/* Sequences in sequences: real files stay under ten. */
static const int depth_max = 32;
/* Longer values stay in the file until they are asked for. */
static const Uint32 value_max = 4096;

static const struct {
    E_TransferSyntax dcmtk;
    vv_dicom_syntax ours;
} syntaxes[] = {
    {EXS_LittleEndianImplicit, VV_DICOM_IMPLICIT},
    {EXS_LittleEndianExplicit, VV_DICOM_EXPLICIT},
    {EXS_BigEndianExplicit, VV_DICOM_BIG},
    {EXS_DeflatedLittleEndianExplicit, VV_DICOM_DEFLATED},
    {EXS_RLELossless, VV_DICOM_RLE},
    {EXS_JPEGProcess1, VV_DICOM_JPEG_BASELINE},
    {EXS_JPEGProcess2_4, VV_DICOM_JPEG_EXTENDED},
    {EXS_JPEGProcess14, VV_DICOM_JPEG_LOSSLESS},
    {EXS_JPEGProcess14SV1, VV_DICOM_JPEG_LOSSLESS_SV1},
    {EXS_JPEGLSLossless, VV_DICOM_JPEGLS},
    {EXS_JPEGLSLossy, VV_DICOM_JPEGLS_NEAR},
    {EXS_JPEG2000LosslessOnly, VV_DICOM_J2K_LOSSLESS},
    {EXS_JPEG2000, VV_DICOM_J2K},
};

vv_dicom::~vv_dicom()
{
    vv_free(inflated);
}

static DcmTagKey key_of(uint32_t tag)
{
    return DcmTagKey((Uint16)(tag >> 16), (Uint16)tag);
}

/* DCMTK logs to the terminal unless told not to, and without its dictionary it knows no implicit attribute. */
static bool prepare()
{
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
    return dcmDataDict.isDictionaryLoaded();
}

static DcmItem *first_item(DcmItem &in, const DcmTagKey &key)
{
    DcmElement *element = nullptr;
    if (in.findAndGetElement(key, element).bad() || element->ident() != EVR_SQ)
        return nullptr;
    return static_cast<DcmSequenceOfItems *>(element)->card() > 0
               ? static_cast<DcmSequenceOfItems *>(element)->getItem(0)
               : nullptr;
}

static void index_groups(vv_dicom &d)
{
    DcmElement *element = nullptr;
    d.shared = first_item(d.data, DCM_SharedFunctionalGroupsSequence);
    if (d.data.findAndGetElement(DCM_PerFrameFunctionalGroupsSequence, element).bad() || element->ident() != EVR_SQ)
        return;
    for (DcmObject *o = element->nextInContainer(nullptr); o; o = element->nextInContainer(o))
        d.per_frame.push_back(static_cast<DcmItem *>(o));
}

static void index_pixels(vv_dicom &d)
{
    DcmElement *element = nullptr;
    if (d.data.findAndGetElement(DCM_PixelData, element).bad() || element->ident() != EVR_PixelData)
        return;
    DcmPixelData *pixels = static_cast<DcmPixelData *>(element);
    E_TransferSyntax stored = EXS_Unknown;
    const DcmRepresentationParameter *parameter = nullptr;
    pixels->getOriginalRepresentationKey(stored, parameter);
    if (DcmXfer(stored).isEncapsulated() || pixels->getLengthField() == DCM_UndefinedLength) {
        DcmPixelSequence *pieces = nullptr;
        if (pixels->getEncapsulatedRepresentation(stored, parameter, pieces).bad() || !pieces)
            return;
        for (DcmObject *o = pieces->nextInContainer(nullptr); o; o = pieces->nextInContainer(o))
            d.items.push_back(static_cast<DcmPixelItem *>(o));
    } else {
        d.native = pixels;
    }
}

static bool nests_within(DcmItem &item, int levels)
{
    for (DcmObject *e = item.nextInContainer(nullptr); e; e = item.nextInContainer(e)) {
        if (e->ident() != EVR_SQ)
            continue;
        if (levels == 0)
            return false;
        for (DcmObject *o = e->nextInContainer(nullptr); o; o = e->nextInContainer(o)) {
            if (!nests_within(*static_cast<DcmItem *>(o), levels - 1))
                return false;
        }
    }
    return true;
}

static vv_status too_deep(vv_err *err)
{
    return vv_fail(err, VV_E_REFUSED, "dicom", "sequences are nested more than %d deep; no image is", depth_max);
}

/* What a parse came to. */
static vv_status judge(const OFCondition &result, const VvInputStream &stream, vv_err *err)
{
    if (stream.failure() != VV_OK)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "reading failed; try again");
    if (stream.too_deep())
        return too_deep(err);
    if (stream.too_many())
        return vv_fail(err, VV_E_REFUSED, "dicom", "thousands of elements in one item; no image has them");
    if (result == EC_MemoryExhausted)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    if (result.bad())
        return vv_fail(err, VV_E_REFUSED, "dicom", "the file is truncated or broken; get a whole copy of it");
    return VV_OK;
}

static vv_status parse(vv_dicom &d, vv_err *err)
{
    VvInputStream stream(d.source, 0);
    d.meta.transferInit();
    OFCondition result = d.meta.read(stream, EXS_Unknown, EGL_noChange, value_max);
    d.meta.transferEnd();
    vv_status status = judge(result, stream, err);
    if (status != VV_OK)
        return status;
    OFString uid;
    E_TransferSyntax xfer = EXS_Unknown;
    if (d.meta.findAndGetOFString(DCM_TransferSyntaxUID, uid).good() && !uid.empty()) {
        xfer = DcmXfer(uid.c_str()).getXfer();
        if (xfer == EXS_Unknown)
            return vv_fail(err, VV_E_REFUSED, "dicom", "the transfer syntax is not one that is known");
    }
    d.data.transferInit();
    if (xfer == EXS_DeflatedLittleEndianExplicit) {
        size_t n = 0;
        status = vv_dicom_inflate(d.source, (uint64_t)stream.tell(), &d.inflated, &n, err);
        if (status != VV_OK)
            return status;
        d.inflated_source = vv_source_memory(d.inflated, n);
        VvInputStream inner(&d.inflated_source, 0);
        result = d.data.read(inner, EXS_LittleEndianExplicit, EGL_noChange, value_max);
        status = judge(result, inner, err);
    } else {
        result = d.data.read(stream, xfer, EGL_noChange, value_max);
        /* Zeros that fill a file up after its pixels look like elements without end; nothing that counts follows. */
        bool filled_up = stream.too_many() && d.data.tagExists(DCM_PixelData);
        status = filled_up ? VV_OK : judge(result, stream, err);
        xfer = d.data.getOriginalXfer();
    }
    d.data.transferEnd();
    if (status != VV_OK)
        return status;
    for (const auto &s : syntaxes) {
        if (s.dcmtk == xfer)
            d.syntax = s.ours;
    }
    if (d.data.card() == 0)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the file holds no data set");
    return nests_within(d.data, depth_max) ? VV_OK : too_deep(err);
}

vv_status vv_dicom_open(const vv_source *s, vv_dicom **out, vv_err *err)
{
    *out = nullptr;
    try {
        if (!prepare())
            return vv_fail(err, VV_E_RESOURCE, "dicom",
                           "DCMTK does not find its data dictionary; install its package again (or mend DCMDICTPATH)");
        vv_dicom *d = new vv_dicom(s);
        vv_status status = parse(*d, err);
        if (status != VV_OK) {
            delete d;
            return status;
        }
        *out = d;
        index_groups(*d);
        index_pixels(*d);
        return VV_OK;
    } catch (const std::bad_alloc &) {
        vv_dicom_close(out);
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    } catch (...) {
        vv_dicom_close(out);
        return vv_fail(err, VV_E_REFUSED, "dicom", "the file cannot be parsed");
    }
}

void vv_dicom_close(vv_dicom **d)
{
    try {
        delete *d;
    } catch (...) { /* a destructor that throws has released what it could */
    }
    *d = nullptr;
}

static DcmElement *element_in(DcmItem *item, const DcmTagKey &key)
{
    DcmElement *element = nullptr;
    return item && item->findAndGetElement(key, element).good() ? element : nullptr;
}

/* A functional group is one sequence of one item for each kind of attribute. */
static DcmElement *element_in_groups(DcmItem *groups, const DcmTagKey &key)
{
    DcmElement *found = nullptr;
    for (DcmObject *e = groups ? groups->nextInContainer(nullptr) : nullptr; e && !found;
         e = groups->nextInContainer(e)) {
        if (e->ident() == EVR_SQ)
            found = element_in(static_cast<DcmItem *>(e->nextInContainer(nullptr)), key);
    }
    return found;
}

static DcmElement *find(const vv_dicom *d, int64_t frame, uint32_t tag)
{
    DcmTagKey key = key_of(tag);
    DcmElement *found = nullptr;
    if (frame >= 0 && (size_t)frame < d->per_frame.size())
        found = element_in_groups(d->per_frame[(size_t)frame], key);
    if (!found && frame >= 0)
        found = element_in_groups(d->shared, key);
    return found ? found : element_in(const_cast<DcmDataset *>(&d->data), key);
}

static bool number_of(DcmElement &e, unsigned long i, double &out)
{
    Uint16 u16;
    Sint16 s16;
    Uint32 u32;
    Sint32 s32;
    Float32 f32;
    bool good = false;
    switch (e.ident()) {
    case EVR_DS:
    case EVR_FD:
        good = e.getFloat64(out, i).good();
        break;
    case EVR_FL:
        if ((good = e.getFloat32(f32, i).good()))
            out = f32;
        break;
    case EVR_IS:
    case EVR_SL:
        if ((good = e.getSint32(s32, i).good()))
            out = s32;
        break;
    case EVR_SS:
        if ((good = e.getSint16(s16, i).good()))
            out = s16;
        break;
    case EVR_US:
        if ((good = e.getUint16(u16, i).good()))
            out = u16;
        break;
    case EVR_UL:
        if ((good = e.getUint32(u32, i).good()))
            out = u32;
        break;
    default:
        break;
    }
    return good && std::isfinite(out);
}

int vv_dicom_numbers(const vv_dicom *d, int64_t frame, uint32_t tag, double *out, int max)
{
    try {
        DcmElement *e = find(d, frame, tag);
        if (!e || e->getLengthField() == 0)
            return 0;
        unsigned long n = e->getVM();
        int wanted = n < (unsigned long)max ? (int)n : max;
        for (int i = 0; i < wanted; i++) {
            if (!number_of(*e, (unsigned long)i, out[i]))
                return 0;
        }
        return wanted;
    } catch (...) {
        return 0;
    }
}

bool vv_dicom_text(const vv_dicom *d, int64_t frame, uint32_t tag, int index, char *out, size_t room)
{
    out[0] = 0;
    try {
        DcmElement *e = find(d, frame, tag);
        OFString text;
        if (!e || e->getLengthField() > value_max || (unsigned long)index >= e->getVM() ||
            e->getOFString(text, (unsigned long)index).bad())
            return false;
        size_t n = strlen(text.c_str()); /* up to a NUL inside, which pads a UID */
        while (n > 0 && text[n - 1] == ' ')
            n--;
        if (n == 0 || n >= room)
            return false;
        memcpy(out, text.c_str(), n);
        out[n] = 0;
        return true;
    } catch (...) {
        return false;
    }
}

const uint8_t *vv_dicom_private(const vv_dicom *d, uint16_t group, const char *creator, uint8_t element, size_t *n)
{
    *n = 0;
    try {
        DcmDataset *data = const_cast<DcmDataset *>(&d->data);
        for (unsigned block = 0x10; block <= 0xff; block++) {
            OFString name;
            DcmElement *e = nullptr;
            Uint8 *bytes = nullptr;
            if (data->findAndGetOFString(DcmTagKey(group, (Uint16)block), name).bad() || name != creator)
                continue;
            if (data->findAndGetElement(DcmTagKey(group, (Uint16)(block << 8 | element)), e).bad() ||
                e->getUint8Array(bytes).bad() || !bytes)
                continue;
            *n = e->getLengthField();
            return bytes;
        }
    } catch (...) { /* not there, then */
    }
    return nullptr;
}

vv_dicom_syntax vv_dicom_get_syntax(const vv_dicom *d)
{
    return d->syntax;
}

bool vv_dicom_is_directory(const vv_dicom *d)
{
    return find(d, VV_DICOM_ROOT, 0x00041220) != nullptr;
}
