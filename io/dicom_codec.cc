/* RLE, JPEG and JPEG-LS through DCMTK's codecs. A codec reads an image object, so each frame is put into one of its
 * own, with a single fragment: what offset tables and other frames are like then plays no part. */
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include "dcmtk/dcmdata/dcpxitem.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"

extern "C" {
#include "alloc.h"
#include "dicom_pixels.h"
}
#include <cstring>
#include <memory>
#include <mutex>
#include <new>

static void register_codecs()
{
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

static E_TransferSyntax xfer_of(vv_dicom_syntax syntax)
{
    switch (syntax) {
    case VV_DICOM_RLE:
        return EXS_RLELossless;
    case VV_DICOM_JPEG_BASELINE:
        return EXS_JPEGProcess1;
    case VV_DICOM_JPEG_EXTENDED:
        return EXS_JPEGProcess2_4;
    case VV_DICOM_JPEG_LOSSLESS:
        return EXS_JPEGProcess14;
    case VV_DICOM_JPEG_LOSSLESS_SV1:
        return EXS_JPEGProcess14SV1;
    case VV_DICOM_JPEGLS:
        return EXS_JPEGLSLossless;
    case VV_DICOM_JPEGLS_NEAR:
        return EXS_JPEGLSLossy;
    default:
        return EXS_Unknown;
    }
}

static const char *name_of(vv_dicom_colour colour)
{
    switch (colour) {
    case VV_DICOM_MONO1:
        return "MONOCHROME1";
    case VV_DICOM_PALETTE:
        return "PALETTE COLOR";
    case VV_DICOM_RGB:
        return "RGB";
    case VV_DICOM_YBR_FULL:
        return "YBR_FULL";
    case VV_DICOM_YBR_422:
        return "YBR_FULL_422";
    default:
        return "MONOCHROME2";
    }
}

static bool describe(DcmDataset &image, const vv_codec_frame &f, int bits)
{
    return image.putAndInsertUint16(DCM_SamplesPerPixel, (Uint16)f.samples).good() &&
           image.putAndInsertString(DCM_PhotometricInterpretation, name_of(f.colour)).good() &&
           (f.samples == 1 || image.putAndInsertUint16(DCM_PlanarConfiguration, 0).good()) &&
           image.putAndInsertString(DCM_NumberOfFrames, "1").good() &&
           image.putAndInsertUint16(DCM_Rows, (Uint16)f.rows).good() &&
           image.putAndInsertUint16(DCM_Columns, (Uint16)f.columns).good() &&
           image.putAndInsertUint16(DCM_BitsAllocated, (Uint16)bits).good() &&
           image.putAndInsertUint16(DCM_BitsStored, (Uint16)bits).good() &&
           image.putAndInsertUint16(DCM_HighBit, (Uint16)(bits - 1)).good() &&
           image.putAndInsertUint16(DCM_PixelRepresentation, f.is_signed).good();
}

/* The image's PixelData, owned by the image: an empty offset table and one fragment. */
static DcmPixelData *insert_pixels(DcmDataset &image, E_TransferSyntax xfer, const uint8_t *bytes, size_t n)
{
    std::unique_ptr<DcmPixelSequence> pieces(new DcmPixelSequence(DcmTag(DCM_PixelData, EVR_OB)));
    for (int i = 0; i < 2; i++) {
        std::unique_ptr<DcmPixelItem> item(new DcmPixelItem(DcmTag(DCM_PixelItemTag)));
        if ((i == 1 && item->putUint8Array(bytes, (unsigned long)n).bad()) || pieces->insert(item.get()).bad())
            return nullptr;
        item.release();
    }
    std::unique_ptr<DcmPixelData> pixels(new DcmPixelData(DCM_PixelData));
    pixels->putOriginalRepresentation(xfer, nullptr, pieces.release());
    if (image.insert(pixels.get()).bad())
        return nullptr;
    return pixels.release();
}

static vv_status decode(const vv_codec_frame &f, int bits, const uint8_t *bytes, size_t n, void *out, size_t room,
                        vv_err *err)
{
    DcmDataset image;
    DcmPixelData *pixels = describe(image, f, bits) ? insert_pixels(image, xfer_of(f.syntax), bytes, n) : nullptr;
    if (!pixels)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    Uint32 fragment = 1;
    OFString model;
    OFCondition result = pixels->getUncompressedFrame(&image, 0, fragment, out, (Uint32)room, model);
    if (result == EC_MemoryExhausted)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    if (result.bad())
        return vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels are damaged; get a whole copy of the file");
    return VV_OK;
}

/* Bytes in the low half of a buffer of words become words, from the end. */
static void widen(uint8_t *bytes, size_t samples)
{
    uint16_t word;
    for (size_t i = samples; i-- > 0;) {
        word = bytes[i];
        memcpy(bytes + 2 * i, &word, 2);
    }
}

static vv_status check_head(const vv_codec_frame &f, const uint8_t *bytes, size_t n, int &bits, vv_err *err)
{
    vv_jpeg_head head;
    if (!vv_jpeg_read_head(bytes, n, &head))
        return vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels are no JPEG; get a whole copy of the file");
    if (head.columns != f.columns || head.rows != f.rows || head.samples != f.samples)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels are of another size than the header says");
    bits = head.precision <= 8 ? 8 : 16;
    if (bits > f.bits)
        return vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels have more bits than the header says");
    return VV_OK;
}

vv_status vv_codec_decode(const vv_codec_frame *f, const uint8_t *bytes, size_t n, void *out, size_t room, vv_err *err)
{
    int bits = f->bits;
    size_t samples = (size_t)f->columns * (size_t)f->rows * (size_t)f->samples;
    vv_status status = f->syntax == VV_DICOM_RLE ? VV_OK : check_head(*f, bytes, n, bits, err);
    if (status != VV_OK)
        return status;
    if (n > UINT32_MAX - 1 || room > UINT32_MAX - 1)
        return vv_fail(err, VV_E_REFUSED, "dicom", "a frame is over 4 GiB");
    /* The codecs want one byte more where a frame's size is odd. */
    size_t frame = samples * (size_t)bits / 8, with_pad = frame + (frame & 1);
    if (room < samples * (size_t)f->bits / 8)
        return vv_fail(err, VV_E_INTERNAL, "dicom", "no room for a frame");
    uint8_t *whole = (uint8_t *)vv_calloc(with_pad, 1);
    if (!whole)
        return vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    try {
        register_codecs();
        status = decode(*f, bits, bytes, n, whole, with_pad, err);
    } catch (const std::bad_alloc &) {
        status = vv_fail(err, VV_E_RESOURCE, "dicom", "out of memory");
    } catch (...) {
        status = vv_fail(err, VV_E_REFUSED, "dicom", "the compressed pixels cannot be decoded");
    }
    if (status == VV_OK) {
        memcpy(out, whole, frame);
        if (bits < f->bits)
            widen((uint8_t *)out, samples);
    }
    vv_free(whole);
    return status;
}
