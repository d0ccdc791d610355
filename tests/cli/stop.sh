#!/usr/bin/env bash
# Ctrl-C, SIGTERM and --timeout end every kind of loop at once. How long each took stands on stdout; only minutes are a failure.
. "$(dirname "$0")/expect.bash"

cat > loops.k <<'K'
import time
import numpy as np
from kjit import njit, prange


@njit
def serial(n):
    s = 0.0
    for i in range(n):
        s += (i % 7) * 0.5
    return s


@njit
def turns(n):
    k = 0
    while k < n:
        k += 1
    return k


@njit
def in_callee(n):
    s = 0.0
    for i in range(1000):
        s += serial(n)
    return s


@njit(parallel=True)
def parallel(n):
    s = 0.0
    for i in prange(n):
        s += (i % 7) * 0.5
    return s


@njit(parallel=True)
def callee_of_parallel(n):
    s = 0.0
    for i in prange(1000, schedule="dynamic"):
        s += serial(n)
    return s


@njit(parallel=True)
def unbalanced(n):
    s = 0.0
    for i in prange(2):
        for j in range(n * i):
            s += (j % 7) * 0.5
    return s


@njit
def runtime_loops(n):
    a = np.zeros(20_000_000)
    t = "abc" * 50_000_000
    k = 0.0
    while k < n:
        np.random.shuffle(a)
        a[:] = np.random.normal(0.0, 1.0, 20_000_000)
        a[:] = 1.0
        k += a.std() * 0.0 + len(t.upper()) * 0.0
    return k


@njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@njit
def tree(n):
    return fib(min(n, 90))


# Calls that call nothing do not look whether they are to stop.
@njit
def leaves(n):
    s = 0
    for i in range(n):
        s += fib(i % 2)
    return s


@njit
def asleep(n):
    time.sleep(n)
    print("awake")
    return n


@njit(parallel=True)
def asleep_in_parallel(n):
    for i in prange(4):
        time.sleep(n)
        print("awake")
    return n
K
cat > stop.py <<'P'
import signal, subprocess, sys, time
kjit, kernel, how, expected, *options = sys.argv[1:]
words = [kjit, "run", "loops.k", kernel, "1000000000000", *options]
if how == "timeout":
    words += ["--timeout", "1"]
# A background job of bash ignores SIGINT, and what it starts would inherit that.
child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
start = time.monotonic() + 1.0
if how == "timeout":
    child.wait(timeout=300)
else:
    time.sleep(0.6)
    start = time.monotonic()
    child.send_signal(getattr(signal, how))
out, err = child.communicate(timeout=300)
late = (time.monotonic() - start) * 1000
print(f"{kernel:20} {how:8} {' '.join(options):12} exit {child.returncode} after {late:6.1f} ms")
names = {"SIGINT": "KeyboardInterrupt", "SIGTERM": "Cancelled", "timeout": "TimeoutError"}
fine = child.returncode == int(expected) and out == b"" and names[how].encode() in err.splitlines()[-1] and b"iteration" not in err
sys.exit(0 if fine else err.decode())
P
for kernel in serial turns in_callee parallel callee_of_parallel unbalanced runtime_loops tree leaves asleep asleep_in_parallel; do
  for how in "SIGINT 130" "SIGTERM 143" "timeout 124"; do
    last="$kernel $how"
    if signals_wait && [ "$how" != "timeout 124" ]; then continue; fi
    python3 stop.py "$KJIT" $kernel $how || failed "not stopped as it should be"
  done
done
last="interpreted"
for kernel in parallel asleep asleep_in_parallel; do
  signals_wait || python3 stop.py "$KJIT" $kernel SIGINT 130 --interpret || failed "not stopped as it should be"
done
finish
