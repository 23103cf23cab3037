# Masks that the user brings: what is protected, what is removed in place of the face; and the points written out before
# the face goes.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 2
"$MAKE_HEAD" other.nii --size 2 --view -95,97,-125,127,-135,111
run() { "$VOXVEIL" deface "$@" --device cpu; }
ball() { "$MAKE_HEAD" "$1" --kind ball --dtype uint8 --ball "$2" "${@:3}"; }

expect 0 "a mask is made" run in.nii o.nii --mask-out m.nii --fiducials f.json
expect 0 "and applied to its own image" run in.nii same.nii --apply-mask m.nii --report r.json
check "the same bytes" cmp -s o.nii same.nii
check "the report says so" grep -q '"mask_applied":true' r.json
check "and keeps its schema" "$CHECK_REPORT" r.json verdict=clean
expect 0 "applied to another grid" run other.nii ot.nii --apply-mask m.nii --mask-out mt.nii
check "only what the mask holds changed" "$COMPARE_NII" masked other.nii ot.nii mt.nii
ball nose.nii 0,100,-50,20
refused 4 "a mask that leaves most of the face" in.nii --apply-mask nose.nii --quarantine q
ball all.nii 0,0,0,1000
refused 4 "a mask of everything" in.nii --apply-mask all.nii --quarantine q --report r4.json
check "the brain is why" grep -q '"brain_untouched","value":[1-9][0-9]*,"limit":0,"pass":false' r4.json
ball none.nii 0,0,0,0
refused 3 "an empty mask" in.nii --apply-mask none.nii
refused 3 "an empty mask that protects" in.nii --protect none.nii
ball far.nii 0,0,0,60 --origin 900,0,0
refused 3 "a mask of another place" in.nii --apply-mask far.nii
refused 3 "a mask of another place that protects" in.nii --protect far.nii
printf 'no mask' >text.nii
refused 3 "a text for a mask" in.nii --protect text.nii
expect 2 "OUT is the mask" run in.nii m.nii --apply-mask m.nii --force
expect 2 "the mask is written over" run in.nii o5.nii --protect m.nii --mask-out m.nii --force

# An eye: it stays, and skin enough of the face is gone around it.
ball eye.nii -32,60,-28,9
expect 0 "an eye is protected" run in.nii oe.nii --protect eye.nii --mask-out me.nii --report re.json
check "it is all there" "$COMPARE_NII" kept in.nii oe.nii eye.nii
check "the rest changed as said" "$COMPARE_NII" masked in.nii oe.nii me.nii
check "the report says how much" grep -q '"voxels_protected":[1-9]' re.json
ball eye3.nii -32,60,-28,9 --size 3 --orient PIL
expect 0 "by a mask on another grid" run in.nii oe3.nii --protect eye3.nii
check "no part of it is lost" "$COMPARE_NII" kept in.nii oe3.nii eye.nii
"$MAKE_HEAD" in4.nii --size 3 --frames 3
ball eye4.nii -32,60,-8,9 --size 3
expect 0 "in every frame" run in4.nii oe4.nii --protect eye4.nii
check "of three" "$COMPARE_NII" kept in4.nii oe4.nii eye4.nii
ball face.nii 0,95,-50,45
refused 4 "a face that is protected" in.nii --protect face.nii --quarantine q

# near KEY X Y Z: the point lies within 20 mm of where the made head has it; the atlas is of people, and fits it so well.
near()
{
    sed -n "/AnatomicalLandmarkCoordinates\"/,/}/s/.*\"$1\":[^[]*\[\(.*\)\].*/\1/p" f.json |
        awk -F, -v x="$2" -v y="$3" -v z="$4" '{ d = ($1-x)^2 + ($2-y)^2 + ($3-z)^2 } END { exit !(NR == 1 && d < 400) }'
}
check "the nasion" near NAS 0 92 2
check "the left ear" near LPA -84 -12 -38
check "the right ear" near RPA 84 -12 -38
check "no name of a file in it" sh -c '! grep -q nii f.json'
refused 4 "no points of what is not proven" in.nii --apply-mask nose.nii --quarantine q --fiducials g.json
check "none were written" absent g.json
"$MAKE_HEAD" side.nii --size 2 --view -68,96,-128,128,-136,112
expect 0 "an ear out of the field of view" run side.nii os.nii --fiducials s.json
check "is null" sh -c '[ "$(grep -c "\"LPA\":.*null" s.json)" = 2 ]'
check "the other is not" sh -c '! grep -q "\"RPA\":.*null" s.json'
finish
