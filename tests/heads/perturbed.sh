# perturbed.sh BENCH_HEADS DATA: a few perturbations of a few heads; none may end wrong, and the easy ones must be right.
bench=$1 data=$2
[ -f "$data/heads/landmarks.csv" ] || { echo "skipped: the data set is not here"; exit 77; }
csv=$(mktemp)
trap 'rm -f "$csv" "$csv.again"' EXIT
names=none,turn,slab,axes,wrong,wrap,frames,shift+thick_ax
for head in IXI013 spm_single_subj_T1 torchio; do
    "$bench" "$data" --heads $head --only $names --csv "$csv" --table /dev/null || { echo "FAIL: $head: no result"; exit 1; }
    cut -d, -f1,5-7,18-19 "$csv"
    rows=$(tail -n +2 "$csv" | grep -c .)
    [ "$rows" = 8 ] || { echo "FAIL: $head: $rows lines instead of 8"; exit 1; }
    ! grep -q ',WRONG,' "$csv" || { echo "FAIL: $head: a wrong result"; exit 1; }
    right=$(grep -cE ',(none|turn|axes|wrong|frames),clean,right,' "$csv")
    [ "$right" = 5 ] || { echo "FAIL: $head: $right of 5 easy ones right"; exit 1; }
done
# The same draws give the same answers, whatever the number of threads; only the times differ.
"$bench" "$data" --heads torchio --only $names --jobs 1 --csv "$csv.again" --table /dev/null
cut -d, -f1-24 "$csv" >"$csv.cut" && cut -d, -f1-24 "$csv.again" | cmp - "$csv.cut" || { echo "FAIL: another run, another answer"; exit 1; }
rm -f "$csv.cut"
echo PASS
