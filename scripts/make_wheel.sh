#!/usr/bin/env bash
# scripts/make_wheel.sh BUILD FOLDER: the wheel of python/kjit in FOLDER, with the extension that the build folder BUILD has.
#
# In an environment of its own, build/wheel_python, with the packages of wheel_packages.txt. Exit status 77 and the reason on stderr
# where these cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1 folder=$2
environment=build/wheel_python wanted=scripts/wheel_packages.txt
stamp=$environment/installed.txt

unavailable() {
  rm -rf "$environment"
  echo "skipped: $1" >&2
  exit 77
}

if ! cmp -s "$wanted" "$stamp" || [ ! -x "$environment/bin/python" ]; then
  rm -rf "$environment"
  base=/usr/bin/python3
  [ -x "$base" ] || base=python3
  "$base" -m venv "$environment" >/dev/null || unavailable "$base cannot make a virtual environment (package python3-venv)"
  "$environment/bin/python" -m pip install -q --disable-pip-version-check --no-input --retries 1 --timeout 15 -r "$wanted" >&2 ||
    unavailable "the packages of $wanted cannot be installed (no network?)"
  cp "$wanted" "$stamp"
fi

[ "${build:0:1}" = / ] || build=$PWD/$build
mkdir -p "$folder"
PATH=$PWD/$environment/bin:$PATH "$environment/bin/python" -m pip wheel -q . --no-deps --no-build-isolation --disable-pip-version-check \
  --config-settings=build-dir="$build/wheel" --config-settings=cmake.define.KJIT_WHEEL_FROM="$build" --wheel-dir "$folder"
