# --mode brain on a made head. Its brain is an ellipsoid that no skull base cuts, which is no brain's shape: the result must
# be held back, whatever else is right about it. What stays of brains that are some is in the test heads_brain.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 2
run() { "$VOXVEIL" deface "$@" --mode brain --force; }
held() { ls "$1"/*.nii | head -n 1; }
same_result() { cmp -s "$(held q)" "$(held "$1")"; }
failed() { grep -q "\"name\":\"$1\",[^}]*\"pass\":false" r.json; }
passed() { grep -q "\"name\":\"$1\",[^}]*\"pass\":true" r.json; }

expect 4 "a brain of no brain's shape is held back" run in.nii o.nii --device cpu --mask-out m.nii --report r.json --quarantine q
check "for its shape" failed brain_shape_mm
check "and for nothing else" sh -c '[ "$(grep -o "\"pass\":false" r.json | wc -l)" = 1 ]'
check "its core is whole" passed brain_untouched
check "outside the mask every voxel is the same, inside something changed" "$COMPARE_NII" masked in.nii "$(held q)" m.nii
# Balls in the lobes and the cerebellum stay, balls in the scalp, the nose, the jaw and the neck go.
for ball in 0,60,10,5 0,-90,10,5 55,-16,11,5 -55,-16,11,5 0,-16,75,5 -30,-55,-35,8; do
    "$MAKE_HEAD" b.nii --kind ball --ball "$ball" --size 2 --dtype uint8
    check "the brain at $ball stays" "$COMPARE_NII" kept in.nii "$(held q)" b.nii
done
"$MAKE_HEAD" all.nii --kind ball --ball 0,0,0,1000 --size 2 --dtype uint8
for ball in 0,88,20,3 0,86,-10,5 0,50,-60,10 0,90,-92,5 -80,-18,-38,5 0,-32,-120,8; do
    "$MAKE_HEAD" b.nii --kind ball --ball "$ball" --size 2 --dtype uint8
    check "what is at $ball goes" "$COMPARE_NII" kept m.nii all.nii b.nii
done

printf 'mode = brain\n' >c.ini
expect 4 "a configuration file may ask for it" "$VOXVEIL" deface in.nii o.nii --device cpu --config c.ini --quarantine q2
check "the same bytes" same_result q2
expect 4 "three threads" run in.nii o.nii --device cpu --threads 3 --quarantine q3
check "the same bytes again" same_result q3
if "$VOXVEIL" devices | grep -q '"name":"opencl[^}]*"self_test":"pass"'; then
    expect 4 "OpenCL" run in.nii o.nii --device opencl --quarantine q4
    check "the same bytes there" same_result q4
fi
"$MAKE_HEAD" in4.nii --size 4 --frames 3
expect 4 "a 4-D file" run in4.nii o.nii --device cpu --mask-out m4.nii --quarantine q5
check "one mask for every frame" "$COMPARE_NII" masked in4.nii "$(held q5)" m4.nii

refused 2 "regions beside it" in.nii --mode brain --regions face
refused 2 "a mask to apply beside it" in.nii --mode brain --apply-mask m.nii
# The lower face alone: all of it would go.
"$MAKE_HEAD" low.nii --size 2 --view -96,96,-128,128,-136,-70
refused 4 "no brain in view" low.nii --mode brain --quarantine ql
finish
