#!/usr/bin/env bash
# `make run` builds what it runs and no tests: on a fresh machine they take twice as long again.
repository=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/expect.bash"

last="make -n run"
make -C "$repository" -n run BUILD="$work/build" >.out 2>.err; code=$?
code_is 0; out_has "--target kjit"; out_has "kjit run kernels/calc_pi.k"
[ "$(grep -c 'cmake --build' .out)" = 1 ] || failed "builds more than once"
finish
