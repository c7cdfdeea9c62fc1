#!/usr/bin/env bash
# A driver whose cuInit hangs costs a run its --timeout and little more: gpucheck_add_preflight kills it 10 s later.
#   time_limit.sh GPUCHECK FAKES
set -u
export LD_LIBRARY_PATH=$2/cuda:$2/nvml FAKE_CUDA_INIT=hang
unset CUDA_VISIBLE_DEVICES GPUCHECK_TEST_DEADLINE

for arguments in "" "doctor"; do
  start=$SECONDS
  # shellcheck disable=SC2086  # No argument, or one.
  output=$(timeout 15 "$1" $arguments --timeout 5)
  code=$?
  echo "$output" | tail -n 1
  if [ $code -ne 2 ] || [ $((SECONDS - start)) -gt 14 ]; then
    echo "gpucheck $arguments --timeout 5 ended with code $code after $((SECONDS - start)) s; 2 within 14 s was expected"
    exit 1
  fi
done
