#!/usr/bin/env bash
# kjit graph: what the statements of a script wait for.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import random
import numpy as np

def fill(x, v):
    for i in range(len(x)):
        x[i] = v

def total(x):
    s = 0.0
    for v in x:
        s += v
    return s

def draw():
    return random.random()

a = np.zeros(3)
b = np.zeros(3)
fill(a, 1.0)
fill(b, 2.0)
s = total(a)
t = total(b)
fill(a, s)
print(s + t)
r = draw()
q = draw()
K
run graph k.k; succeeds
for edge in 't0 -> t2;' 't1 -> t3;' 't2 -> t4;' 't3 -> t5;' 't4 -> t6;' 't4 -> t7;' 't5 -> t7;' 't8 -> t9;'; do out_has "  $edge"; done
[ "$(grep -c -- '->' .out)" = 8 ] || failed "other edges"
out_has 'label="fill(a, 1.0)\nline 19", fillcolor="#ffffff"'
out_has 'label="a = np.zeros(3)\nline 17", fillcolor="#eeeeee"'
run graph k.k -o k.svg; succeeds; out_empty
grep -q '<svg xmlns' k.svg && grep -q 'fill(a, 1.0)</text>' k.svg && grep -q '</svg>' k.svg || failed "the picture lacks something"
[ "$(grep -c '<line' k.svg)" = 8 ] || failed "the picture has other edges"
run graph - --svg < k.k; succeeds; out_has "</svg>"
echo 'x = y' > bad.k
run graph bad.k; fails_with 1 "E0401"
run graph missing.k; fails_with 1 "missing.k"
run graph k.k -o /nosuch/x.svg; fails_with 1 "/nosuch/x.svg"
finish
