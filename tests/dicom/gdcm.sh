#!/bin/bash
# Every losslessly compressed image of the data set decodes to the frames that GDCM decodes it to.
#   bash gdcm.sh FRAMES_ALIKE DATA
set -u
alike=$1 data=$2/dicom
command -v gdcmconv >/dev/null || { echo "skipped: gdcmconv (libgdcm-tools) is not installed"; exit 77; }
[ -d "$data" ] || { echo "skipped: the data set is not there"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lossless='1\.2\.840\.10008\.1\.2\.(5|4\.57|4\.70|4\.80|4\.90)$'
checked=0 failures=0

while read -r file; do
    # GDCM mixes up the bytes of colours of more than 8 bits in RLE; pydicom decodes these four as we do.
    case $file in *SC_rgb_rle_16bit* | *SC_rgb_rle_32bit*) continue ;; esac
    # The transfer syntax is among the first texts of a file.
    head -c 1024 "$file" | strings -n 15 | grep -qE "$lossless" || continue
    gdcmconv --raw "$file" "$work/raw.dcm" >/dev/null 2>&1 || continue
    checked=$((checked + 1))
    "$alike" "$file" "$work/raw.dcm" || { echo "not ok - $(basename "$file")"; failures=$((failures + 1)); }
done < <(find "$data" -type f | sort)
echo "$checked images, $failures differ"
[ "$checked" -ge 20 ] && [ "$failures" -eq 0 ]
