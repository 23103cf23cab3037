/* Whether a file is DICOM's. */
#include "dicom.h"
#include "dicom_read.h"
#include "nifti.h"
#include <string.h>
#include <sys/stat.h>

static bool is_vr(const uint8_t *p)
{
    static const char all[] = "AEASATCSDADSDTFLFDISLOLTOBODOFOLOWPNSHSLSQSSSTTMUCUIULUNURUSUT";
    for (size_t i = 0; i + 1 < sizeof all; i += 2) {
        if (p[0] == (uint8_t)all[i] && p[1] == (uint8_t)all[i + 1])
            return true;
    }
    return false;
}

/* A data set that starts without the preamble starts with group 0002 or 0008, and a short first value. */
static bool starts_bare(const uint8_t *p, size_t n)
{
    if (n < 16)
        return false;
    unsigned little = p[0] | p[1] << 8, big = p[1] | p[0] << 8, element = p[2] | p[3] << 8;
    if (little == 2 || little == 8) {
        uint32_t length = p[4] | p[5] << 8 | p[6] << 16 | (uint32_t)p[7] << 24;
        return is_vr(p + 4) || (element <= 0x0100 && length <= 64);
    }
    return (big == 2 || big == 8) && is_vr(p + 4);
}

bool vv_dicom_claims(const uint8_t *start, size_t n, bool bare)
{
    return (n >= 132 && memcmp(start + 128, "DICM", 4) == 0) || (bare && starts_bare(start, n));
}

bool vv_dicom_is(const char *path)
{
    struct stat st;
    vv_source s;
    uint8_t start[256];
    size_t got;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    if (vv_source_open(path, &s, NULL) != VV_OK)
        return false;
    bool is = vv_source_read(&s, 0, start, sizeof start, &got, NULL) == VV_OK &&
              vv_dicom_claims(start, got, vv_nifti_parse_name(path).suffix == 0);
    vv_source_close(&s);
    return is;
}
