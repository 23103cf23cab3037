# Each region and each mode on a made head: outside the mask nothing changes, inside it every frame does.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 2
run() { "$VOXVEIL" deface "$@" --device cpu --force; }

for regions in face ears teeth eyes forehead eyes,teeth face,ears,teeth,eyes,forehead,ghosts; do
    expect 0 "$regions" run in.nii o.nii --regions $regions --mask-out m.nii --report r.json
    check "$regions: only the mask changed" "$COMPARE_NII" masked in.nii o.nii m.nii
    check "$regions: the report names them" "$CHECK_REPORT" r.json verdict=clean
    cp m.nii "mask-$regions.nii"
done
check "eyes and teeth are other masks" sh -c '! cmp -s mask-eyes.nii mask-teeth.nii'
check "two regions are more than one" sh -c '! cmp -s mask-eyes.nii mask-eyes,teeth.nii'
check "default and all are not the same" sh -c '! cmp -s mask-face.nii mask-face,ears,teeth,eyes,forehead,ghosts.nii'

for type in uint8 float32; do
    "$MAKE_HEAD" in4.nii --size 3 --dtype $type --frames 2
    for mode in noise reface; do
        expect 0 "$mode of two frames of $type" run in4.nii $mode.nii --mode $mode --mask-out m.nii
        check "$mode, $type: only the mask changed" "$COMPARE_NII" masked in4.nii $mode.nii m.nii
        expect 0 "$mode of $type again" run in4.nii again.nii --mode $mode --threads 3
        check "$mode, $type: the same bytes again, with other threads" cmp -s $mode.nii again.nii
    done
    check "$type: the modes differ" sh -c '! cmp -s noise.nii reface.nii'
done
finish
