#include "dicom_identity.h"
#include <stddef.h>

static const struct {
    uint32_t tag;
    vv_dicom_action action;
} table[] = {
#define ATTRIBUTE(tag, action) {tag, VV_DICOM_##action},
#include "dicom_basic.def"
#undef ATTRIBUTE
};

vv_dicom_action vv_dicom_basic_action(uint32_t tag)
{
    uint32_t group = tag >> 16, repeating = group & 0xff00, element = tag & 0xffff;
    if ((group & 1) || repeating == 0x5000 || (repeating == 0x6000 && (element == 0x3000 || element == 0x4000)))
        return VV_DICOM_X;
    size_t low = 0, high = sizeof table / sizeof table[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table[middle].tag < tag)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof table / sizeof table[0] && table[low].tag == tag ? table[low].action : VV_DICOM_KEEP;
}
