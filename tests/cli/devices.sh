# The same bytes on every device of this machine, and what `devices` says of them.
. "$(dirname "$0")/lib.sh"
expect 0 "devices" "$VOXVEIL" devices
check "the CPU passes its self-test" grep -q '"name":"cpu","description":"[^"]*","available":true,"self_test":"pass"' stdout.txt
check "no device fails it" sh -c '! grep -q "\"self_test\":\"fail\"" stdout.txt'
grep -q '"name":"opencl:0"[^}]*"self_test":"pass"' stdout.txt || { finish && skip "no OpenCL device on this machine"; exit 1; }

"$MAKE_HEAD" in.nii --size 2
for device in cpu opencl:0; do
    expect 0 "deface on $device" "$VOXVEIL" deface in.nii "${device%:*}.nii.gz" --device $device --report "${device%:*}.json" \
        --mask-out "${device%:*}-mask.nii.gz" --preview "${device%:*}.png"
done
check "the same output" cmp -s cpu.nii.gz opencl.nii.gz
check "the same mask" cmp -s cpu-mask.nii.gz opencl-mask.nii.gz
check "the same preview" cmp -s cpu.png opencl.png
plain() { sed -e 's/"device":"[^"]*"//' -e 's/,"time_ms".*//' "$1"; }
check "the same report but for device, times and memory" test "$(plain cpu.json)" = "$(plain opencl.json)"
finish
