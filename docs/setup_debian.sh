#!/bin/bash
# Installs what is missing of the Debian 12 packages for: build, test (adds the test tools), try (adds two public heads).
#   bash docs/setup_debian.sh build|test|try
set -eu

packages="gcc g++ libc6-dev cmake ninja-build pkg-config libnifti2-dev libdeflate-dev libpng-dev zlib1g-dev libsodium-dev
    libcjson-dev libinih-dev libdcmtk-dev libopenjp2-7-dev opencl-c-headers"
case ${1:-build} in
build) ;;
test) packages="$packages clang libcmocka-dev binutils ocl-icd-libopencl1 pocl-opencl-icd dcm2niix libgdcm-tools" ;;
try) packages="$packages mricron-data invesalius-examples python3-minimal libpython3-stdlib" ;;
*) echo "setup_debian.sh: give build, test or try" >&2; exit 2 ;;
esac

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing:$missing"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; }
# The package lists of a fresh machine may be absent or old.
install >/dev/null 2>&1 || { $as_root apt-get update -q && install; }
