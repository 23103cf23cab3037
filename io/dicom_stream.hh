/* dicom_stream.hh - a vv_source as an input stream of DCMTK, which stops a parse that nests too deeply. */
#ifndef VV_DICOM_STREAM_HH
#define VV_DICOM_STREAM_HH
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcistrma.h"

extern "C" {
#include "source.h"
}
#include <vector>

/* Reads the source through a small buffer; skipping reads nothing. */
class VvProducer : public DcmProducer
{
  public:
    VvProducer(const vv_source *source, uint64_t at) : source_(source), at_(at) {}
    OFBool good() const override { return status_ == VV_OK; }
    OFCondition status() const override;
    OFBool eos() override { return at_ >= source_->size; }
    offile_off_t avail() override;
    offile_off_t read(void *out, offile_off_t n) override;
    offile_off_t skip(offile_off_t n) override;
    void putback(offile_off_t n) override;
    vv_status failure() const { return status_; }

  private:
    enum { BUFFER = 1 << 14 };
    bool fill();

    const vv_source *source_;
    uint64_t at_;
    uint64_t start_ = 0; /* of the buffer, in the source */
    size_t held_ = 0;
    vv_status status_ = VV_OK;
    uint8_t buffer_[BUFFER];
};

/* DCMTK's parser calls itself for every level of sequences, and a file can nest as deeply as it is long; and it sorts
 * the elements of an item as they come, which takes the square of their number. Every element is read through here, so
 * the depth of the stack is seen here, and how often a level was read from, whatever the parser took the bytes for. */
class VvInputStream : public DcmInputStream
{
  public:
    VvInputStream(const vv_source *source, uint64_t at);
    OFBool good() const override { return !too_deep_ && !too_many_ && DcmInputStream::good(); }
    OFCondition status() const override;
    offile_off_t read(void *out, offile_off_t n) override;
    DcmInputStreamFactory *newFactory() const override;
    bool too_deep() const { return too_deep_; }
    bool too_many() const { return too_many_; }
    vv_status failure() const { return producer_.failure(); }

  private:
    VvProducer producer_;
    const vv_source *source_;
    uint64_t origin_;
    uintptr_t stack_;
    bool too_deep_ = false, too_many_ = false;
    struct level {
        uintptr_t at;  /* on the stack, which grows downwards */
        int64_t reads; /* since something above was read from */
    };
    std::vector<level> levels_;

    void watch(uintptr_t here);
};

#endif
