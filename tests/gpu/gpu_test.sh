#!/usr/bin/env bash
# gpu_test.sh PROGRAM [arguments]: must end well on a machine whose set-up is in order; else it is skipped, and says why.
set -uo pipefail
program=$1
if ! why=$("$program" doctor 2>&1) || ! ls /dev/nvidiactl /dev/dxg >/dev/null 2>&1; then
  echo "skipped, no GPU can be used here: $(tail -n 1 <<<"$why")"
  exit 77
fi
"$@"
