# Two series of one real visit, a field map and a functional one: the second is carried to, and every volume of it is cleaned.
. "$(dirname "$0")/lib.sh"
heads=$VOXVEIL_DATA/heads
[ -f "$heads/gre_fieldmap_me_partial.nii.gz" ] || skip "the data set is not here"
expect 0 "a visit" "$VOXVEIL" deface --device cpu --study out "$heads/epi_me_fmri_uint16_4d.nii.gz" \
    "$heads/gre_fieldmap_me_partial.nii.gz" --report s.json --mask-out masks
check "found on the field map" grep -q '"pose_from_item":2' s.json
check "and not searched for twice" sh -c '[ "$(grep -o "\"pose_from\":\"own\"" s.json | wc -l)" = 1 ]'
gzip -dc "$heads/epi_me_fmri_uint16_4d.nii.gz" >in.nii
gzip -dc out/epi_me_fmri_uint16_4d.nii.gz >out.nii
gzip -dc masks/epi_me_fmri_uint16_4d.nii.gz >mask.nii
check "every volume changed, and only where the mask is" "$COMPARE_NII" masked in.nii out.nii mask.nii
finish
