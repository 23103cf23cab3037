/* Where a header can hold words, and so a name: its text, and numbers that are none. */
#include "nifti.h"
#include <string.h>

struct field {
    uint16_t at, bytes;
};

/* Offsets: nifti1.h, nifti2.h, and ANALYZE's dbh.h. */
static const struct field nifti1_fields[] = {
    {4, 10},   /* data_type */
    {14, 18},  /* db_name */
    {148, 80}, /* descrip */
    {228, 24}, /* aux_file */
    {328, 16}, /* intent_name */
};
static const struct field nifti2_fields[] = {
    {240, 80}, /* descrip */
    {320, 24}, /* aux_file */
    {508, 16}, /* intent_name */
    {525, 15}, /* unused_str */
};
static const struct field analyze_fields[] = {
    {4, 10},   /* data_type */
    {14, 18},  /* db_name */
    {56, 12},  /* vox_units, cal_units */
    {148, 80}, /* descrip */
    {228, 24}, /* aux_file */
    {263, 53}, /* generated, scannum, patient_id, exp_date, exp_time, hist_un0 */
};
/* Ten characters that SPM uses for the voxel of the origin: five 16-bit numbers, the last two 0. */
static const struct field originator = {253, 10};

static int16_t number(const uint8_t *header, size_t at, bool swapped)
{
    uint16_t x;
    memcpy(&x, header + at, sizeof x);
    return (int16_t)(swapped ? (uint16_t)(x << 8 | x >> 8) : x);
}

/* Whether the originator is a voxel of the grid, and no word: all inside the image's dimensions, and the rest empty. */
static bool origin_is_voxel(const uint8_t *header, bool swapped)
{
    for (int i = 0; i < 3; i++) {
        int x = number(header, originator.at + 2 * (size_t)i, swapped);
        if (x < 1 || x > number(header, 42 + 2 * (size_t)i, swapped))
            return false;
    }
    return number(header, originator.at + 6, swapped) == 0 && number(header, originator.at + 8, swapped) == 0;
}

static bool used(const uint8_t *header, struct field f)
{
    for (size_t i = 0; i < f.bytes; i++) {
        if (header[f.at + i] != 0 && header[f.at + i] != ' ')
            return true;
    }
    return false;
}

static const struct field *fields_of(int version, size_t *count)
{
    *count = version == 2   ? sizeof nifti2_fields / sizeof nifti2_fields[0]
             : version == 1 ? sizeof nifti1_fields / sizeof nifti1_fields[0]
                            : sizeof analyze_fields / sizeof analyze_fields[0];
    return version == 2 ? nifti2_fields : version == 1 ? nifti1_fields : analyze_fields;
}

bool vv_nifti_has_text(const uint8_t *header, int version, bool swapped)
{
    size_t count;
    const struct field *f = fields_of(version, &count);
    for (size_t i = 0; i < count; i++) {
        if (used(header, f[i]))
            return true;
    }
    if (version == 0 && used(header, originator) && !origin_is_voxel(header, swapped))
        return true;
    uint8_t copy[VV_N2_BYTES];
    memcpy(copy, header, vv_nifti_header_bytes(version));
    return vv_nifti_clean_numbers(copy, version, swapped);
}

void vv_nifti_clear_text(uint8_t *header, int version, bool swapped)
{
    size_t count;
    const struct field *f = fields_of(version, &count);
    for (size_t i = 0; i < count; i++)
        memset(header + f[i].at, 0, f[i].bytes);
    if (version == 0 && !origin_is_voxel(header, swapped))
        memset(header + originator.at, 0, originator.bytes);
    (void)vv_nifti_clean_numbers(header, version, swapped);
}

bool vv_nifti_has_extra(const uint8_t *extra, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (extra[i])
            return true;
    }
    return false;
}
