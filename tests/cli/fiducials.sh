# The points written out before the face goes, against landmarks from an independent registration (good to about 8 mm).
. "$(dirname "$0")/lib.sh"
marks=$VOXVEIL_DATA/heads/landmarks.csv
[ -f "$marks" ] || skip "the data set is not here"

# within MM FILE LANDMARK KEY: the point KEY of f.json lies that near the landmark.
within()
{
    local want got
    want=$(awk -F, -v f="$2" -v k="$3" '$1 == f && $2 == k && $3 != "" { print $3, $4, $5 }' "$marks")
    [ -n "$want" ] || return 0
    got=$(sed -n "/AnatomicalLandmarkCoordinates\"/,/}/s/.*\"$4\":[^[]*\[\(.*\)\].*/\1/p" f.json | tr -d ,)
    echo "$want $got" | awk -v mm="$1" '{ exit !(NF == 6 && ($1-$4)^2 + ($2-$5)^2 + ($3-$6)^2 < mm * mm) }'
}

heads=$(cd "$VOXVEIL_DATA/heads" && ls ixi/*_T1.nii.gz | sed -n '5p;45p;85p')
for head in $heads dcmqaasl_T1_mprage_CR.nii.gz; do
    expect 0 "a head" "$VOXVEIL" deface "$VOXVEIL_DATA/heads/$head" o.nii --device cpu --fiducials f.json --force
    check "its nasion" within 10 "$head" nasion NAS
    check "its left ear" within 14 "$head" ear_l LPA
    check "its right ear" within 14 "$head" ear_r RPA
done
finish
