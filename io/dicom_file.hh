/* dicom_file.hh - what stands behind a vv_dicom. */
#ifndef VV_DICOM_FILE_HH
#define VV_DICOM_FILE_HH
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include "dcmtk/dcmdata/dcpxitem.h"

extern "C" {
#include "alloc.h"
#include "dicom.h"
#include "dicom_inflate.h"
#include "dicom_pixels.h"
}
#include <vector>

struct vv_dicom {
    const vv_source *source; /* borrowed */
    DcmMetaInfo meta;
    DcmDataset data;
    vv_dicom_syntax syntax = VV_DICOM_OTHER;
    uint8_t *inflated = nullptr; /* owned: the data set, where it was deflated */
    vv_source inflated_source{};
    std::vector<DcmItem *> per_frame; /* of the functional groups; borrowed from data */
    DcmItem *shared = nullptr;
    DcmElement *native = nullptr;      /* PixelData; borrowed; NULL: encapsulated, or none */
    std::vector<DcmPixelItem *> items; /* of encapsulated PixelData: the offset table, then the fragments; borrowed */
    std::vector<size_t> first_item;    /* of each frame, then one past the last; made when a frame is first asked for */

    explicit vv_dicom(const vv_source *s) : source(s) {}
    ~vv_dicom();
    vv_dicom(const vv_dicom &) = delete;
    vv_dicom &operator=(const vv_dicom &) = delete;
};

#endif
