# verify --gallery: gates of every pair of an archive, and the attacks; a certificate as JSON and as a page.
. "$(dirname "$0")/lib.sh"
mkdir before after known
for who in ANNA BERT CARL; do
    case $who in ANNA) nose=0 ;; BERT) nose=6 ;; *) nose=12 ;; esac
    "$MAKE_HEAD" "before/${who}_1.nii" --size 3 --nose $nose
    "$MAKE_HEAD" "known/${who}_2.nii" --size 3 --nose $nose --move 1,2,0,2
    "$VOXVEIL" deface "before/${who}_1.nii" "after/${who}_1.nii" --device cpu --quiet
done
archive() { "$VOXVEIL" verify before after --gallery known --device cpu "$@"; }
has() { grep -q -e "$1" c.json; }

expect 4 "three people are too few for an attack to say anything" archive --report c.json --certificate c.html
check "the reason is said" says 'not proven'
check "the schema" has '^{"schema":"voxveil.certificate/1"'
check "every file is clean by the gates" has '"items":3,"clean":3,"no_face":0,"review":0,"missing":0,"gallery":3,"attacked":3'
check "the attacks are weak" has '"weak":true,"held":false'
for attack in match fill; do
    check "$attack: before and after" has "\"attack\":\"$attack\",\"area\":\"face\",\"of\":\"original\",\"n\":3"
    check "$attack: after" has "\"attack\":\"$attack\",\"area\":\"face\",\"of\":\"cleaned\",\"n\":3"
done
check "limits and chance" has '"rank1_wilson95":\[.*"chance":0.333333,"chance_limit95"'
check "what the rest of the head tells is said" has 'By the rest of the head, which stays, the attacker finds'
check "it is said what was not shown" has '"not_shown":\["That the people cannot be found'
check "the page has curves" grep -q '<polyline' c.html
check "and the heads" sh -c '[ "$(grep -o "<img" c.html | wc -l)" = 6 ]'
check "and needs nothing else" sh -c '! grep -q -e "http://" -e "https://" -e "<script" -e "<link" c.html'
check "nobody is named" sh -c '! grep -q -e ANNA -e BERT -e CARL -e "\.nii" c.html c.json'
expect 2 "the page is not replaced" archive --certificate c.html
expect 4 "but by force, and what is asked in full is the same" archive --certificate c2.html --report c.json --force --verify full
check "the same page again" cmp -s c.html c2.html

cp before/ANNA_1.nii after/ANNA_1.nii
expect 4 "a file that was not cleaned" archive --report c.json --force --certificate c3.html
check "it is counted" has '"reason":"1 of 3 files are not proven"'
check "and not shown" sh -c '[ "$(grep -o "<img" c3.html | wc -l)" = 4 ]'
rm after/ANNA_1.nii
expect 4 "a file that is missing" archive --report c.json --force
check "it is counted, too" has '"missing":1'
expect 4 "one pair" "$VOXVEIL" verify before/BERT_1.nii after/BERT_1.nii --gallery known --device cpu --report c.json --force
check "one person is looked for" has '"attacked":1'

expect 2 "no such gallery" "$VOXVEIL" verify before after --gallery nowhere --device cpu
mkdir empty
expect 2 "an empty gallery" "$VOXVEIL" verify before after --gallery empty --device cpu
"$MAKE_HEAD" empty/DORA_1.nii --size 4
expect 2 "a gallery of others" "$VOXVEIL" verify before after --gallery empty --device cpu
printf 'no image' >empty/EMIL_1.nii
expect 3 "a gallery with what is no image" "$VOXVEIL" verify before after --gallery empty --device cpu
expect 2 "full without a gallery" "$VOXVEIL" verify before after --verify full
expect 2 "basic with one" "$VOXVEIL" verify before after --verify basic --gallery known
expect 2 "a page without one" "$VOXVEIL" verify before after --certificate c4.html
expect 2 "masks" archive --protect before/BERT_1.nii
expect 2 "deface has no gallery" "$VOXVEIL" deface before/BERT_1.nii o.nii --gallery known
finish
