#!/usr/bin/env bash
# real_driver.sh GPUCHECK DIRECTORY: the doctor with NVIDIA's own user-space driver, which loads without the hardware.
# Debian's non-free package libcuda1 is unpacked below DIRECTORY; the system and its package lists stay as they are.
# Only with GPUCHECK_TEST_REAL_DRIVER=1, since it downloads 10 MB of non-free software; else it exits 77, "skipped".
set -uo pipefail
gpucheck=$1 directory=$2

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*"; exit 1; }

[ "${GPUCHECK_TEST_REAL_DRIVER:-}" = 1 ] || skip "GPUCHECK_TEST_REAL_DRIVER=1 is not set"
[ -x "$gpucheck" ] || skip "$gpucheck is not built"
# shellcheck source=/dev/null
. /etc/os-release
[ "$ID" = debian ] || skip "only Debian's archive has the package libcuda1; this is $ID"
! [ -e /proc/driver/nvidia/version ] || skip "this machine has a driver of its own"

if [ -z "$(find "$directory" -name 'libcuda.so.1' 2>/dev/null)" ]; then
  mkdir -p "$directory"/{lists/partial,archives/partial,unpacked} || fail "cannot write $directory"
  # shellcheck disable=SC2016  # $(REPO_URI) is apt's.
  archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $VERSION_CODENAME" | head -1)
  [ -n "$archive" ] || skip "apt has no archive of $VERSION_CODENAME"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $VERSION_CODENAME non-free" \
    >"$directory/sources.list"
  options=(-o "Dir::Etc::SourceList=$directory/sources.list" -o Dir::Etc::SourceParts=/nonexistent
    -o "Dir::State::Lists=$directory/lists" -o "Dir::Cache=$directory" -o APT::Sandbox::User=root -o Acquire::Retries=2)
  cd "$directory" || fail "cannot enter $directory"
  timeout 120 apt-get -qq "${options[@]}" update || skip "the package list of non-free cannot be fetched"
  timeout 240 apt-get -qq "${options[@]}" download libcuda1 libnvidia-ml1 libnvidia-ptxjitcompiler1 || skip "libcuda1 cannot be fetched"
  for package in ./*.deb; do dpkg -x "$package" unpacked || fail "cannot unpack $package"; done
fi
library=$(find "$directory/unpacked" -name 'libcuda.so.1' -print -quit)
[ -n "$library" ] || fail "no libcuda.so.1 in the packages"

# As root it makes this node, which would tell other tests of a driver.
[ -e /dev/nvidiactl ] || trap 'rm -f /dev/nvidiactl' EXIT
report=$(LD_LIBRARY_PATH=$(dirname "$library") timeout 60 "$gpucheck" doctor --json - 2>/dev/null)
code=$?
[ $code -eq 2 ] || fail "exit code $code, not 2"
printf '%s' "$report" | python3 -c '
import json, sys
report = json.load(sys.stdin)
calls = {c["api"]: c.get("code") for c in report["snapshot"]["calls"]}
assert calls.get("cuInit") == 100, calls
causes = [f["catalogue"] for f in report["findings"] if f["root_cause"]]
assert causes == ["D0"], causes' || fail "the root cause is not D0 with cuInit 100"
echo "PASSED: $(basename "$(readlink -f "$library")") loads, finds no device, and the root cause is D0"
