#!/usr/bin/env bash
# kjit run --map: one call for each line or row, in order or as completed, errors by item.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import random

def f(n, x, scale=1):
    if n == 3:
        raise ValueError("three")
    return n * x * scale

def one(n):
    print("item", n)
    return n + 1

def draw(n):
    return random.random()

def total(a, k):
    s = 0
    for v in a:
        s += v
    return s * k
K
printf '# n, x\n1, 2.5\n2, 0.5\n\n -4 , 1.0,\n' > args.csv
run run k.k f --map args.csv; succeeds; out_is "2.5
1.0
-4.0"
for jobs in 1 2 4 -1; do
  run run k.k f 10 --map args.csv --jobs $jobs; succeeds; out_is "25.0
10.0
-40.0"
done
run run k.k f --map args.csv --jobs 2 --as-completed; code_is 0; [ "$(sort .out)" = "$(printf '0: 2.5\n1: 1.0\n2: -4.0')" ] || failed "items differ"
printf '[1, 2, 3]\n[4, 5]\n' > lists.csv
run run k.k total 2 --map lists.csv --jobs 2; succeeds; out_is "12
18"
seq 1 40 > many.csv
run run k.k one --map many.csv --jobs 4; succeeds
[ "$(cat .out)" = "$(for n in $(seq 1 40); do echo "item $n"; echo $((n + 1)); done)" ] || failed "output is not in order"
run run k.k draw --map many.csv; cp .out expected
run run k.k draw --map many.csv --jobs 3; cmp -s .out expected || failed "random numbers depend on the threads"
run run k.k f --map many.csv 2 --jobs 2 --json; code_is 1; json_is 'd["failed_call"] == 2 and d["results"] == ["2", "4"] and d["error"]["kind"] == "ValueError"'
run run k.k f 1 --map many.csv --jobs 4; code_is 1; err_has "ValueError: three"; err_has "in call 2 of 40"
run run k.k one --map many.csv --jobs 2 --progress=always; code_is 0; err_has "calls"

: > empty.csv
run run k.k one --map empty.csv; succeeds; out_empty
run run k.k one --map missing.csv; fails_with 1 "missing.csv"
printf '1\nx y\n' > bad.csv
run run k.k one --map bad.csv; fails_with 2 "bad.csv, line 2"
run run k.k one --map many.csv --repeat 3; fails_with 2 "--repeat and --map"
run run k.k --map many.csv; fails_with 2 "name one after the file"
run run k.k one 3 --as-completed; fails_with 2 "goes with --map"

need_numpy
"$PYTHON" -c 'import numpy as np; np.save("a.npy", np.arange(3)); np.save("b.npy", np.array([[1, 2.5], [2, 4]])); np.save("c.npy", np.zeros((2, 2, 2)))'
run run k.k one --map a.npy --jobs 2; succeeds; out_is "item 0
1
item 1
2
item 2
3"
run run k.k f --map b.npy --jobs 2; succeeds; out_is "2.5
8.0"
run run k.k f --map c.npy; fails_with 2 "one or two axes"
finish
