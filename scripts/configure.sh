#!/usr/bin/env bash
# scripts/configure.sh PRESET FOLDER [CMAKE-ARGS]: configures once; afterwards the build itself re-runs CMake when it must.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 folder=$2
shift 2
[ -f "$folder/build.ninja" ] && [ $# -eq 0 ] && exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" -B "$folder" "$@" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
grep -E '^-- LLVM|^CMake Warning' "$log" || true
