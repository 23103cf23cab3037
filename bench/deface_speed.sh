#!/bin/bash
# From process start to output on disk: median of N runs of `voxveil deface` on one volume, as a CSV line.
#   bash bench/deface_speed.sh VOXVEIL IN [CSV] [option of deface...]
# Appends to CSV (default: bench/results/deface_speed.csv). N=7 unless N is set. Times in ms, memory in MiB; the stages are
# those of the report of the median run. The peak is the whole process's. Where IN is missing, the T1 of Colin 27 that
# Debian's mricron-data brings is taken in its place, and its name stands in the line.
set -eu
voxveil=$1 in=$2 csv=${3:-$(dirname "$0")/results/deface_speed.csv}
shift $(($# < 3 ? $# : 3))
runs=${N:-7}
debian=/usr/share/mricron/templates/ch2.nii.gz
if [ ! -f "$in" ]; then
    echo "deface_speed.sh: the head $in is not here (the public data set belongs in ../shared/data beside the source;" \
        "-DVOXVEIL_BENCH_INPUT=FILE names another head)" >&2
    [ -f "$debian" ] || { echo "deface_speed.sh: nor is $debian (Debian package mricron-data): nothing to measure" >&2; exit 2; }
    echo "deface_speed.sh: measuring with $debian" >&2
    in=$debian
fi
mkdir -p "$(dirname "$csv")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

now_us() { echo "${EPOCHREALTIME/[.,]/}"; }
for ((i = 0; i < runs; i++)); do
    start=$(now_us)
    "$voxveil" deface "$in" "$work/out.nii.gz" --force --quiet --report "$work/$i.json" "$@"
    echo "$((($(now_us) - start) / 1000)) $i" >>"$work/walls"
done
read -r wall median < <(sort -n "$work/walls" | sed -n "$(((runs + 1) / 2))p")
report=$work/$median.json

# value KEY: the number behind "KEY": in the report.
value() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$report"; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$report"; }
dims=$(sed -n 's/.*"dims":\[\([0-9,]*\)\].*/\1/p' "$report" | tr , x)
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
peak=$(($(value host) / 1048576))

[ -s "$csv" ] || echo "date,machine,cores,version,device,input,dims,runs,wall,read,upload,find,remove,verify,write,total,peak_MiB" >"$csv"
line="$(date -u +%F),$cpu,$(nproc),$(text version),$(text device),$(basename "$in"),$dims,$runs,$wall"
for stage in read upload find remove verify write total; do
    line="$line,$(value $stage)"
done
echo "$line,$peak" | tee -a "$csv"
