#include "dicom_stream.hh"
#include "dcmtk/dcmdata/dcerror.h"
#include <algorithm>
#include <cstring>

/* A level takes about 1 KiB of stack; no real file has more than some ten of them, and a thread has at least 8 times
 * this much. */
static const uintptr_t stack_max = 96 << 10;
/* An element takes up to five reads at its item's level. No real item has a thousand elements. */
static const int64_t reads_max = 5 * 4096;

OFCondition VvProducer::status() const
{
    return status_ == VV_OK ? EC_Normal : EC_InvalidStream;
}

offile_off_t VvProducer::avail()
{
    return at_ < source_->size ? (offile_off_t)(source_->size - at_) : 0;
}

/* Makes the buffer hold what follows at_. */
bool VvProducer::fill()
{
    if (at_ >= start_ && at_ < start_ + held_)
        return true;
    start_ = at_;
    held_ = 0;
    if (status_ == VV_OK)
        status_ = vv_source_read(source_, at_, buffer_, BUFFER, &held_, nullptr);
    return held_ > 0;
}

offile_off_t VvProducer::read(void *out, offile_off_t n)
{
    offile_off_t done = 0;
    /* Long values pass the buffer by. */
    if (n > BUFFER) {
        size_t got = 0;
        if (status_ == VV_OK)
            status_ = vv_source_read(source_, at_, out, (size_t)n, &got, nullptr);
        at_ += got;
        return (offile_off_t)got;
    }
    while (done < n && fill()) {
        size_t from = (size_t)(at_ - start_), some = std::min((size_t)(n - done), held_ - from);
        memcpy((uint8_t *)out + done, buffer_ + from, some);
        at_ += some;
        done += (offile_off_t)some;
    }
    return done;
}

offile_off_t VvProducer::skip(offile_off_t n)
{
    offile_off_t some = std::min(n, avail());
    at_ += (uint64_t)some;
    return some;
}

void VvProducer::putback(offile_off_t n)
{
    at_ = (uint64_t)n <= at_ ? at_ - (uint64_t)n : 0;
}

/* Reads one long value when it is asked for. */
class VvFactory : public DcmInputStreamFactory
{
  public:
    VvFactory(const vv_source *source, uint64_t at) : source_(source), at_(at) {}
    DcmInputStream *create() const override { return new VvInputStream(source_, at_); }
    DcmInputStreamFactory *clone() const override { return new VvFactory(source_, at_); }
    DcmInputStreamFactoryType ident() const override { return DFT_DcmInputFileStreamFactory; }

  private:
    const vv_source *source_;
    uint64_t at_;
};

VvInputStream::VvInputStream(const vv_source *source, uint64_t at)
    : DcmInputStream(&producer_), producer_(source, at), source_(source), origin_(at),
      stack_((uintptr_t)__builtin_frame_address(0))
{
}

OFCondition VvInputStream::status() const
{
    return too_deep_ || too_many_ ? EC_InvalidStream : DcmInputStream::status();
}

void VvInputStream::watch(uintptr_t here)
{
    if ((here > stack_ ? here - stack_ : stack_ - here) > stack_max)
        too_deep_ = true;
    while (!levels_.empty() && levels_.back().at < here)
        levels_.pop_back();
    if (levels_.empty() || levels_.back().at > here)
        levels_.push_back({here, 0});
    if (++levels_.back().reads > reads_max)
        too_many_ = true;
}

offile_off_t VvInputStream::read(void *out, offile_off_t n)
{
    watch((uintptr_t)__builtin_frame_address(0));
    offile_off_t got = too_deep_ || too_many_ ? 0 : DcmInputStream::read(out, n);
    /* Group FFFE, in either byte order: an item of a sequence, of which there may be any number. Its element and length
     * are two reads more. */
    static const uint8_t item[3] = {0xff, 0xfe, 0xff};
    if (got == 2 && n == 2 && (memcmp(out, item, 2) == 0 || memcmp(out, item + 1, 2) == 0))
        levels_.back().reads -= 3;
    return got;
}

DcmInputStreamFactory *VvInputStream::newFactory() const
{
    return new VvFactory(source_, origin_ + (uint64_t)tell());
}
