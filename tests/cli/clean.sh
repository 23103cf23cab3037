# A made head, defaced: what is removed, what is kept, what is said.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 2 --text 'DOE^JOHN'
run() { "$VOXVEIL" deface "$@" --device cpu; }

expect 0 "a head is defaced" run in.nii o.nii --mask-out m.nii --preview p.png --report r.json
check "it is said" says 'clean: removed and verified'
check "the report has every key of its schema, in order" "$CHECK_REPORT" r.json verdict=clean device=cpu \
    input.format=nifti1 input.dtype=int16 output.format=nifti1
check "outside the mask every voxel is the same, inside something changed" "$COMPARE_NII" masked in.nii o.nii m.nii
check "the digest in the report is the file's" "$CHECK_REPORT" r.json "output.sha256=$(sha256sum o.nii | cut -d' ' -f1)"
check "and that of the input" "$CHECK_REPORT" r.json "input.sha256=$(sha256sum in.nii | cut -d' ' -f1)"
check "the report names no file and no patient" sh -c '! grep -q -e DOE -e "\.nii" -e "$0" r.json' "$work"
check "the text is gone" sh -c '! grep -q DOE o.nii'
check "the preview is a PNG" sh -c '[ "$(head -c 4 p.png | tail -c 3)" = PNG ]'

expect 0 "an existing OUT is replaced with --force" run in.nii o.nii --force --quiet
check "--quiet says nothing" test ! -s stderr.txt
expect 0 "the report on standard output" run in.nii o2.nii --report -
check "is the only thing there" "$CHECK_REPORT" stdout.txt verdict=clean
check "the same bytes again" cmp -s o.nii o2.nii
expect 0 "text is kept where asked" run in.nii kept.nii --keep-text
check "it is there" grep -q DOE kept.nii
expect 0 "blur" run in.nii blur.nii --mode blur --mask-out mb.nii
check "blurred voxels are inside the mask" "$COMPARE_NII" masked in.nii blur.nii mb.nii
expect 0 "a fill value" run in.nii fill.nii --fill 7
check "another fill, another file" sh -c '! cmp -s fill.nii o.nii'
expect 0 "progress where asked" run in.nii o3.nii --progress always
check "a bar is drawn" says find
check "a stage is named when it begins" says ' 70% write'
expect 0 "fewer regions" run in.nii o4.nii --regions face --report r4.json --config /dev/null
check "the report names them" sh -c 'grep -q "\"regions\":\[\"face\"\]" r4.json'

for threads in 1 2 3; do
    expect 0 "$threads threads" run in.nii "t$threads.nii.gz" --threads $threads
done
check "the same bytes with 1 and 2 threads" cmp -s t1.nii.gz t2.nii.gz
check "the same bytes with 1 and 3 threads" cmp -s t1.nii.gz t3.nii.gz
check "gzip reads them" sh -c 'gzip -dc t1.nii.gz | cmp -s - o.nii'

"$MAKE_HEAD" in4.nii --size 3 --frames 3
expect 0 "a 4-D file" run in4.nii o4d.nii --mask-out m4.nii
check "every frame is cleaned" "$COMPARE_NII" masked in4.nii o4d.nii m4.nii
"$MAKE_HEAD" inbe.nii --size 2 --big-endian
expect 0 "the other byte order" run inbe.nii obe.nii --mask-out mbe.nii
check "the same mask" cmp -s m.nii mbe.nii
expect 0 "info" "$VOXVEIL" info in.nii --device cpu
check "says what is to be feared" grep -q '"risk":"high"' stdout.txt
expect 0 "info of the result" "$VOXVEIL" info o.nii --device cpu --report i.json
check "an existing report is kept" test "$("$VOXVEIL" info o.nii --device cpu --report i.json 2>/dev/null; echo $?)" = 2
finish
