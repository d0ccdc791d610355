#!/usr/bin/env bash
# scripts/lint.sh BUILD-FOLDER: include directions, then clang-tidy over the compilation database.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/check_includes.py
git ls-files '*.cpp' | grep -E '^(jit|runtime|tools|tests)/' |
  xargs -r -P "$(nproc)" -n 4 clang-tidy-19 -p "$1" --quiet --warnings-as-errors='*'
