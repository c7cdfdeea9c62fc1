#!/usr/bin/env bash
# gpu_test.sh PROGRAM [arguments]: must end well on a machine with a GPU; without one it is skipped (77). A GPU that
# cannot be used is a failure, not a reason to skip.
exec "$@" --no-gpu-exit 77
