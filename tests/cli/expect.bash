# Sourced by every script here. Each `run` starts kjit in an empty folder; the checks after it look at how it ended.
# A script goes on after a failed check, says all of them, and ends with `finish`.

set -uo pipefail
: "${KJIT:?KJIT must name the executable}"
KJIT=$(realpath "$KJIT")
unset NO_COLOR KJIT_NUM_THREADS OMP_NUM_THREADS
export KJIT_CACHE=0  # the user's disk cache is none of the tests' business; cache.sh has one of its own
PYTHON=$PWD/scripts/python.sh  # CPython with NumPy 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

# ThreadSanitizer holds signals back until the program calls the C library, which a kernel's loop never does.
signals_wait() { [ "${KJIT_SIGNALS_WAIT:-0}" = 1 ]; }

# Ends the script as skipped, with the reason, where there is no NumPy.
need_numpy() {
  local status=0
  "$PYTHON" -c 'import numpy' || status=$?
  [ "$status" = 0 ] || exit "$status"
}

# run WORDS...: sets code, and the files $work/.out and $work/.err. Standard input is passed on.
run() {
  last="kjit $*"
  "$KJIT" "$@" >.out 2>.err
  code=$?
}

failed() {
  failures=$((failures + 1))
  echo "line ${BASH_LINENO[1]}: $last: $1" >&2
  echo "--- stdout"; head -c 2000 .out; echo "--- stderr"; head -c 2000 .err; echo "---"
} >&2

code_is() { [ "$code" = "$1" ] || failed "exit code $code instead of $1"; }
out_is() { [ "$(cat .out; echo x)" = "$1"$'\n'x ] || failed "stdout is not '$1'"; }
out_has() { grep -qF -- "$1" .out || failed "stdout lacks '$1'"; }
out_empty() { [ ! -s .out ] || failed "stdout is not empty"; }
err_is() { [ "$(cat .err; echo x)" = "$1"$'\n'x ] || failed "stderr is not '$1'"; }
err_has() { grep -qF -- "$1" .err || failed "stderr lacks '$1'"; }
err_lacks() { ! grep -qF -- "$1" .err || failed "stderr has '$1'"; }
err_empty() { [ ! -s .err ] || failed "stderr is not empty"; }
# json EXPRESSION: a Python expression over `d`, the object on stdout, that must be true.
json_is() {
  python3 -c 'import json, sys; d = json.load(open(".out")); sys.exit(0 if eval(sys.argv[1]) else 1)' "$1" || failed "not so in the JSON: $1"
}

# ended CODE: success has nothing to say on stderr, failure nothing on stdout.
succeeds() { code_is 0; err_empty; }
fails_with() { code_is "$1"; out_empty; err_has "$2"; }

# skip_rest REASON: what follows cannot be tried here. Exit status 77 is CTest's "skipped", unless a check before has failed.
skip_rest() {
  echo "skipped: $1" >&2
  [ "$failures" != 0 ] || exit 77
  finish
}

finish() {
  [ "$failures" = 0 ] || { echo "$failures checks failed" >&2; exit 1; }
}
