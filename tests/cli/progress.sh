#!/usr/bin/env bash
# kjit run --progress: on a terminal a line in its place, which leaves nothing behind; elsewhere nothing, or plain lines.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import time
from numba import njit, prange

@njit(nogil=True)
def nap(text):
    time.sleep(0.02)
    print(text)

@njit(nogil=True)
def fail(n):
    time.sleep(0.02)
    return 10 // n

@njit(parallel=True)
def total(n):
    s = 0
    for i in prange(n):
        for j in range(i % 1000):
            s += i % 3
    return s
K

run run k.k nap "'x'" --repeat 4 --progress; succeeds
run run k.k nap "'x'" --repeat 4 --progress=always; code_is 0; err_has "calls: 25% (1/4), "
! grep -q "[^ -~]" .err || failed "not plain lines"
run run k.k nap "'x'" --progress=sometimes; fails_with 2 "--progress wants nothing or =always"

# A terminal for stdout and stderr; what stands on its screen at the end goes to stdout here.
cat > terminal.py <<'P'
import fcntl, os, pty, re, signal, struct, sys, termios

columns, interrupt, words = int(sys.argv[1]), sys.argv[2] == "interrupt", sys.argv[3:]
signal.alarm(120)
child, master = pty.fork()
if child == 0:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execv(words[0], words)
seen = b""
while True:
    try:
        data = os.read(master, 4096)
    except OSError:  # how Linux says that the other side has been closed
        break
    if not data:
        break
    seen += data
    if interrupt and b"calls: " in seen:
        os.write(master, b"\x03")
        interrupt = False
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

drawn = re.findall(r"\r\x1b\[K([^\r\n\x1b]+)", seen.decode())
lines = seen.decode().replace("^C", "").split("\n")
# What a line shows: everything behind the last erasure; colours show nothing.
screen = [re.sub(r"\x1b\[[\d;]*m", "", line.split("\x1b[K")[-1]).replace("\r", "") for line in lines]
print("\n".join(screen), end="")
print("drawn:", *drawn, sep="\n  ", file=sys.stderr)
print("fits:", all(len(line) < columns for line in drawn), file=sys.stderr)
sys.exit(code)
P
python3 -c 'import pty; pty.openpty()' 2>.err || skip_rest "there are no pseudo-terminals here ($(tail -1 .err))"

# on_terminal COLUMNS -|interrupt WORDS...
on_terminal() {
  last="kjit ${*:3} on a terminal"
  python3 terminal.py "$1" "$2" "$KJIT" "${@:3}" >.out 2>.err
  code=$?
}

on_terminal 80 - run k.k nap "'x'" --repeat 3 --progress; code_is 0; out_is "x
None
x
None
x
None"
err_has "calls: 33% (1/3), "
on_terminal 12 - run k.k nap "'x'" --repeat 9 --jobs 2 --progress; code_is 0; err_has "calls: "; err_has "fits: True"
[ "$(grep -c '^None$' .out)" = 9 ] && [ "$(wc -l <.out)" = 18 ] || failed "not nine results alone"
on_terminal 80 - run k.k nap "'x'" --repeat 3 --progress --json; code_is 0; err_has "calls: "; [ "$(head -1 .out)" = "{" ] || failed "not JSON alone"
on_terminal 80 - run k.k fail 0 --repeat 3 --progress; code_is 1; [ "$(head -1 .out)" = "Traceback (most recent call last):" ] || failed "more than a traceback"
on_terminal 80 interrupt run k.k fail 5 --repeat 10000 --progress; code_is 130; out_has KeyboardInterrupt
! grep -q "calls:" .out || failed "the line is left"
on_terminal 80 - run k.k nap "'x'" --repeat 3; code_is 0; err_has "drawn:"; ! grep -q "calls:" .err || failed "drawn without --progress"

# A loop: its line, if it was slow enough to be drawn, is that of the source.
on_terminal 80 - run k.k total 300000 --progress; code_is 0; cp .out drawn
! grep "^  [^ ]" .err | grep -qv "k.k:18: " || failed "another line than the loop's"
run run k.k total 300000 --progress; succeeds; cmp -s .out drawn || failed "another result"
finish
