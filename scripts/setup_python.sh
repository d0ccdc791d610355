#!/usr/bin/env bash
# scripts/setup_python.sh [users]: makes the virtual environments of the tests: build/python, the CPython with the packages of
# python_packages.txt that they compare with; with `users` also build/python_users, with packages that kjit's users have beside it
# (python_users_packages.txt).
#
# Once; afterwards it is a comparison of files. Without network it says so and succeeds: the tests that need these Pythons skip
# themselves by name (scripts/python.sh, tests/python/run.sh).
set -euo pipefail
cd "$(dirname "$0")/.."

# The system's own Python first: packages.txt brings what it needs to make environments.
base=/usr/bin/python3
[ -x "$base" ] || base=python3

# unavailable FOLDER REASON
unavailable() {
  rm -rf "$1"
  echo "kjit: $2; the tests that need $1 will be skipped" >&2
}

# environment LIST FOLDER [OPTION OF PIP...]
environment() {
  local wanted=$1 folder=$2 stamp=$2/installed.txt status=0
  shift 2
  cmp -s "$wanted" "$stamp" && [ -x "$folder/bin/python" ] && return
  rm -rf "$folder"
  mkdir -p build
  echo "kjit: making $folder: $(grep -v '^#' "$wanted" | tr '\n' ' ')"
  if ! "$base" -m venv "$folder" >/dev/null; then
    unavailable "$folder" "$base cannot make a virtual environment (package python3-venv)"
    return
  fi
  scripts/pip_install.sh "$folder/bin/python" "$@" -r "$wanted" || status=$?
  case $status in
    0) cp "$wanted" "$stamp" ;;
    77) unavailable "$folder" "no Python registry answers, and the packages of $wanted are not here" ;;
    *) rm -rf "$folder"
       echo "kjit: the packages of $wanted cannot be installed" >&2
       exit "$status" ;;
  esac
}

environment scripts/python_packages.txt build/python --only-binary :all:
[ "${1:-}" != users ] || environment scripts/python_users_packages.txt build/python_users --use-pep517
