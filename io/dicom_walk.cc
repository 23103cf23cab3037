/* Through the whole data set, at every depth. */
#include "dicom_file.hh"

extern "C" {
#include "dicom_identity.h"
}

static void count(uint32_t tag, vv_dicom_action action, vv_dicom_identity &out)
{
    uint32_t group = tag >> 16, element = tag & 0xffff;
    if (group & 1)
        out.privates += element > 0xff; /* up to there they name the blocks' creators */
    else if ((group & 0xff00) == 0x5000 || (group & 0xff00) == 0x6000)
        out.overlays++;
    else if (action == VV_DICOM_U || action == VV_DICOM_X_Z_U)
        out.uids++;
    else
        out.attributes++;
}

/* vv_dicom_open has checked how deep this goes. */
static void walk(DcmItem &item, vv_dicom_identity &out)
{
    for (DcmObject *e = item.nextInContainer(nullptr); e; e = item.nextInContainer(e)) {
        uint32_t tag = (uint32_t)e->getGTag() << 16 | e->getETag();
        vv_dicom_action action = vv_dicom_basic_action(tag);
        bool sequence = e->ident() == EVR_SQ;
        /* What stands in a value of unknown kind cannot be seen. */
        if (action == VV_DICOM_KEEP && e->getVR() == EVR_UN)
            action = VV_DICOM_X;
        if (action != VV_DICOM_KEEP && !e->isEmpty())
            count(tag, action, out);
        for (DcmObject *o = nullptr; action == VV_DICOM_KEEP && sequence && (o = e->nextInContainer(o));)
            walk(*static_cast<DcmItem *>(o), out);
    }
}

void vv_dicom_find_identity(const vv_dicom *d, vv_dicom_identity *out)
{
    *out = vv_dicom_identity{};
    try {
        vv_dicom *mine = const_cast<vv_dicom *>(d);
        walk(mine->meta, *out);
        walk(mine->data, *out);
    } catch (...) {
        out->attributes++; /* not known, so not clean */
    }
}
