# Calls that are wrong end with 2, say so in one line and touch nothing.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 4

expect 0 "--help" "$VOXVEIL" --help
expect 0 "--version" "$VOXVEIL" --version
check "the version is printed" grep -qx 'voxveil [0-9]*\.[0-9]*\.[0-9]*' stdout.txt
for command in deface verify info devices bench; do
    expect 0 "$command --help" "$VOXVEIL" "$command" --help
    check "$command --help names the command" grep -q "voxveil $command" stdout.txt
done

expect 2 "no command" "$VOXVEIL"
expect 2 "unknown command" "$VOXVEIL" defaec in.nii out.nii
check "the line lists the commands" says 'deface, verify, info, devices, bench'
for command in redact slide clean run audit; do
    expect 2 "$command is no command of this version" "$VOXVEIL" "$command" in.nii out.nii
done
expect 2 "no operands" "$VOXVEIL" deface
expect 2 "one operand" "$VOXVEIL" deface in.nii
expect 2 "three operands" "$VOXVEIL" deface in.nii out.nii more.nii
expect 2 "info without a file" "$VOXVEIL" info
expect 2 "devices with an operand" "$VOXVEIL" devices cpu
expect 2 "bench of what is not there" "$VOXVEIL" bench codec

wrong()
{
    refused 2 "deface $*" in.nii "$@"
}
wrong --unknown
wrong --threads
wrong --threads 0
wrong --threads -1
wrong --threads 2x
wrong --threads 99999999999999999999
wrong --device gpu
wrong --device cuda:
wrong --device opencl:x
wrong --progress sometimes
wrong --mode smooth
check "what is offered is said" says 'remove, blur, noise, reface'
wrong --mode noise --fill 0
check "why is said" says 'measure the air'
wrong --mode reface --fill -1000
wrong --regions nose
wrong --regions ''
wrong --regions face,
wrong --regions tooth
check "what is offered is said" says 'face, ears, teeth, eyes, forehead'
wrong --regions face,eye
wrong --regions forehead,
wrong --regions ghosts
wrong --fill air
wrong --fill nan
wrong --fill inf
wrong --fill 1e999
wrong --fill 0x
wrong --fill 40000
wrong --fill -40000
wrong --verify full
wrong --verify no
wrong --protect mask.nii
check "a mask that is not there" says '^voxveil: protect: '
wrong --apply-mask mask.nii
wrong --fiducials nowhere/f.json
wrong --fiducials in.nii
expect 2 "an option of another command" "$VOXVEIL" info in.nii --mode blur
finish
