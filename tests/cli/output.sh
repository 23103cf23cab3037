# Where the output goes: what is refused before work starts, and disks that fill up. Nothing is ever half-written.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 4 --kind box
run() { "$VOXVEIL" deface "$@" --device cpu; }
reset() { rm -rf out q; mkdir out; }

reset
echo mine >out/o.nii
expect 2 "OUT exists" run in.nii out/o.nii
check "it is left alone" grep -qx mine out/o.nii
cp in.nii self.nii
expect 2 "OUT is IN" run self.nii self.nii
expect 2 "OUT is IN, with --force" run self.nii self.nii --force
ln -s self.nii link.nii
expect 2 "OUT is a link to IN" run self.nii link.nii --force
ln self.nii hard.nii
expect 2 "OUT is another name of IN" run self.nii hard.nii --force
check "IN is left alone" cmp -s in.nii self.nii
expect 2 "OUT is a folder" run in.nii out --force
expect 2 "OUT's folder is missing" run in.nii nowhere/o.nii
expect 2 "OUT's folder is a file" run in.nii in.nii/o.nii
expect 2 "OUT's name says nothing of a format" run in.nii out/o.txt
reset
# read_only FOLDER: nothing can be written to FOLDER, for OUT or for what goes beside it.
read_only()
{
    expect 2 "OUT's folder is read-only" run in.nii "$1/o.nii"
    for option in --mask-out --preview --report; do
        expect 2 "$option in a folder that is read-only" run in.nii out/o.nii $option "$1/f"
        check "$option is named" says "${option#--}: "
    done
    for dir in "$1" "$1/q"; do
        expect 2 "--quarantine in a folder that is read-only" run in.nii out/o.nii --quarantine "$dir"
        check "quarantine is named" says 'quarantine: '
    done
    check "nothing at OUT" empty_folder out
}
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 555 ro
    read_only ro
    chmod 755 ro
elif mkdir ro 2>/dev/null && mount -t tmpfs -o ro tmpfs ro 2>/dev/null; then
    read_only ro
    umount ro
else
    echo "# a read-only folder cannot be made here: root writes everywhere, mounting is not allowed"
fi

reset
touch there
ln in.nii alias.nii
for option in --mask-out --preview --report; do
    expect 2 "$option names a file that exists" run in.nii out/o.nii $option there
    expect 2 "$option names IN, with --force" run in.nii out/o.nii $option in.nii --force
    expect 2 "$option is another name of IN, with --force" run in.nii out/o.nii $option alias.nii --force
    expect 2 "$option names OUT" run in.nii out/o.nii $option out/o.nii
    for bad in nowhere/f in.nii/f; do
        expect 2 "$option in what is no folder" run in.nii out/o.nii $option $bad
        check "$option is named" says "${option#--}: "
    done
    expect 2 "$option names a folder" run in.nii out/o.nii $option out --force
    check "$option: nothing at OUT" empty_folder out
done

reset
ln -s . loop
mkfifo pipe
devices="pipe"
mknod node c 1 3 2>/dev/null && devices="pipe node"
for option in --mask-out --preview --report; do
    expect 2 "$option names OUT through a link to its folder" run in.nii out/o.nii $option loop/out/o.nii
    expect 2 "$option names the other half of OUT" run in.nii out/o.hdr $option loop/out/o.img
    for device in $devices; do
        expect 2 "$option names a device or a pipe, with --force" run in.nii out/o.nii $option $device --force
        check "it is still there" [ ! -f $device ]
    done
    check "$option: nothing at OUT" empty_folder out
done
expect 2 "--preview is the mask" run in.nii out/o.nii --mask-out out/m.nii --preview loop/out/m.nii
expect 2 "--report is the mask" run in.nii out/o.nii --mask-out out/m.nii --report loop/out/m.nii
check "nothing at OUT" empty_folder out
rm -f pipe node

for bad in nowhere/q in.nii in.nii/q; do
    expect 2 "--quarantine that cannot be" run in.nii out/o.nii --quarantine $bad
    check "quarantine is named" says 'quarantine: '
    check "nothing at OUT" empty_folder out
done
expect 2 "info: --report in a folder that is missing" "$VOXVEIL" info in.nii --device cpu --report nowhere/f
check "--report is named" says '--report: '

expect 5 "the report cannot be printed" sh -c '"$0" deface in.nii out/o.nii --device cpu --report - >/dev/full' "$VOXVEIL"
check "nothing at OUT" empty_folder out
limited() { (ulimit -f 64 && run "$@"); }
"$MAKE_HEAD" big.nii --size 2 --kind noise
expect 5 "the file-size limit is reached" limited big.nii out/o.nii
check "nothing at OUT" empty_folder out
if mkdir small 2>/dev/null && mount -t tmpfs -o size=256k tmpfs small 2>/dev/null; then
    expect 5 "the disk is full" run big.nii small/o.nii
    check "nothing at OUT" empty_folder small
    umount small
else
    echo "# a small disk cannot be made here: mounting is not allowed"
fi
finish
