#!/usr/bin/env bash
# kjit explain: what became of each loop, and why.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import numpy as np
from kjit import njit, prange

@njit
def scale(a, out):
    for i in range(a.size):
        out[i] = 2.0 * a[i] + 1.0

@njit(parallel=True)
def pi(n):
    s = 0.0
    for i in prange(n):
        x = (i + 0.5) / n
        s += 4.0 / (1.0 + x * x)
    return s / n

@njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

@njit
def add(a, b):
    return a + b

@njit
def smooth(a, steps):
    for t in range(steps):
        b = np.zeros(a.size)
        for i in range(1, a.size - 1):
            b[i] = add(a[i - 1], a[i + 1]) / 2.0
        a = b
    total = 0
    for k in range(5):
        total += fib(k)
    return a.sum() + total

@njit
def whole(a, out):
    t = a * 2.0
    out[:] = t + 1.0
    return (a * a).sum()

@njit
def serial(a):
    for i in prange(a.size):
        a[i] = 0.0

a = np.arange(1000.0)
out = np.zeros(1000)
scale(a, out)
whole(a, out)
serial(a)
print(pi(1000), smooth(a, 3))
K

run explain k.k; succeeds
found() {  # found LINE 'label text': a finding of that line
  awk -v head="k.k:$1:" 'index($0, head) == 1 { on = 1; next } /^$/ { on = 0 } on' .out | tr -s ' \n' ' ' | grep -qF -- "$2" ||
    failed "line $1 lacks '$2'"
}
found 6 'in scale(f64[::1], f64[::1])'
found 6 'bounds checked once, in front of the loop: out[i], a[i]'
found 6 'vectors yes:'
found 6 'work in each iteration at most 2 float operations, 8 bytes read, 8 bytes written: 0.12 operations for each byte'
found 12 "parallel on all cores 's' is summed by blocks in a fixed order: the same bits on any number of threads"
found 12 "vectors no: a divisor may be zero help: error_model='numpy'"
found 12 "no: the order in which 's' is accumulated is kept help: fastmath=True lets it change"
found 27 'memory makes an array in each iteration: np.zeros(a.size) (line 28) help: make it before the loop'
found 29 'vectors yes:'   # add() is inlined, so that the call hinders nothing
found 33 'calls fib is not inlined: it is recursive'
found 39 "fused no array is made for 't': its elements are computed in the loop of line 40"
found 40 'arrays 1 loop over the elements, 0 arrays made vectors yes:'
found 41 'arrays 1 loop over the elements, 0 arrays made'
found 41 "vectors yes:"
found 45 'parallel no: only functions with parallel=True run prange on all cores help: @njit(parallel=True)'

run explain k.k fib 5; succeeds; out_is "no loops in what is called here; name a kernel and its arguments for another one"
run explain k.k pi 1000 -O1; succeeds; out_has "no: LLVM makes vectors from -O2 on"
run explain k.k --json; succeeds
json_is 'd["file"] == "k.k" and d["kernel"] == "" and d["cpu"] and [p["line"] for p in d["places"]] == [6, 12, 27, 29, 33, 39, 40, 41, 45]'
json_is 'd["places"][1]["findings"][0] == {"label": "parallel", "text": "on all cores"}'
json_is 'd["places"][0]["kind"] == "loop" and d["places"][6]["kind"] == "arrays" and d["places"][1]["source"] == "for i in prange(n):"'

echo 's = "</script>"' >> k.k
run explain k.k --html k.html; succeeds
python3 - <<'P' || failed "the page"
import json, re
page = open("k.html").read()
data = json.loads(re.search(r"const data = (.*);\nconst panes", page).group(1))
assert page.count("</script>") == 1, "the source ends the script"
views = data["views"]
assert [line for line, _ in views["source"]] == list(range(1, 55)), views["source"]
assert any(line == 7 and "out[i] = ((2.0 * a[i]) + 1.0)" in text for line, text in views["typed"])
assert any(line == 7 and "fmul <" in text for line, text in views["llvm"]), "vectors of line 7"
assert any(line == 7 for line, _ in views["assembly"])
assert not any("!dbg" in text or "!DI" in text for _, text in views["llvm"])
assert not any(text.lstrip().startswith((".loc", ".cfi")) for _, text in views["assembly"])
P

echo 'x = y' > bad.k
run explain bad.k; fails_with 1 "E0401"
run explain missing.k; fails_with 1 "missing.k"
run explain k.k nothing 1; fails_with 1 "nothing"
run explain k.k --interpret; fails_with 2 "--interpret"
run explain k.k --html /nosuch/x.html; code_is 1; err_has "/nosuch/x.html"
finish
