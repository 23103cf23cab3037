#!/bin/bash
# Makes the pictures of docs/previews.md: Colin 27 (Debian's mricron-data; no other person is shown) and the atlas's average
# head, with each mode and each region.
#   bash docs/previews.sh VOXVEIL [COLIN27.nii.gz]
set -eu
voxveil=$(realpath "${1:?give the voxveil command}")
colin=$(realpath "${2:-/usr/share/mricron/templates/ch2.nii.gz}")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# sheet NAME IN [option...]
sheet()
{
    local name=$1 in=$2
    shift 2
    "$voxveil" deface "$in" "$work/out.nii.gz" --force --quiet --device cpu --quarantine "$work" \
        --preview "docs/previews/$name.png" "$@"
}

mkdir -p docs/previews
rm -f docs/previews/{mode,region,average}-*.png
for mode in remove blur noise reface brain; do
    sheet "mode-$mode" "$colin" --mode "$mode"
done
for region in ears eyes forehead; do
    sheet "region-$region" "$colin" --regions "$region"
done
# Colin 27's field of view ends above the mouth
sheet region-teeth models/atlas/atlas_t1.nii.gz --regions teeth
sheet average-reface models/atlas/atlas_t1.nii.gz --mode reface
