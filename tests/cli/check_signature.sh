#!/usr/bin/env bash
# kjit check --signature: a kernel must take and return the types that a host asks for.
. "$(dirname "$0")/expect.bash"

cat > pair.k <<'K'
def scaled(x, k):
    return x[k] * 2.0

def doubled(x):
    for i in range(len(x)):
        x[i] *= 2.0

def pair(m):
    return m.shape[0], m[0, 0]
K
run check pair.k --signature 'scaled(f64[::1] const, i64) -> f64' --signature 'doubled(f64[::1]) -> None'; code_is 0
run check pair.k --signature 'pair(f32[:, ::1] const) -> (i64, f32)'; code_is 0
run check pair.k --signature 'scaled(f64[::1], i64) -> i64'; code_is 1; err_has "scaled(f64[::1], i64) -> i64"
run check pair.k --signature 'doubled(f64[::1] const) -> None'; code_is 1; err_has "doubled"
run check pair.k --signature 'absent(f64) -> f64'; code_is 1; err_has "absent"
run check pair.k --signature 'scaled(f65, i64) -> f64'; code_is 1; err_has "kernels have no type f65"
run check pair.k --signature 'scaled(f64'; code_is 1; err_has "'scaled(f64' is no signature"
finish
