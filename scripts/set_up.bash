# set_up.bash: sourced by run and test. Installs what is missing, configures, builds. Prints on stderr only.
# shellcheck shell=bash
script=$(basename "$0")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release
log=$root/build/set_up.log

# A package, and what it must have put on this machine: a command, a header, or Python's ensurepip.
packages=(g++:g++ cmake:cmake ninja-build:ninja libfmt-dev:fmt/format.h libcli11-dev:CLI/CLI.hpp
  nlohmann-json3-dev:nlohmann/json.hpp libxxhash-dev:xxhash.h libdnnl-dev:oneapi/dnnl/dnnl.hpp
  libopenblas-dev:cblas.h libgtest-dev:gtest/gtest.h libgmock-dev:gmock/gmock.h)
# Wheels that together are a toolkit, of the release that has been tested.
toolkit_wheels=('nvidia-cuda-nvcc==13.0.*' 'nvidia-cuda-crt==13.0.*' 'nvidia-nvvm==13.0.*'
  'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cccl==13.0.*')

say() { printf '%s: %s\n' "$script" "$*" >&2; }
fail() { local code=$1; shift; say "$*"; exit "$code"; }

# quietly WHAT COMMAND...: the words of a command that fails are shown, those of one that works are not.
quietly() {
  local what=$1; shift
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 25 "$log" >&2
  fail 70 "$what failed; all it said is in $log"
}

here() {
  case $1 in
    ensurepip) python3 -c 'import ensurepip' 2>&1 ;;
    *.h*) compgen -G "/usr/include/$1" || compgen -G "/usr/include/*-linux-gnu/$1" || compgen -G "/usr/local/include/$1" ;;
    *) command -v "$1" ;;
  esac >/dev/null
}

missing_packages() {
  local pair missing=()
  for pair in "$@"; do
    here "${pair#*:}" || missing+=("${pair%%:*}")
  done
  echo "${missing[*]}"
}

# install_missing PACKAGE:WHAT...
install_missing() {
  local missing sudo=()
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail 2 "this system has no apt-get; install what Debian calls: $missing"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
      fail 2 "packages are missing and need root; run: apt-get update && apt-get install -y $missing"
    fi
    sudo=(sudo)
    [ ! -t 0 ] || sudo true || fail 2 "packages are missing and need root; run: apt-get install -y $missing"
  fi
  say "installing $missing"
  # Lists that cannot be refreshed may still do; if not, the installation says so.
  "${sudo[@]}" apt-get update -qq -o Acquire::Retries=3 >"$log" 2>&1 </dev/null || true
  # shellcheck disable=SC2086  # A list of names.
  quietly "apt-get install $missing" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq -o Acquire::Retries=3 --no-install-recommends $missing
  missing=$(missing_packages "$@")
  [ -z "$missing" ] || fail 70 "$missing: installed, but what gpucheck needs of it is not there"
}

# from_pypi PACKAGE...: into the project's own environment.
from_pypi() {
  install_missing python3-venv:ensurepip
  if [ ! -x "$root/.venv/bin/python" ] || ! "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
    quietly "python3 -m venv" python3 -m venv --clear "$root/.venv"
  fi
  quietly "pip install $*" "$root/.venv/bin/python" -m pip install --quiet "$@"
}

find_cmake() {
  cmake=cmake
  "$cmake" --version | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || v[1] == 3 && v[2] >= 22) }' && return
  cmake=$root/.venv/bin/cmake
  [ -x "$cmake" ] || { say "this cmake is older than 3.22: installing one from PyPI into .venv"; from_pypi 'cmake>=3.22,<4'; }
}

pypi_toolkit() {
  local directory
  directory=$(compgen -G "$root/.venv/lib/python3*/site-packages/nvidia/cu13" | head -1 || true)
  if [ ! -x "$directory/bin/nvcc" ] || [ ! -e "$directory/lib64" ]; then
    say "installing NVIDIA's compiler from PyPI into .venv (130 MB)"
    from_pypi "${toolkit_wheels[@]}"
    directory=$(compgen -G "$root/.venv/lib/python3*/site-packages/nvidia/cu13" | head -1)
    ln -sfn lib "$directory/lib64"  # Where nvcc looks for the run time.
  fi
  toolkit=$directory
}

# The toolkit to build with: the one named, else the one named last time, else what CMake finds.
choose_toolkit() {
  local remembered=$build/toolkit
  case $toolkit in
    pypi) pypi_toolkit ;;
    '') if [ -s "$remembered" ]; then toolkit=$(<"$remembered"); [ -x "$toolkit/bin/nvcc" ] || toolkit=''; fi ;;
    none) ;;
    *)
      [ -x "$toolkit/bin/nvcc" ] || fail 64 "--toolkit $toolkit: there is no bin/nvcc in it; allowed are a CUDA toolkit's directory, pypi, and none"
      toolkit=$(cd "$toolkit" && pwd)
      ;;
  esac
  mkdir -p "$build"
  printf '%s' "$toolkit" >"$remembered"
}

# What decides how the tree is configured; when it changes, CMake starts afresh.
configuration() {
  printf '%s\n' "$toolkit" "${CUDA_HOME:-}" "${CUDA_PATH:-}" "${CUDAHOSTCXX:-}" "${CXX:-}" "$cmake" \
    "$(command -v nvcc g++ || true)"
  compgen -G '/usr/local/cuda*/bin/nvcc' || true
  cat "$root/CMakePresets.json" "$root/scripts/set_up.bash" "$root"/cmake/{toolkit,cuda,packages}.cmake
}

# set_up TARGET...: everything from a bare machine to built targets.
set_up() {
  mkdir -p "$root/build"
  exec 9>"$root/build/lock"
  flock -n 9 || { say "waiting for another build of this tree"; flock 9; }
  install_missing "${packages[@]}"
  choose_toolkit
  find_cmake
  local stamp
  stamp=$(configuration | sha256sum)
  if [ "$(cat "$build/configured" 2>/dev/null)" != "$stamp" ]; then
    say "configuring"
    rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles" "$build/configured"
    (cd "$root" && quietly "configuring" "$cmake" --preset release -DGPUCHECK_TOOLKIT="$toolkit") || exit
    printf '%s' "$stamp" >"$build/configured"
  fi
  if [ -t 2 ]; then
    ninja -C "$build" "$@" >&2 9>&- || fail 70 "the build failed"
  else
    quietly "the build" ninja -C "$build" "$@" 9>&-
  fi
  exec 9>&-
  case ${arguments[0]:-} in doctor | explain | list | *help | --version) return ;; esac
  if [ -s "$build/without_kernels" ]; then
    say "built without GPU kernels (doctor and CPU workload only): $(<"$build/without_kernels")"
    say "to build them: scripts/$script --toolkit pypi (fetches NVIDIA's compiler, 130 MB), or --toolkit DIRECTORY," \
      "or install your distribution's nvidia-cuda-toolkit or NVIDIA's cuda-toolkit and run this again"
  fi
}

# Takes --toolkit off the front of the arguments; the rest is left in "arguments".
toolkit=''
arguments=("$@")
while [ ${#arguments[@]} -gt 0 ]; do
  case ${arguments[0]} in
    --toolkit)
      [ ${#arguments[@]} -gt 1 ] || fail 64 "--toolkit needs a value: a CUDA toolkit's directory, or pypi"
      toolkit=${arguments[1]}
      arguments=("${arguments[@]:2}")
      ;;
    --toolkit=*)
      toolkit=${arguments[0]#*=}
      arguments=("${arguments[@]:1}")
      ;;
    *) break ;;
  esac
done
