# lib.sh - what the scripts share; sourced. Each check prints one line, `finish` gives the exit code of the test.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
checks=0
failures=0

pass() { checks=$((checks + 1)); echo "ok $checks - $1"; }
fail() { checks=$((checks + 1)); failures=$((failures + 1)); echo "not ok $checks - $1"; }
skip() { echo "skipped: $1"; exit 77; }
finish() { echo "$checks checks, $failures failed"; [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]; }

# check DESCRIPTION COMMAND...: passes where the command succeeds.
check()
{
    local what=$1
    shift
    if "$@"; then pass "$what"; else fail "$what"; fi
}

# expect CODE DESCRIPTION COMMAND...: the command ends with CODE; a failure says so in one line that shows no path.
expect()
{
    local code=$1 what=$2 got lines
    shift 2
    "$@" >stdout.txt 2>stderr.txt
    got=$?
    lines=$(wc -l <stderr.txt)
    if [ "$got" -ne "$code" ]; then
        fail "$what: exit code $got, expected $code: $(head -c 300 stderr.txt)"
    elif [ "$code" -ne 0 ] && [ "$lines" -ne 1 ]; then
        fail "$what: $lines lines on standard error, expected 1"
    elif grep -q -e "$work" -e '[A-Za-z0-9]\.nii' -e DOE stderr.txt; then
        fail "$what: standard error shows a path or text of the input"
    else
        pass "$what"
    fi
}

# refused CODE DESCRIPTION IN [option...]: deface ends with CODE and leaves nothing behind, at OUT or beside it.
refused()
{
    local code=$1 what=$2 in=$3
    shift 3
    rm -rf out
    mkdir out
    expect "$code" "$what" "$VOXVEIL" deface "$in" out/o.nii --device cpu "$@"
    check "$what: nothing at OUT" empty_folder out
}

empty_folder() { [ -z "$(ls -A "$1")" ]; }
absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
says() { grep -q -e "$1" stderr.txt; }

# poke FILE OFFSET HEX...: overwrites bytes in place.
poke()
{
    local file=$1 offset=$2
    shift 2
    printf "$(printf '\\x%s' "$@")" | dd of="$file" bs=1 seek="$offset" conv=notrunc status=none
}
