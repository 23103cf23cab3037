# What other programs for this task have got wrong, each on a made head whose face is known.
. "$(dirname "$0")/lib.sh"
run() { "$VOXVEIL" deface "$@" --device cpu; }
# Nose, lips and chin of the made head, mm; nothing of them is behind the plane y = 88.
face="-15 15 88 125 -95 -15"

# Thick slices: the mask must reach through all of them, not touch a strip.
for slices in 1.5,1.5,5 1.5,5,1.5 4,1.5,1.5; do
    "$MAKE_HEAD" thick.nii --spacing $slices
    expect 0 "slices of $slices mm" run thick.nii o.nii --force
    check "nothing of the face is left in any" "$COMPARE_NII" gone thick.nii o.nii $face 40
done

# A 4-D file as long in time as in space: every frame is cleaned, and the mask lies along the axes of space. Several
# frames at 4 mm are no head to find surely: the pose is carried from a better series.
"$MAKE_HEAD" t1.nii --size 2
"$MAKE_HEAD" cube.nii --size 8 --view -128,128,-128,128,-140,116 --frames 32
"$MAKE_HEAD" frames.nii --size 4 --frames 3
"$MAKE_HEAD" ct.nii --contrast ct --spacing 2,2,3
expect 0 "a visit" "$VOXVEIL" deface --device cpu --study out t1.nii cube.nii frames.nii ct.nii --mask-out masks
for name in cube frames ct; do
    gzip -dc masks/$name.nii.gz >m.nii
    check "$name: every frame changed, and only where the mask is" "$COMPARE_NII" masked $name.nii out/$name.nii m.nii
done
check "32 frames in a cube: no face in any" "$COMPARE_NII" gone cube.nii out/cube.nii $face 60
check "3 frames: no face in any" "$COMPARE_NII" gone frames.nii out/frames.nii $face 60

# CT: what is kept keeps its sign (told above, by the bytes), what goes becomes air, and air is -1000, not 0.
check "CT: no face, above fat" "$COMPARE_NII" gone ct.nii out/ct.nii $face -200
gzip -dc masks/ct.nii.gz >m.nii
check "CT: air in its place" "$COMPARE_NII" level ct.nii out/ct.nii m.nii -1000 -990

# A head without its face: it stays as it is, or nothing but the same mask changes, or a person is asked.
expect 0 "a first run" run t1.nii first.nii --mask-out first_mask.nii
run first.nii second.nii --quiet 2>/dev/null
code=$?
if [ $code -eq 0 ]; then
    "$MAKE_HEAD" all.nii --kind ball --dtype uint8 --ball 0,-20,60,40
    check "a second run leaves the crown alone" "$COMPARE_NII" kept first.nii second.nii all.nii
else
    check "a second run asks a person" test $code -eq 4
fi
finish
