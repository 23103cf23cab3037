# Installs into a folder of its own and uses what is there as an outside project does: by find_package and by pkg-config.
# package.sh BUILD SOURCE MAKE_HEAD CC GENERATOR
set -eu
build=$1 source=$2 make_head=$3 cc=$4 generator=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/usr" >"$work/install.log"
for file in bin/voxveil include/voxveil.h; do
    [ -f "$work/usr/$file" ] || { echo "not installed: $file"; exit 1; }
done

echo "find_package"
cmake -S "$source/docs/example" -B "$work/example" -G "$generator" -DCMAKE_PREFIX_PATH="$work/usr" >"$work/configure.log"
cmake --build "$work/example" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
"$work/example/from_cxx" | grep -q '"name":"cpu"'

"$make_head" "$work/in.nii" --size 2
"$work/example/deface_file" "$work/in.nii" "$work/out.nii" | grep -q '"verdict":"clean"'
# The buffer holds the same voxels at the same places but for the origin, which is no part of what is found.
tail -c +353 "$work/in.nii" | "$work/example/deface_buffer" 96 128 124 2 >"$work/out.raw" 2>"$work/progress.txt"
[ "$(stat -c %s "$work/out.raw")" -eq $((96 * 128 * 124 * 2)) ]
! tail -c +353 "$work/in.nii" | cmp -s - "$work/out.raw" || { echo "the buffer is unchanged"; exit 1; }
grep -q find "$work/progress.txt"

echo "pkg-config"
pc=$(dirname "$(find "$work/usr" -name voxveil.pc)")
export PKG_CONFIG_PATH=$pc
# The line of docs/library.md itself, with this compiler and the example for the program.
line=$(sed -n 's/^    cc my_program\.c /my_program.c /p' "$source/docs/library.md")
[ -n "$line" ] || { echo "docs/library.md has no line for pkg-config"; exit 1; }
cp "$source/docs/example/deface_file.c" "$work/my_program.c"
(cd "$work" && eval "$cc -std=c11 -Wall -Wextra -Werror $line")
"$work/my_program" "$work/in.nii" "$work/out2.nii" >"$work/report.json"
cmp "$work/out.nii" "$work/out2.nii"
"$work/usr/bin/voxveil" --version
