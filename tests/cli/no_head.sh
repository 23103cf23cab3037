# Volumes without a head: no_face (passed on as they are) or review (quarantine), never a mangled copy.
. "$(dirname "$0")/lib.sh"

for kind in zero noise box cylinder; do
    "$MAKE_HEAD" in.nii --size 2 --kind "$kind" --text 'DOE^JOHN'
    rm -rf out && mkdir out
    "$VOXVEIL" deface in.nii out/o.nii --device cpu --report r.json --force >stdout.txt 2>stderr.txt
    code=$?
    if [ "$code" -eq 0 ]; then
        check "$kind: the verdict is no_face" "$CHECK_REPORT" r.json verdict=no_face
        check "$kind: no voxel is changed" "$COMPARE_NII" same in.nii out/o.nii
        check "$kind: the text is gone all the same" sh -c '! grep -q DOE out/o.nii'
    else
        check "$kind: 4, not $code" test "$code" -eq 4
        check "$kind: the verdict is review" "$CHECK_REPORT" r.json verdict=review
        check "$kind: nothing at OUT" absent out/o.nii
        check "$kind: the result is in quarantine" test -s out/voxveil-quarantine/o.nii
        check "$kind: its report is its owner's alone" \
            test "$(stat -c %a out/voxveil-quarantine/o.nii.report.json)" = 600
        check "$kind: its report beside it" "$CHECK_REPORT" out/voxveil-quarantine/o.nii.report.json verdict=review
    fi
done
finish
