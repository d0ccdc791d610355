#!/usr/bin/env bash
# tests/python/run.sh BUILD FILE: runs a test of the Python package that lies in the build folder; test_with_*.py with packages of
# others. Exit status 77 where something is missing.
here=$(cd "$(dirname "$0")" && pwd)
build=$1 file=$2
if [ ! -e "$build/python/kjit/_engine.abi3.so" ]; then
  echo "skipped: no Python extension in $build (CPython's headers and NumPy are needed: python3-dev, scripts/setup_python.sh)" >&2
  exit 77
fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export PYTHONPATH=$build/python KJIT_CACHE_DIR=$work/cache PYTHONDONTWRITEBYTECODE=1
unset KJIT_DISABLE_JIT KJIT_SEED KJIT_CACHE
case $(basename "$file") in
  test_with_*)
    users=$here/../../build/python_users/bin/python
    [ -x "$users" ] || { echo "skipped: no build/python_users (scripts/setup_python.sh makes it; it needs the network)" >&2; exit 77; }
    "$users" "$file" ;;
  *) "$here/../../scripts/python.sh" "$file" ;;
esac
