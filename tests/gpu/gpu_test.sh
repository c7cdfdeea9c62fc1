#!/usr/bin/env bash
# gpu_test.sh PROGRAM [arguments]: must end well on a machine with a GPU; without one it is skipped.
set -uo pipefail
program=$1
if [ ! -e /dev/nvidiactl ] && [ ! -e /dev/dxg ]; then
  echo "skipped, no GPU is here: $("$program" doctor 2>&1 | tail -n 1)"
  exit 77
fi
"$@"
