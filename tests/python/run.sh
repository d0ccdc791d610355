#!/usr/bin/env bash
# tests/python/run.sh BUILD FILE: runs a test of the Python package that lies in the build folder. Exit status 77 where it has none.
here=$(cd "$(dirname "$0")" && pwd)
build=$1 file=$2
if [ ! -e "$build/python/kjit/_engine.abi3.so" ]; then
  echo "skipped: no Python extension in $build (CPython's headers and NumPy are needed: python3-dev, scripts/setup_python.sh)" >&2
  exit 77
fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export PYTHONPATH=$build/python KJIT_CACHE_DIR=$work/cache PYTHONDONTWRITEBYTECODE=1
unset KJIT_DISABLE_JIT KJIT_SEED
"$here/../../scripts/python.sh" "$file"
