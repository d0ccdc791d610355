#!/usr/bin/env bash
# kjit run --jobs and --repeat: many calls of one kernel, on several threads of a host with a global lock.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import random
import sys
from numba import njit

@njit(nogil=True)
def draw(n):
    print("drawing", n)
    return random.random()

@njit
def count(n):
    s = 0
    for i in range(n):
        s += i
    return s

@njit(nogil=True)
def double(a):
    for i in range(len(a)):
        a[i] = 2 * a[i]
    return a

@njit(nogil=True)
def mostly(limit):
    x = random.random()
    print("drew", x)
    if x < limit:
        raise ValueError("too small")
    return x

@njit(nogil=True)
def forever():
    i = 0
    while True:
        i += 1

@njit(nogil=True)
def quit(code):
    sys.exit(code)

def half(text):
    return text / 2
K

# The same on any number of threads, in the order of the calls; call 0 is the one that `kjit run` makes without --repeat.
run run k.k draw 5; succeeds; cp .out one
run run k.k draw 5 --repeat 12; succeeds; cp .out serial
[ "$(head -2 serial)" = "$(cat one)" ] || failed "the first call differs from a single one"
[ "$(grep -v drawing serial | sort -u | wc -l)" = 12 ] || failed "not 12 different results"
for jobs in 1 2 7 30; do
  run run k.k draw 5 --jobs $jobs --repeat 12; succeeds; cmp -s .out serial || failed "results differ"
  run run k.k draw 5 --jobs $jobs --repeat 12 --interpret; succeeds; cmp -s .out serial || failed "results differ"
done
run run k.k draw 5 --repeat 12 --jobs 3 --seed 1; succeeds; ! cmp -s .out serial || failed "the seed does not matter"
run run k.k draw 5 --jobs 3; succeeds; [ "$(cat .out)" = "$(head -6 serial)" ] || failed "--jobs 3 is not three calls"
run run k.k double "[1, 2]" --jobs 2 --repeat 3; succeeds; out_is "array([2, 4])
array([2, 4])
array([2, 4])"

run run k.k count 100 --jobs 2 --repeat 3 --time; code_is 0; out_is "4950
4950
4950"
err_has "compile "; err_has "run "; err_has "3 calls "; err_has " calls at a time"
run run k.k count 1000000 --jobs 4 --json; succeeds
json_is 'd["results"] == ["499999500000"] * 4 and d["jobs"] == d["calls"] == 4 and d["failed_call"] is None'
json_is 'd["calls_ms"] <= d["run_ms"] * 1.1 + 1'  # one at a time, as the kernel is not nogil

# The failure of the lowest call, with what was printed before it.
run run k.k mostly 0.2 --repeat 40; code_is 1; cp .out serial; cp .err serial.err
err_has "ValueError: too small"; err_has " of 40, counted from 0"
for jobs in 2 8; do
  run run k.k mostly 0.2 --repeat 40 --jobs $jobs; code_is 1
  cmp -s .out serial && cmp -s .err serial.err || failed "another failure"
done
run run k.k mostly 0.2 --repeat 40 --jobs 2 --json; code_is 1; err_empty
json_is 'd["error"]["kind"] == "ValueError" and len(d["results"]) == d["failed_call"] and d["output"].count("drew") == d["failed_call"] + 1'
run run k.k half "'x'" --jobs 3; code_is 1; out_empty; err_has "k.k:42:"
[ "$(grep -c "error\[" .err)" = 1 ] || failed "not one diagnostic"
run run k.k quit 3 --jobs 2; code_is 3; out_empty; err_empty
run run missing.k f --jobs 2; fails_with 1 "No such file"

run run k.k forever --jobs 3 --repeat 100 --timeout 0.3; fails_with 124 "TimeoutError"
last="SIGINT"
cat > interrupt.py <<'P'
import signal, subprocess, sys, time
kernel = subprocess.Popen([sys.argv[1], "run", "k.k", "forever", "--jobs", "3", "--repeat", "100"], stderr=subprocess.PIPE,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
time.sleep(0.5)
kernel.send_signal(signal.SIGINT)
text = kernel.communicate(timeout=60)[1].decode()
print(kernel.returncode, text.count("KeyboardInterrupt"))
P
if ! signals_wait; then
  python3 interrupt.py "$KJIT" >.out 2>.err
  code=$?; succeeds; out_is "130 1"
fi

run run k.k --jobs 2; fails_with 2 "--jobs calls a kernel"
run run k.k --repeat 2; fails_with 2 "--repeat calls a kernel"
run run k.k count 1 --jobs 2 --out x.npy; fails_with 2 "--out stores one result"
run run k.k count 1 --jobs 0; fails_with 2 "--jobs wants 1 to 1024, not 0"
run run k.k count 1 --repeat x; fails_with 2 "--repeat wants a number of calls, not 'x'"
finish
