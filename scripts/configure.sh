#!/usr/bin/env bash
# scripts/configure.sh PRESET FOLDER [-DNAME=VALUE...]: configures once, and again when a value differs; otherwise the build itself
# re-runs CMake when it must.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 folder=$2
shift 2
# Do the arguments stand in the cache already?
is_configured() {
  local argument
  [ -f "$folder/build.ninja" ] || return 1
  for argument in "$@"; do
    [[ $argument =~ ^-D([A-Za-z0-9_]+)=(.*)$ ]] || return 1
    grep -qE "^${BASH_REMATCH[1]}:[A-Z]+=${BASH_REMATCH[2]}$" "$folder/CMakeCache.txt" || return 1
  done
}
is_configured "$@" && exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" -B "$folder" "$@" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
grep -E '^-- LLVM|^CMake Warning' "$log" || true
