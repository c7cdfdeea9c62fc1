#!/usr/bin/env bash
# Plants each violation and expects source_rules.sh to name it, and nothing in code that only looks like one.
set -euo pipefail
rules=$(cd "$(dirname "$0")" && pwd)/source_rules.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree"/{include,kernels,verify,cli,tests}

printf '%s\n' '// exit(1) is for main' 'void f() { _exit(1); say("exit(1)"); at_exit(f); }' >"$tree/verify/innocent.cpp"
echo 'int main() { std::exit(0); }' >"$tree/cli/main.cpp"
echo '#define SHARED_ARRAY(type) type' >"$tree/kernels/launch.hpp"
bash "$rules" "$tree" || { echo "FAILED: innocent code is reported"; exit 1; }

echo 'void f() { std::abort(); }' >"$tree/verify/ends.cpp"
echo '#define TWICE(x) x x' >"$tree/kernels/macro.hpp"
printf '\n%.0s' {1..300} >"$tree/tests/long.cpp"
echo '#include "cli/run.hpp"' >"$tree/kernels/include.cpp"
reported=$(bash "$rules" "$tree") && { echo "FAILED: violations pass"; exit 1; }
for expected in 'ends the program: verify/ends.cpp:1:' 'function-like macro: kernels/macro.hpp:1:' \
  '300 lines or more: tests/long.cpp: 300 lines' 'includes to the right: kernels/include.cpp:1:'; do
  grep -qF "$expected" <<<"$reported" || { echo "FAILED: not reported: $expected"; exit 1; }
done
[ "$(wc -l <<<"$reported")" -eq 4 ] || { echo "FAILED: more is reported:"; echo "$reported"; exit 1; }
