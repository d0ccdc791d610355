#!/usr/bin/env bash
# Makes build/python, the virtual environment that the tests compare with: CPython with the packages of python_packages.txt.
#
# Once; afterwards it is a comparison of two files. Without network it says so and succeeds: the tests that need this Python skip
# themselves by name (scripts/python.sh says why).
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=scripts/python_packages.txt folder=build/python
stamp=$folder/installed.txt

cmp -s "$wanted" "$stamp" && [ -x "$folder/bin/python" ] && exit 0

# The system's own Python first: packages.txt brings what it needs to make environments.
base=/usr/bin/python3
[ -x "$base" ] || base=python3

unavailable() {
  rm -rf "$folder"
  echo "kjit: $1; the tests that compare with CPython will be skipped" >&2
  exit 0
}

rm -rf "$folder"
mkdir -p build
echo "kjit: making $folder: $(grep -v '^#' "$wanted" | tr '\n' ' ')"
"$base" -m venv "$folder" >/dev/null || unavailable "$base cannot make a virtual environment (package python3-venv)"
"$folder/bin/python" -m pip install -q --disable-pip-version-check --no-input --retries 1 --timeout 15 --only-binary :all: \
  -r "$wanted" || unavailable "the packages of $wanted cannot be installed"
cp "$wanted" "$stamp"
