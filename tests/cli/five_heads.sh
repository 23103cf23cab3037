# Five real heads: the same bytes on CPU and OpenCL, with one thread and with two; two of them in the modes that draw.
. "$(dirname "$0")/lib.sh"
[ -d "$VOXVEIL_DATA/heads" ] || skip "the data set is not here"
"$VOXVEIL" devices | grep -q '"name":"opencl:0"[^}]*"self_test":"pass"' || skip "no OpenCL device on this machine"

heads="allineate_T1w_2mm bisweb_sag_2mm niivue_T1_head_ext_1p6mm_uint8 dcmqaasl_T1_mprage_CR visiblemale_CT_uint8"
for head in $heads; do
    in=$VOXVEIL_DATA/heads/$head.nii.gz
    [ -f "$in" ] || skip "$head is not in the data set"
    expect 0 "$head, cpu, 1 thread" "$VOXVEIL" deface "$in" one.nii.gz --device cpu --threads 1 --force
    expect 0 "$head, cpu, 2 threads" "$VOXVEIL" deface "$in" two.nii.gz --device cpu --threads 2 --force
    expect 0 "$head, opencl" "$VOXVEIL" deface "$in" ocl.nii.gz --device opencl --force
    check "$head: one thread or two" cmp -s one.nii.gz two.nii.gz
    check "$head: cpu or opencl" cmp -s one.nii.gz ocl.nii.gz
    rm -f one.nii.gz two.nii.gz ocl.nii.gz
done

# what is drawn at random is drawn alike
for mode in noise reface; do
    for head in bisweb_sag_2mm niivue_T1_head_ext_1p6mm_uint8; do
        in=$VOXVEIL_DATA/heads/$head.nii.gz
        expect 0 "$head, $mode, cpu" "$VOXVEIL" deface "$in" cpu.nii.gz --mode $mode --device cpu --force
        expect 0 "$head, $mode, opencl" "$VOXVEIL" deface "$in" ocl.nii.gz --mode $mode --device opencl --force
        check "$head, $mode: cpu or opencl" cmp -s cpu.nii.gz ocl.nii.gz
    done
done
finish
