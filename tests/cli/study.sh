# Several series of one visit: found on the best, carried to all, each asked whether it agrees.
. "$(dirname "$0")/lib.sh"
mkdir in other
"$MAKE_HEAD" in/t1.nii --size 2
"$MAKE_HEAD" in/t2.nii --contrast t2 --spacing 2,2,5 --view -90,94,-120,124,-130,110
"$MAKE_HEAD" in/ct.nii --contrast ct --spacing 2,2,3 --view -100,100,-140,110,-120,60
"$MAKE_HEAD" in/flat.nii --contrast flat
"$MAKE_HEAD" in/frames.nii --frames 3 --size 4
study() { "$VOXVEIL" deface --device cpu --study "$@"; }
# item K KEY: the value of KEY in the K-th report of s.json
item() { sed 's/"schema":"voxveil.report/\n&/g' s.json | sed -n "$(($1 + 1))p" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; }
is() { [ "$1" = "$2" ]; }

expect 0 "five series" study out in/t1.nii in/t2.nii in/ct.nii in/flat.nii in/frames.nii --report s.json --mask-out masks \
    --fiducials points
check "it is said" says 'clean: every series is done'
check "one report with all" grep -q '^{"schema":"voxveil.study/1".*"summary":{"items":5,"clean":5,"no_face":0,"review":0' s.json
check "and no name in it" sh -c '! grep -q -e "\.nii" -e "$0" s.json' "$work"
check "found on the T1" grep -q '"pose_from_item":1' s.json
for name in t1 t2 ct flat frames; do
    gzip -dc "masks/$name.nii.gz" >m.nii
    check "$name: only what the mask says changed" "$COMPARE_NII" masked "in/$name.nii" "out/$name.nii" m.nii
done
gzip -dc masks/t1.nii.gz >t1.nii
gzip -dc masks/flat.nii.gz >flat.nii
check "the one that shows nothing is taken at the header's word" is "$(item 4 pose_from)" carried
"$VOXVEIL" deface in/t1.nii alone.nii --device cpu --regions face,ears --mask-out ma.nii --quiet
expect 0 "without ghosts" study plain in/flat.nii in/t1.nii --regions face,ears --mask-out pm --quiet
check "its mask is that of the T1" sh -c 'gzip -dc pm/flat.nii.gz | cmp -s - ma.nii'
check "the T1 is as if alone" cmp -s alone.nii plain/t1.nii

expect 0 "another order" study again in/frames.nii in/flat.nii in/t2.nii in/t1.nii in/ct.nii --threads 1
for name in t1 t2 ct flat frames; do
    check "$name: the same bytes" cmp -s "out/$name.nii" "again/$name.nii"
done

# Between the series the head moved by 12 mm forwards: what is taken out must move with it.
"$MAKE_HEAD" in/moved.nii --contrast t2 --move 0,12,0,0 --spacing 2,2,3
expect 0 "a head that moved" study moved in/t1.nii in/moved.nii --report s.json --force --fiducials mp
check "its place was fitted" is "$(item 2 pose_from)" fitted
ear_y() { sed -n '/Coordinates"/,/}/s/.*"LPA":[^[]*\[[^,]*, *\([^,]*\),.*/\1/p' "$1"; }
check "by what it moved" awk -v a="$(ear_y mp/t1.json)" -v b="$(ear_y mp/moved.json)" \
    'BEGIN { exit !(b - a > 8 && b - a < 16) }'

# A header that turns the head back to front: never masked where the study says that it is.
"$MAKE_HEAD" in/wrong.nii --contrast t2 --header LPS
study wrong in/t1.nii in/wrong.nii --report s.json --force --quiet 2>/dev/null
check "a wrong header is not believed" is "$(item 2 pose_from)" own
"$MAKE_HEAD" in/off.nii --contrast t2 --spacing 2,2,3 --origin 0,-100,0
study off in/t1.nii in/off.nii --report s.json --force --quiet 2>/dev/null
check "nor one that puts it beside" is "$(item 2 pose_from)" own
"$MAKE_HEAD" other/beside.nii --kind noise --origin 400,0,0
study beside in/t1.nii other/beside.nii --quiet 2>/dev/null
check "what the head is not in" is $? 4

expect 4 "nothing to find a head by" study none in/flat.nii --quarantine q --report n.json
check "no output" absent none/flat.nii
check "the report says review" grep -q '"verdict":"review","summary":{"items":1,' n.json
cp in/t2.nii other/t1.nii
expect 2 "two inputs of one name" study twice in/t1.nii other/t1.nii
check "no folder is left" absent twice
expect 2 "outputs that exist" study out in/t1.nii in/t2.nii
expect 2 "outputs beside the inputs" study in in/t1.nii --force
expect 2 "no input" study twice
expect 2 "masks among the outputs" study twice in/flat.nii --mask-out twice/flat.nii --preview twice/flat.nii
printf 'no image' >other/text.nii
expect 3 "an input that is no image" study twice in/t1.nii other/text.nii
check "is told by its number" says 'input 2'
check "nothing is left" absent twice
printf '[deface]\nstudy = conf\nregions = face\n' >c.ini
expect 0 "from a configuration file" "$VOXVEIL" deface in/t1.nii in/ct.nii --config c.ini --device cpu
check "into its folder" test -f conf/ct.nii
finish
