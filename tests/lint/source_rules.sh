#!/usr/bin/env bash
# source_rules.sh [DIRECTORY]: what no compiler checks. Prints each violation as file:line: text.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT
violated() { sed "s|^|$1: |" >>"$failures"; }

mapfile -t product < <(find include kernels verify bench cli -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' 2>/dev/null | sort)
mapfile -t all < <(printf '%s\n' "${product[@]}"; find tests -name '*.[ch]pp' -o -name '*.cu' | sort)

# Comments may speak of what code may not do.
code() { sed -E 's#//.*##; s#"([^"\\]|\\.)*"#""#g' "$1" | grep -nE "$2" | sed "s|^|$1:|" || true; }

for file in "${product[@]}"; do
  # Code that ends the process takes the report with it. _exit is for children after fork, and a fiber
  # that the simulated GPU has abandoned must never go on.
  [[ $file == cli/main.cpp || $file == kernels/device/simulated/engine.cpp ]] || code "$file" '(^|[^_[:alnum:].>])(exit|abort|quick_exit|terminate)\(' | violated "ends the program"
  code "$file" '^ *# *define +[A-Za-z_0-9]+\(' | grep -vE 'define +(SHARED_ARRAY|DYNAMIC_SHARED)\(' |
    violated "function-like macro" || true
done

for file in "${all[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -lt 300 ] || echo "$file: $lines lines" | violated "300 lines or more"
done

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
  [ ! -d "$folder" ] || grep -rnE "^#include \"($(right_of $folder))/" "$folder" | violated "includes to the right" || true
done

cat "$failures"
[ ! -s "$failures" ]
