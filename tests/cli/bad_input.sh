# Inputs that are no image, or no whole one: 3, one line, nothing at OUT.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" good.nii --size 4 --text 'DOE^JOHN'

: >empty.nii
refused 3 "empty file" empty.nii
mkdir folder
refused 3 "a directory" folder
refused 2 "a file that is not there" absent.nii
mkfifo pipe
refused 3 "a pipe" pipe
refused 3 "a device" /dev/zero

cp good.nii bad.nii
gzip -n bad.nii
size=$(stat -c %s bad.nii.gz)
for keep in 5 15 200 $((size / 2)) $((size - 4)); do
    head -c "$keep" bad.nii.gz >cut.nii.gz
    refused 3 "truncated .gz, $keep bytes" cut.nii.gz
done
head -c 347 good.nii >cut.nii
refused 3 "a file shorter than the header" cut.nii
head -c 5000 good.nii >cut.nii
refused 3 "dims that do not match the file's length" cut.nii
head -c 100000 /dev/zero >zeros.nii
refused 3 "a file of zeros" zeros.nii
printf 'not an image at all, only words, but longer than a header%400s' x >words.nii
refused 3 "a file of words" words.nii

# broken DESCRIPTION OFFSET HEX...: the good file with some bytes of its header changed.
broken()
{
    local what=$1
    shift
    cp good.nii bad.nii
    poke bad.nii "$@"
    refused 3 "$what" bad.nii
}
broken "wrong magic number" 344 78 78 78 78
broken "wrong header size" 0 10 00 00 00
broken "no dimensions" 40 00 00
broken "eight dimensions" 40 08 00
broken "a dimension of zero" 42 00 00
broken "a negative dimension" 44 ff ff
broken "dims far beyond the file" 42 ff 7f ff 7f ff 7f
broken "dims that overflow" 40 07 00 ff 7f ff 7f ff 7f ff 7f ff 7f ff 7f ff 7f
broken "unknown dtype" 70 99 09
broken "complex dtype" 70 20 00 40 00
broken "binary dtype" 70 01 00 01 00
broken "voxels begin inside the header" 108 00 00 80 3f
broken "voxels begin nowhere" 108 00 00 c0 7f
broken "zero spacing" 80 00 00 00 00
broken "negative spacing" 84 00 00 00 c0
broken "spacing not a number" 88 00 00 c0 7f
broken "an affine without a row" 280 00 00 00 00 00 00 00 00 00 00 00 00
broken "an affine not a number" 280 00 00 c0 7f
broken "an infinite affine" 292 00 00 80 7f
"$MAKE_HEAD" complex.nii --size 4 --dtype complex64
refused 3 "complex voxels" complex.nii
check "the line says so" says complex

for special in nan inf; do
    for dtype in float32 float64; do
        "$MAKE_HEAD" "$special.nii" --size 4 --dtype "$dtype" --special "$special"
        rm -rf out && mkdir out
        "$VOXVEIL" deface "$special.nii" out/o.nii --device cpu >stdout.txt 2>stderr.txt
        code=$?
        check "$dtype with $special: 0, 3 or 4, not $code" test "$code" -eq 0 -o "$code" -eq 3 -o "$code" -eq 4
        [ "$code" -eq 0 ] || check "$dtype with $special: nothing at OUT" absent out/o.nii
    done
done
expect 3 "info of what is no image" "$VOXVEIL" info words.nii --device cpu
finish
