#!/bin/bash
# The attacks on 20 real people: they find the originals, they do not find who was cleaned by voxveil, and they do find
# who was cleaned by a blur or by a plane below the nose.
#   attacked.sh BENCH_ATTACK DATA
[ -d "$2/heads/ixi" ] || { echo "no data set; skipped"; exit 77; }
out=$("$1" "$2" --people 20 --clean remove,gauss,plane) || { echo "bench_attack failed"; exit 1; }
want() { # words of a line, what it means, of which cleaning (all)
    sed -n "/^$3/,/^  rebuild inner of cleaned/p" <<<"$out" | grep -qE "$1" || { echo "$out"; echo "not so: $2"; exit 1; }
}
want '^ *match +face +cleaned +20 +(0|5|10|15)\.0 %' "people cleaned are not found by the face" remove
want '^ *fill +face +cleaned +20 +(0|5|10|15)\.0 %' "nor with the average face in its place" remove
want '^ *match +face +original +20 +100\.0 %' "all originals are found by the face"
want '^ *match +head +original +20 +100\.0 %' "all originals are found by the head"
want '^gauss, unblurred by Wiener: .*FAILED.*match' "a blurred face is found"
want '^gauss, unblurred by Richardson-Lucy: .*FAILED.*match' "a blurred face is found"
want '^plane: .*FAILED.*match' "a face cut below the nose is found"
echo "$out" | grep -E '^[a-z]|face +cleaned'
