/* like_nifti SERIES NIFTI MM: whether the one stack of a DICOM series and a NIfTI file that another tool made of it are
 * the same image: each voxel of the one lies within MM of one of the other, and has the same value. The axes may run in
 * another order and direction. */
#include "alloc.h"
#include "dicom_series.h"
#include "format.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double value_of(const vv_volume *v, int64_t i)
{
    double x = 0;
    switch (v->dtype) {
    case VV_DT_U8:
        x = ((const uint8_t *)v->data)[i];
        break;
    case VV_DT_U16:
        x = ((const uint16_t *)v->data)[i];
        break;
    case VV_DT_I16:
        x = ((const int16_t *)v->data)[i];
        break;
    case VV_DT_F32:
        x = ((const float *)v->data)[i];
        break;
    default:
        fprintf(stderr, "a type that this test does not know\n");
        exit(1);
    }
    return x * v->slope + v->inter;
}

/* Where voxel p of the one lies in the other, and how far from a voxel's centre (mm); -1: outside. */
static int64_t place_in(const vv_volume *to, const double across[12], const int64_t p[3], double *off)
{
    int64_t at[3];
    double rest[3], d2 = 0;
    for (int a = 0; a < 3; a++) {
        double x = across[4 * a + 3];
        for (int b = 0; b < 3; b++)
            x += across[4 * a + b] * (double)p[b];
        at[a] = (int64_t)floor(x + 0.5);
        rest[a] = x - (double)at[a];
        if (at[a] < 0 || at[a] >= to->dims[a])
            return -1;
    }
    for (int a = 0; a < 3; a++) {
        double mm = 0;
        for (int b = 0; b < 3; b++)
            mm += to->affine[4 * a + b] * rest[b];
        d2 += mm * mm;
    }
    *off = fmax(*off, sqrt(d2));
    return (at[2] * to->dims[1] + at[1]) * to->dims[0] + at[0];
}

static int compare(const vv_volume *ours, const vv_volume *theirs, double limit)
{
    double inverse[12], across[12], off = 0;
    int64_t different = 0, outside = 0;
    if (vv_volume_voxels(ours) != vv_volume_voxels(theirs) || !vv_affine_invert(theirs->affine, inverse)) {
        printf("other dimensions\n");
        return 1;
    }
    vv_affine_compose(inverse, ours->affine, across);
    int64_t p[3], i = 0;
    for (p[2] = 0; p[2] < ours->dims[2]; p[2]++) {
        for (p[1] = 0; p[1] < ours->dims[1]; p[1]++) {
            for (p[0] = 0; p[0] < ours->dims[0]; p[0]++, i++) {
                int64_t there = place_in(theirs, across, p, &off);
                outside += there < 0;
                different += there >= 0 && value_of(ours, i) != value_of(theirs, there);
            }
        }
    }
    printf("%.4f mm apart at most, %lld values differ, %lld voxels outside\n", off, (long long)different,
           (long long)outside);
    return off > limit || different > 0 || outside > 0;
}

int main(int argc, char **argv)
{
    vv_err err = {0};
    vv_pool *pool = NULL;
    vv_dicom_series *series;
    vv_volume ours;
    vv_read_result theirs;
    char sha256[65];
    if (argc != 4)
        return 2;
    vv_status status = vv_pool_create(1, &pool, &err);
    if (status == VV_OK)
        status = vv_dicom_series_open(argv[1], &series, &err);
    if (status == VV_OK)
        status = vv_dicom_series_read(series, 0, &ours, sha256, &err);
    if (status == VV_OK)
        status = vv_file_read(argv[2], pool, &theirs, &err);
    if (status != VV_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    int different = compare(&ours, &theirs.volume, atof(argv[3]));
    vv_file_close(&theirs);
    vv_free(ours.data);
    vv_dicom_series_close(&series);
    vv_pool_destroy(&pool);
    return different;
}
