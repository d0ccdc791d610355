#!/usr/bin/env bash
# .npy files that NumPy wrote as arguments, and what kjit writes against what NumPy writes.
. "$(dirname "$0")/expect.bash"
need_numpy

cat > k.k <<'K'
def same(a):
    return a

def double(a):
    for i in range(len(a)):
        a[i] = 2 * a[i]
    return a
K

"$PYTHON" - <<'P'
import numpy as np
np.save("in.npy", np.arange(6, dtype=np.float64).reshape(2, 3))
np.save("vec.npy", np.array([1, 2, 3], dtype=">i8"))
P
run run k.k double @vec.npy; succeeds; out_is "array([2, 4, 6])"
run run k.k same @in.npy --out out.npy; succeeds; out_empty
cmp -s in.npy out.npy || failed "out.npy differs from NumPy's file"
finish
