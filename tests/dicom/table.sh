#!/bin/bash
# dicom_basic.def says what table E.1-1 says, row by row. table.sh DEF DATA
set -u
table=$2/standards/ps3.15_table_e1-1.json
[ -f "$table" ] || { echo "skipped: the data set is not there"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The table's rows are objects of one line or of many; each has one "id" and one "basicProfile".
tr -d '\n' <"$table" | grep -o '{[^{}]*}' |
    sed -n 's/.*"basicProfile": *"\([^"]*\)".*"id": *"\([0-9a-f]\{8\}\)".*/\2 \1/p' |
    sed 's/\*//; s,/,_,g' | sort >"$work/theirs"
sed -n 's/^ATTRIBUTE(0x\([0-9a-f]*\), \(.*\))$/\1 \2/p' "$1" >"$work/ours"
echo "$(wc -l <"$work/theirs") rows"
[ "$(wc -l <"$work/theirs")" -ge 600 ] && cmp "$work/theirs" "$work/ours"
