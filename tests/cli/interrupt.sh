# A kill in the middle leaves nothing at OUT; SIGTERM and SIGINT end with 130.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 1 --kind head
mkdir out

# killed SIGNAL SECONDS: sends the signal that long after the start; the exit code is in $code.
killed()
{
    "$VOXVEIL" deface in.nii out/o.nii.gz --device cpu --threads 1 >stdout.txt 2>stderr.txt &
    local pid=$!
    sleep "$2"
    kill -"$1" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    code=$?
}
caught=0
for delay in 0.05 0.1 0.2 0.3 0.5 0.8 1.2; do
    for signal in TERM INT KILL; do
        rm -rf out/* out/.[!.]*
        killed $signal $delay
        case $signal:$code in
        KILL:137 | TERM:130 | INT:130)
            caught=$((caught + 1))
            check "$signal after $delay s: nothing at OUT" absent out/o.nii.gz ;;
        *:0) check "$signal after $delay s came too late: OUT is whole" gzip -t out/o.nii.gz ;;
        *:4) check "$signal after $delay s came too late: nothing at OUT" absent out/o.nii.gz ;;
        TERM:143) echo "# TERM after $delay s came before the program ran" ;;
        *) fail "$signal after $delay s: exit code $code" ;;
        esac
    done
done
check "some runs were caught in the middle" test "$caught" -ge 3
finish
