#!/bin/bash
# A visit of several series against its largest one alone, from process start to outputs on disk: medians of N runs of each,
# taken in turn, as a CSV line.
#   bash bench/study_speed.sh VOXVEIL CSV T1 OTHER...
# T1 is the largest. Appends to CSV. N=7 unless N is set. Times in ms; `searched` says how many of the series were searched by
# themselves (T1 is one of them): each more costs as much as T1's own search. The others of the results were resampled from
# the T1 (contrast turned over; uptake of the brain alone), since no public visit of these sizes is at hand.
set -eu
voxveil=$1 csv=$2 largest=$3
shift 2
runs=${N:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

now_us() { echo "${EPOCHREALTIME/[.,]/}"; }
# timed FILE COMMAND...: the wall time in ms as a line of FILE.
timed()
{
    local to=$1 start
    shift
    start=$(now_us)
    "$@"
    echo $((($(now_us) - start) / 1000)) >>"$work/$to"
}
median() { sort -n "$work/$1" | sed -n "$(((runs + 1) / 2))p"; }

for ((i = 0; i < runs; i++)); do
    timed alone "$voxveil" deface "$largest" "$work/out.nii.gz" --force --quiet
    timed study "$voxveil" deface --study "$work/visit" "$@" --force --quiet --report "$work/r.json"
done
dims=$(grep -o '"dims":\[[0-9,]*\]' "$work/r.json" | sed 's/.*\[\(.*\)\]/\1/' | tr , x | paste -sd+ -)
searched=$(grep -o '"pose_from":"own"' "$work/r.json" | wc -l)
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
[ -s "$csv" ] || echo "date,machine,cores,version,series,searched,runs,alone,study,ratio" >"$csv"
alone=$(median alone) study=$(median study)
echo "$(date -u +%F),$cpu,$(nproc),$("$voxveil" --version | cut -d' ' -f2),$dims,$searched,$runs,$alone,$study,$(awk -v a="$alone" \
    -v s="$study" 'BEGIN { printf "%.2f", s / a }')" | tee -a "$csv"
