#!/bin/bash
# Installs what is needed, builds voxveil and takes the face out of two public heads of Debian: the T1 of Colin 27
# (mricron-data; its field of view ends below the eyes) and a CT with a whole nose (invesalius-examples).
# The heads as they were go to build/try/inputs, apart from the results.
#   bash docs/try.sh [RESULTS]
set -eu
cd "$(dirname "$0")/.."
results=${1:-build/try-results}
build=build/try

bash docs/setup_debian.sh try
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DVOXVEIL_TESTS=OFF -DVOXVEIL_BENCH=OFF >/dev/null
cmake --build "$build"
voxveil=$build/host/cli/voxveil
inputs=$build/inputs
mkdir -p "$results" "$inputs"

# file_of PACKAGE PATH: a file of an installed package. Small images leave documentation out; then it is unpacked from the
# package itself.
file_of()
{
    if [ -f "$2" ]; then
        echo "$2"
        return
    fi
    mkdir -p "$build/$1"
    (cd "$build/$1" && apt-get download -q "$1" >/dev/null && dpkg-deb -x "$1"_*.deb .)
    echo "$build/$1$2"
}

deface()
{
    local name=$1 in=$2
    "$voxveil" deface "$in" "$results/$name-defaced.nii.gz" --force --quarantine "$results/quarantine" \
        --report "$results/$name-report.json" --preview "$results/$name-preview.png" \
        --mask-out "$results/$name-mask.nii.gz"
}

cp "$(file_of mricron-data /usr/share/mricron/templates/ch2.nii.gz)" "$inputs/colin27.nii.gz"
python3 docs/inv3_to_nifti.py \
    "$(file_of invesalius-examples /usr/share/doc/invesalius-examples/examples/Cranium.inv3)" "$inputs/cranium-ct.nii"

code=0
deface colin27 "$inputs/colin27.nii.gz" || code=$?
deface cranium-ct "$inputs/cranium-ct.nii" || code=$?
echo
echo "Results are in $results:"
show() { [ ! -f "$results/$1" ] || printf '  %-26s %s\n' "$1" "$2"; }
for name in colin27 cranium-ct; do
    show "$name-defaced.nii.gz" "the head without its face"
    show "$name-report.json" "the report"
    show "$name-preview.png" "pictures before and after: they show the face before"
    show "$name-mask.nii.gz" "what was removed"
done
echo "The heads as they were, with their faces, are in $inputs."
[ "$code" -eq 0 ] || echo "Not every head came out (exit code $code): see the lines of voxveil above."
exit $code
