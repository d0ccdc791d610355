#!/usr/bin/env bash
# kjit run: the script, one kernel with arguments, sys.argv, results, errors, exit codes, streams.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
import sys
import numpy as np

def add(a, b):
    return a + b

def same(a):
    return a

def nothing():
    x = 1

def at(a, i):
    return a[i]

def double(a):
    for i in range(len(a)):
        a[i] = 2 * a[i]
    return a

def pair(n):
    return n, np.zeros(n)

def quit(code):
    sys.exit(code)

def give_up(why):
    sys.exit(why)

if __name__ == "__main__":
    print(len(sys.argv))
    for i in range(1, len(sys.argv)):
        print(sys.argv[i])
K

run run k.k; succeeds; out_is 1
run run k.k -- 3 abc -x --threads; succeeds; out_is "5
3
abc
-x
--threads"

run run k.k add 2 3; succeeds; out_is 5
run run k.k add -2 3; succeeds; out_is 1
run run k.k add -2.5 -inf; succeeds; out_is -inf
run run k.k add 0.1 0.2; succeeds; out_is 0.30000000000000004
run run k.k add 1+2j 1; succeeds; out_is "(2+2j)"
run run k.k add "'a'" "'b'"; succeeds; out_is "'ab'"
run run k.k same True; succeeds; out_is True
run run k.k same "(1, 2.5, 'x')"; succeeds; out_is "(1, 2.5, 'x')"
run run k.k same "[[1, 2], [3, 4]]"; succeeds; out_is "array([[1, 2],
       [3, 4]])"
run run k.k nothing; succeeds; out_is None
run run k.k pair 2; succeeds; out_is "(2, array([0., 0.]))"
cp k.k "[x].k"; run run "[x].k" add 1 1; succeeds; out_is 2
run run -O0 k.k add 1 1; succeeds; out_is 2
run run k.k add 1 1 --interpret --no-cache; succeeds; out_is 2
run run k.k add --threads 2 1 1; succeeds; out_is 2

run run k.k ad 1 2; fails_with 1 "add"
run run k.k add 1; fails_with 1 "add"
run run k.k add 1 hello; fails_with 2 "argument 2 (hello)"
run run k.k add 1 "(1,"; fails_with 2 "argument 2"
run run k.k add 1 @none.npy; fails_with 1 "none.npy: No such file"
run run k.k add 1 @k.k; fails_with 1 "k.k: not a .npy file"

run run k.k at "[1, 2, 3]" 5
fails_with 1 "IndexError: a[i]: index 5 is out of range for axis 0 with size 3"
err_has "Traceback (most recent call last):"
err_has 'File "k.k", line 14, in at'
err_lacks "<call>"
run run k.k quit 3; code_is 3; out_empty; err_empty
run run k.k quit 0; code_is 0; out_empty; err_empty
run run k.k quit 257; code_is 1; out_empty; err_empty
run run k.k quit 1; code_is 1; out_empty; err_empty
run run k.k give_up '"1"'; code_is 1; out_empty; err_is "1"
run run k.k give_up '"no file a.txt"'; code_is 1; out_empty; err_has "no file a.txt"

run run k.k double "[1, 2]" --out d.npy; succeeds; out_empty
run run k.k same @d.npy; succeeds; out_is "array([2, 4])"
run run k.k add 1 2.5 --out s.npy; succeeds
run run k.k same @s.npy; succeeds; out_is 3.5
run run k.k pair 2 --out p.npy; fails_with 1 "neither an array nor a number"
run run k.k same "[1]" --out no/such/folder.npy; fails_with 1 "No such file"

run run k.k add 1 2 --time; code_is 0; out_is 3; err_has "compile "; err_has "run "
"$KJIT" run k.k add 1 2 --time >.out 2>&1; head -n 1 .out | grep -qx 3 || failed "--time prints before the result"
run run k.k add 1 2 --seed random; code_is 0; out_is 3; err_has "seed: "
finish
