# The heads among the DICOM series of the data set: a face is found in each, and what is defaced of them is NIfTI without it.
[ -n "${CORPUS:-}" ] || { echo "skipped: built without DICOM"; exit 77; }
. "$(dirname "$0")/lib.sh"
series=$VOXVEIL_DATA/dicom/series
[ -d "$series" ] || skip "the data set is not there"
info() { "$VOXVEIL" info "$@" --device cpu; }
holds() { grep -q -e "$1" stdout.txt; }

for name in decubitus_HFS_T1 gehispeed_CT_tilt papaya_PD_axial; do
    expect 0 "info on $name" info "$series/$name"
    check "$name shows a face" holds '"verdict":"face","input":{"format":"dicom"'
done
# A strong surface coil: two fits lie 9 mm apart, and the answer may be that a person has to look.
expect 0 "info on an enhanced series" info "$series/xa30_T1_enhanced_multiframe"
check "it is not said to hold no face" holds '"verdict":"\(face\|review\)",.*"input":{"format":"dicom"'
expect 0 "info on one file of a series" info "$(find "$series/decubitus_HFS_T1" -type f | head -n 1)"
check "is on the series" holds '"images":35,"other_files":0,"unreadable":0'

expect 0 "a series to NIfTI" "$VOXVEIL" deface "$series/decubitus_HFS_T1" o.nii.gz --device cpu --report r.json --mask-out m.nii
check "its report" "$CHECK_REPORT" r.json verdict=clean input.format=dicom output.format=nifti1
expect 0 "verify holds the result against the series" "$VOXVEIL" verify "$series/decubitus_HFS_T1" o.nii.gz --device cpu
expect 0 "info on the result" info o.nii.gz
check "no text" holds '"header_text":false'
refused 3 "a series of two spacings" "$series/gehispeed_CT_tilt"
check "says so" says 'evenly spaced'
finish
