#!/usr/bin/env bash
# stdout and stderr: order, colour, broken pipes, full disks; the time limit.
. "$(dirname "$0")/expect.bash"

cat > fail.k <<'K'
print("before")
x = 0
print(1 // x)
print("after")
K
run run fail.k; code_is 1; out_is before; err_has "ZeroDivisionError"; err_has 'File "fail.k", line 3, in <module>'
"$KJIT" run fail.k >.out 2>&1; code=$?; last="both streams"
[ "$(head -1 .out)" = before ] || failed "output must come before the traceback"

printf 'x = (\n' > bad.k
run run bad.k; fails_with 1 "bad.k:1:"; err_lacks $'\e['
if script -qec true /dev/null >/dev/null 2>&1; then
  TERM=xterm script -qec "$KJIT check bad.k" /dev/null >.out; grep -q $'\e\[' .out || failed "no colour on a terminal"
  NO_COLOR=1 TERM=xterm script -qec "$KJIT check bad.k" /dev/null >.out; grep -q $'\e\[' .out && failed "colour in spite of NO_COLOR"
  TERM=dumb script -qec "$KJIT check bad.k" /dev/null >.out; grep -q $'\e\[' .out && failed "colour on a dumb terminal"
fi

cat > many.k <<'K'
for i in range(200000):
    print(i)
K
"$KJIT" run many.k 2>.err | head -1 >.out; code=${PIPESTATUS[0]}; last="head -1"; out_is 0; err_empty
"$KJIT" run many.k 2>.err >/dev/full; code=$?; last="/dev/full"; code_is 1; err_has "No space left"
"$KJIT" --help 2>.err >/dev/full; code=$?; last="--help >/dev/full"; code_is 1
"$KJIT" run many.k 2>.err >&-; code=$?; last="closed stdout"; code_is 1

cat > forever.k <<'K'
i = 0
while True:
    i += 1
K
run run forever.k --timeout 0.3; fails_with 124 "TimeoutError"
run run forever.k --timeout 0.3 --interpret; fails_with 124 "TimeoutError"
run run many.k --timeout 100; code_is 0

finish
