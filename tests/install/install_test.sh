#!/usr/bin/env bash
# install_test.sh BUILD_DIRECTORY SOURCE_DIRECTORY: installs, moves the result, and uses it from a project outside the tree.
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/gpucheck install.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/first" >"$work/log" || { cat "$work/log"; fail "install"; }
mv "$work/first" "$work/prefix"
prefix=$work/prefix
for file in bin/gpucheck include/gpucheck/gpucheck.hpp share/gpucheck/data/cuda_errors.csv \
  share/doc/gpucheck/LICENSE share/doc/gpucheck/README.md; do
  [ -e "$prefix/$file" ] || fail "$file is not installed"
done
if [ -e "$build/bin/gpucheck_cpu.so" ]; then
  [ -e "$prefix/lib/gpucheck/gpucheck_cpu.so" ] || fail "gpucheck_cpu.so is not installed"
fi
"$prefix/bin/gpucheck" --version >"$work/version" || fail "gpucheck --version"
cp -R "$source/tests/install/consumer" "$work/consumer"

# consumer NAME [gpucheck arguments]: configures, builds and tests; the log is $work/NAME.log, one "test: result" a line.
consumer() {
  name=$1; shift
  arguments=$(IFS=';'; echo "$*")
  if ! { cmake -G Ninja -S "$work/consumer" -B "$work/$name" -DCMAKE_PREFIX_PATH="$prefix" \
    -DPREFLIGHT_ARGUMENTS="$arguments" && cmake --build "$work/$name"; } >"$work/$name.log" 2>&1; then
    cat "$work/$name.log"
    fail "consumer $name does not build"
  fi
  (cd "$work/$name" && CTEST_OUTPUT_ON_FAILURE=1 ctest) >"$work/$name.log" 2>&1 || true
}
# expect NAME TEST RESULT
expect() {
  grep -Eq "Test +#[0-9]+: $2 \.+ *$3" "$work/$1.log" || { cat "$work/$1.log"; fail "$1: $2 is not '$3'"; }
}

if [ -e "$prefix/bin/gpucheck-simulated" ]; then
  consumer healthy --simulate healthy
  for test in headers machine gpu_work guarded_gpu_work; do expect healthy $test Passed; done

  consumer sick --simulate launch_failure=719
  expect sick headers Passed
  expect sick machine '\*\*\*Failed'
  expect sick gpu_work '\*\*\*Not Run'
  expect sick guarded_gpu_work '\*\*\*Not Run'
fi

if [ ! -e /dev/nvidiactl ] && [ ! -e /dev/dxg ]; then
  consumer no_gpu
  expect no_gpu headers Passed
  expect no_gpu machine '\*\*\*Skipped'
  expect no_gpu gpu_work Passed  # CTest counts a skipped fixture as set up; guarded tests know better.
  expect no_gpu guarded_gpu_work '\*\*\*Skipped'
fi
