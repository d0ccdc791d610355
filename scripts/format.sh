#!/usr/bin/env bash
# clang-format on every C++ source that git knows or would add; `scripts/format.sh --check` only says which differ.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run --Werror)
git ls-files --cached --others --exclude-standard '*.cpp' '*.h' | xargs -r clang-format-19 "${mode[@]}"
