# A kill in the middle leaves nothing at OUT; SIGTERM and SIGINT end with 130.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 1 --kind head
mkdir out

# killed SIGNAL SECONDS: sends the signal that long after the job has begun; the exit code is in $code.
killed()
{
    : >stderr.txt
    "$VOXVEIL" deface in.nii out/o.nii.gz --device cpu --threads 1 --progress always >stdout.txt 2>stderr.txt &
    local pid=$!
    while [ ! -s stderr.txt ] && kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
    sleep "$2"
    kill -"$1" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    code=$?
}
caught=0
for delay in 0 0.1 0.3 0.6 1.0 1.4; do
    for signal in TERM INT KILL; do
        rm -rf out
        mkdir out
        killed $signal $delay
        case $signal:$code in
        TERM:130 | INT:130)
            caught=$((caught + 1))
            check "$signal after $delay s: nothing is left" empty_folder out ;;
        KILL:137) check "$signal after $delay s: nothing at OUT" absent out/o.nii.gz ;;
        *:0) check "$signal after $delay s came too late: OUT is whole" gzip -t out/o.nii.gz ;;
        *) fail "$signal after $delay s: exit code $code" ;;
        esac
    done
done
check "some runs were caught in the middle" test "$caught" -ge 3
finish
