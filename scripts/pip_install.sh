#!/usr/bin/env bash
# scripts/pip_install.sh PYTHON ARGUMENTS...: pip install, without questions. Exit status 77 where no registry answers, and pip's own
# where it does: what is broken is no missing network.
set -u
python=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$python" -m pip install -q --disable-pip-version-check --no-input --retries 1 --timeout 15 "$@" >"$log" 2>&1
status=$?
cat "$log" >&2
[ $status -eq 0 ] && exit 0
grep -qE 'connection broken by|Max retries exceeded|Temporary failure in name resolution|Network is unreachable' "$log" && exit 77
exit $status
