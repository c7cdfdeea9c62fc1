#!/usr/bin/env bash
# program_test.sh PROGRAM: the program starts on any machine, so it needs nothing but the C and C++ run time; and it is small.
set -euo pipefail
program=$1
needed=$(ldd "$program")
others=$(grep -vE '^\s*(linux-vdso|/lib(64)?/ld-linux|libc\.|libstdc\+\+\.|libm\.|libgcc_s\.)' <<<"$needed" || true)
[ -z "$others" ] || { echo "FAILED: $program needs more than libc, libstdc++, libm and libgcc:"; echo "$others"; exit 1; }

stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$program"
bytes=$(stat -c %s "$stripped")
echo "$program: $bytes bytes stripped"
[ "$bytes" -lt $((40 * 1000 * 1000)) ] || { echo "FAILED: more than 40 MB"; exit 1; }
