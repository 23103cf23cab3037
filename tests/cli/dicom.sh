# DICOM as the command meets it: what info says of a folder, what deface refuses. The files are the fuzzer's (made).
[ -n "${CORPUS:-}" ] || { echo "skipped: built without DICOM"; exit 77; }
. "$(dirname "$0")/lib.sh"
info() { "$VOXVEIL" info "$@" --device cpu; }
holds() { grep -q -e "$1" stdout.txt; }

mkdir -p visit/nested
cp "$CORPUS/ok-explicit" visit/nested/IM1
cp "$CORPUS/ok-rgb" visit/IM2
echo words >visit/notes.txt
expect 0 "info on a folder" info visit
check "unsure of what is no volume" holds '"verdict":"review","reason"'
check "counts its files" holds '"images":2,"other_files":1,"unreadable":0'
check "names no path" sh -c '! grep -q -e visit -e IM1 stdout.txt'
expect 0 "info on a file, whatever its name" info visit/nested/IM1
cp "$CORPUS/bad-cut-header" visit/broken
expect 0 "a broken file is counted" info visit
check "as what it is" holds '"images":2,"other_files":1,"unreadable":1'

mkdir empty
expect 3 "an empty folder" info empty
check "it is said" says 'no DICOM image'
for bad in "$CORPUS"/bad-*; do
    cp "$bad" one
    expect 3 "$(basename "$bad")" info one
    refused 3 "$(basename "$bad") to NIfTI" one
    rm one
done

# No data set is written while none is cleaned.
mkdir -p o
expect 2 "a DICOM output" "$VOXVEIL" deface visit/nested/IM1 o/x.dcm --device cpu
check "says why" says 'identity'
expect 2 "a folder as output" "$VOXVEIL" deface visit o/x --device cpu
check "nothing is written" empty_folder o
refused 3 "several stacks" visit
finish
