#!/bin/bash
# Installs what the tests need on a Debian 12 machine, builds three times and runs the tests:
#   clang, warnings as errors (built only); gcc with AddressSanitizer and UBSan (tests labelled sanitizer); gcc, all tests.
#   bash tests/run.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/tests}
jobs=$(nproc)

bash docs/setup_debian.sh test
verdict() { [ "$1" -eq 0 ] || echo "FAILED (exit code $1): what is wrong stands above"; }
trap 'verdict $?' EXIT
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

# tests_of NAME [option of ctest...]: runs the tests of one of the three and keeps what ctest says for the last line.
tests_of()
{
    local name=$1
    shift
    ctest --test-dir "$build/$name" -j "$jobs" --output-on-failure "$@" | tee "$build/$name-tests.log"
}

# sum_of PATTERN: the first number that the lines of both logs hold behind PATTERN, summed.
sum_of() { sed -n "s/.*$1\([0-9]\+\).*/\1/p" "$build"/{sanitizer,release}-tests.log | awk '{n += $1} END {print n + 0}'; }

mkdir -p "$build"
one clang clang -DCMAKE_BUILD_TYPE=Release -DVOXVEIL_CUDA=OFF
one sanitizer gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O1 -DVOXVEIL_SANITIZE=address,undefined -DVOXVEIL_CUDA=OFF \
    -DVOXVEIL_OPENCL=OFF
tests_of sanitizer -L sanitizer
one release gcc -DCMAKE_BUILD_TYPE=Release
tests_of release
ran=$(sum_of 'tests failed out of ')
skipped=$(cat "$build"/{sanitizer,release}-tests.log | grep -c '(Skipped)$' || true)
echo "all tests passed: $((ran - skipped)) in two builds, 0 failed; $skipped skipped, named above (ctest -V says what they lack)"
