#!/usr/bin/env bash
# source_rules.sh [DIRECTORY]: what no compiler checks. Prints each violation as file:line: text.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

mapfile -t product < <(find include kernels verify bench cli -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' 2>/dev/null | sort)
mapfile -t all < <(printf '%s\n' "${product[@]}"; find tests -name '*.[ch]pp' -o -name '*.cu' | sort)

# Code that ends the process takes the report with it. _exit is for children after fork, and a fiber that the
# simulated GPU has abandoned must never go on. Comments and strings may speak of what code may not do.
awk '
  { text = $0; sub(/\/\/.*/, ""); gsub(/"([^"\\]|\\.)*"/, "") }
  /(^|[^_A-Za-z0-9.>])(exit|abort|quick_exit|terminate)\(/ &&
    FILENAME != "cli/main.cpp" && FILENAME != "kernels/device/simulated/engine.cpp" {
    print "ends the program: " FILENAME ":" FNR ": " text }
  /^ *# *define +[A-Za-z_0-9]+\(/ && !/define +(SHARED_ARRAY|DYNAMIC_SHARED)\(/ {
    print "function-like macro: " FILENAME ":" FNR ": " text }
' "${product[@]}" >>"$failures"

wc -l "${all[@]}" | awk '$1 >= 300 && $2 != "total" { print "300 lines or more: " $2 ": " $1 " lines" }' >>"$failures"

# Each folder includes only what stands left of it: include <- kernels <- verify <- bench <- cli.
right_of() {
  case $1 in
    include) echo 'kernels|verify|bench|cli' ;;
    kernels) echo 'verify|bench|cli' ;;
    verify) echo 'bench|cli' ;;
    bench) echo cli ;;
  esac
}
for folder in include kernels verify bench; do
  [ ! -d "$folder" ] || grep -rnE "^#include \"($(right_of $folder))/" "$folder" |
    sed 's|^|includes to the right: |' >>"$failures" || true
done

cat "$failures"
[ ! -s "$failures" ]
