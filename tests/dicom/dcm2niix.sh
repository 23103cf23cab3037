#!/bin/bash
# The geometry and voxels of every even series of the data set are those that dcm2niix gives.
#   bash dcm2niix.sh LIKE_NIFTI DATA
set -u
like=$1 series=$2/dicom/series
command -v dcm2niix >/dev/null || { echo "skipped: dcm2niix is not installed"; exit 77; }
[ -d "$series" ] || { echo "skipped: the data set is not there"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# same SERIES MM
same()
{
    dcm2niix -b n -f "$1" -o "$work" "$series/$1" >/dev/null 2>&1
    if "$like" "$series/$1" "$work/$1.nii" "$2"; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        failures=$((failures + 1))
    fi
}

same decubitus_HFS_T1 0.001
same xa30_T1_enhanced_multiframe 0.001
# Its positions are rounded, so that its gaps are 6.96 to 7.07 mm; dcm2niix takes the first (7.07) for all 19, we their mean.
same papaya_PD_axial 1.35
# gehispeed_CT_tilt has two spacings, which dcm2niix puts into one affine; test_stack.c works such a stack out by hand.
exit "$failures"
