#!/usr/bin/env bash
# kjit bench: answers are compared before times are shown; rows, sentences, files, comparison with earlier figures.
. "$(dirname "$0")/expect.bash"
export KJIT_PYTHON=python3
few=(--seconds 0.05 --threads 2)

cat > k.k <<'K'
from kjit import njit, prange

@njit(parallel=True)
def total(n):
    s = 0
    for i in prange(n):
        s += i * i % 7
    return s

@njit
def fails(n):
    return n // 0

@njit
def scale(a, x):
    for i in range(len(a)):
        a[i] = a[i] * 0.5 + x
    return a[0]
K
cat > other.py <<'P'
def total(n):
    return sum(i * i % 7 for i in range(n))

def wrong(n):
    return total(n) + 1
P

# The table, and what follows from it.
run bench k.k total 20000 "${few[@]}"; succeeds
out_has "answers agree: 39998"; out_has "interpreter"; out_has "kjit, 1 thread"; out_has "kjit, 2 threads"; out_has "CPython"
out_has "Compiling has paid for itself after"; out_has "Peak memory"; out_has "Not bound by memory: no array is an argument."
run bench k.k scale "[1.0, 2.0, 3.0]" 0.5 "${few[@]}" --python none; succeeds; out_has "One thread touches at least"
grep -q CPython .out && failed "--python none leaves CPython out"

# Others: the same answer is timed, another one is shown as such, and has no time.
run bench k.k total 2000 "${few[@]}" --python none --json; succeeds
json_is 'd["answer"] == "3999" and [row["name"] for row in d["rows"]] == ["interpreter", "kjit, 1 thread", "kjit, 2 threads"]'
json_is 'all(row["low_s"] <= row["median_s"] <= row["high_s"] and row["first_s"] >= row["compile_s"] for row in d["rows"])'
run bench k.k total 2000 "${few[@]}" --against other.py:total --against other.py:wrong --against missing.py:f --json; succeeds
json_is '[row.get("wrong") for row in d["rows"][-3:]] == [None, True, False]'
json_is 'd["rows"][-2]["failure"] == "another answer: 4000 instead of 3999" and "samples_s" not in d["rows"][-2]'
run bench k.k total 2000 "${few[@]}" --python none --against-cmd "echo 3999"; succeeds; out_has "process: kjit run"; out_has "process: echo 3999"
run bench k.k total 2000 "${few[@]}" --python none --against-cmd "echo 1"; succeeds; out_has "another answer: 1 instead of 3999"
# CPython runs the kernel itself, whichever package `import kjit` finds.
printf '#!/bin/sh\n[ "$KJIT_DISABLE_JIT" = 1 ] || exit 9\nexec python3 "$@"\n' > interpreting-python
chmod +x interpreting-python
run bench k.k total 2000 "${few[@]}" --python ./interpreting-python --json; succeeds
json_is '[row["name"] for row in d["rows"] if "samples_s" in row] == ["interpreter", "kjit, 1 thread", "kjit, 2 threads", "CPython"]'
run bench k.k total 2000 "${few[@]}" --python no-such-python; succeeds; out_has "no 'no-such-python' here"
printf 'import no_such_module\n\n\ndef f(n):\n    return n\n' > other.py
run bench k.k total 2000 "${few[@]}" --against other.py:f; succeeds
out_has "'python3' has no module 'no_such_module': install it (python3 -m pip install no_such_module), or name another CPython with --python"

# Files; a comparison with figures of before.
run bench k.k total 2000 "${few[@]}" --python none --save old.json --html page.html; succeeds
grep -q "<table>" page.html && grep -q "kjit, 1 thread" page.html || failed "the page lacks its table"
grep -q "http" page.html && failed "the page needs the network"
slower_than() { python3 - "$1" <<'P'
import json, sys
d = json.load(open("old.json"))
for row in d["rows"]:
    row["samples_s"] = [x * float(sys.argv[1]) for x in row["samples_s"]]
json.dump(d, open("scaled.json", "w"))
P
}
slower_than 0.001; run bench k.k total 2000 "${few[@]}" --python none --compare scaled.json; code_is 3; out_has ": slower"
slower_than 1000; run bench k.k total 2000 "${few[@]}" --python none --compare scaled.json; code_is 0; out_has ": faster"
echo "[]" > old.json; run bench k.k total 2000 "${few[@]}" --python none --compare old.json; code_is 1; err_has "no figures of kjit bench"
run bench k.k total 2000 --compare missing.json; fails_with 1 "missing.json cannot be read"

# What goes wrong is said before anything is measured.
run bench k.k fails 1 "${few[@]}"; fails_with 1 "ZeroDivisionError"
run bench k.k nothing 1 "${few[@]}"; fails_with 1 "nothing"
run bench k.k; fails_with 2 "name the kernel to measure"
run bench k.k total 10 --against other.py; fails_with 2 "--against wants FILE.py:function"
run bench k.k total 10 --seconds 0; fails_with 2 "--seconds wants more than 0"
run bench k.k total 10 --interpret; fails_with 2 "the interpreter is a row of the report anyway"
finish
