#!/usr/bin/env bash
# scripts/make_wheel.sh BUILD FOLDER: the wheel of python/kjit in FOLDER, with the extension that the build folder BUILD has.
#
# In an environment of its own, build/wheel_python, with the packages of wheel_packages.txt. Exit status 77 and the reason on stderr
# where no registry has them to offer.
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
  scripts/pip_install.sh "$environment/bin/python" -r "$wanted" || {
    status=$?
    [ $status -ne 77 ] || unavailable "no Python registry answers, and the packages of $wanted are not here"
    rm -rf "$environment"
    exit $status
  }
  cp "$wanted" "$stamp"
fi

[ "${build:0:1}" = / ] || build=$PWD/$build
mkdir -p "$folder"
PATH=$PWD/$environment/bin:$PATH "$environment/bin/python" -m pip wheel -q . --no-deps --no-build-isolation --disable-pip-version-check \
  --config-settings=build-dir="$build/wheel" --config-settings=cmake.define.KJIT_WHEEL_FROM="$build" --wheel-dir "$folder"
