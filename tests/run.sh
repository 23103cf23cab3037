#!/bin/bash
# Installs what the tests need on a Debian 12 machine, builds three times and runs the tests:
#   clang, warnings as errors (built only); gcc with AddressSanitizer and UBSan (tests labelled sanitizer); gcc, all tests.
#   bash tests/run.sh [BUILD]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/tests}
jobs=$(nproc)

bash docs/setup_debian.sh test
[ -d /usr/local/cuda/bin ] && PATH=$PATH:/usr/local/cuda/bin
export PATH

# one NAME COMPILER [option...]: configures and builds one of the three.
one()
{
    local name=$1 compiler=$2
    shift 2
    echo "== $name"
    cmake -S . -B "$build/$name" -G Ninja -DCMAKE_C_COMPILER="$compiler" "$@" >"$build/$name.log" 2>&1 ||
        { cat "$build/$name.log"; return 1; }
    cmake --build "$build/$name" -j "$jobs"
}

mkdir -p "$build"
one clang clang -DCMAKE_BUILD_TYPE=Release -DVOXVEIL_CUDA=OFF
one sanitizer gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O1 -DVOXVEIL_SANITIZE=address,undefined -DVOXVEIL_CUDA=OFF \
    -DVOXVEIL_OPENCL=OFF
ctest --test-dir "$build/sanitizer" -L sanitizer -j "$jobs" --output-on-failure
one release gcc -DCMAKE_BUILD_TYPE=Release
ctest --test-dir "$build/release" -j "$jobs" --output-on-failure
