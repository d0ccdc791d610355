#!/usr/bin/env bash
# scripts/python.sh ARGUMENTS: runs the Python of the tests: KJIT_PYTHON, else build/python, which scripts/setup_python.sh makes.
#
# Exit status 77, which CTest counts as skipped, and the reason on stderr where there is none. The rule stands here alone.
set -u
environment="$(dirname "$0")/../build/python/bin/python"

if [ -n "${KJIT_PYTHON:-}" ]; then exec "$KJIT_PYTHON" "$@"; fi
if [ -x "$environment" ]; then exec "$environment" "$@"; fi
echo "skipped: no CPython with NumPy 2 (scripts/setup_python.sh makes build/python; it needs the network; KJIT_PYTHON names another)" >&2
exit 77
