#!/usr/bin/env bash
# tests/python/wheel.sh BUILD: the wheel in a fresh virtual environment, with its examples. Exit status 77 where what builds it, or
# NumPy, would have to come from a registry that does not answer.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
failures=0
failed() { echo "wheel: $1" >&2; failures=$((failures + 1)); }
[ -e "$build/python/kjit/_engine.abi3.so" ] || { echo "skipped: no Python extension in $build" >&2; exit 77; }

"$root/scripts/make_wheel.sh" "$build" "$work" || exit $?
wheel=$(echo "$work"/kjit-*.whl)
case $wheel in *cp310-abi3-linux*) ;; *) failed "unexpected name $wheel" ;; esac
size=$(stat -c %s "$wheel")
[ "$size" -lt 40000000 ] || failed "the wheel has $size bytes"

base=/usr/bin/python3
[ -x "$base" ] || base=python3
"$base" -m venv "$work/venv" || { echo "skipped: $base cannot make a virtual environment (package python3-venv)" >&2; exit 77; }
install() { "$root/scripts/pip_install.sh" "$work/venv/bin/python" "$@"; }
install numpy
case $? in 0) ;; 77) echo "skipped: no Python registry answers, and NumPy is not here" >&2; exit 77 ;; *) failed "NumPy cannot be installed" ;; esac
# Only a registry that does not answer is a reason to skip: not a wheel that is damaged.
mkdir "$work/damaged" && head -c 100000 "$wheel" >"$work/damaged/$(basename "$wheel")"
install --no-index --no-deps "$work/damaged/$(basename "$wheel")" 2>/dev/null
case $? in 0 | 77) failed "a damaged wheel passes for a sound one, or for a missing network" ;; esac
install --index-url http://127.0.0.1:9/ kjit-needs-nothing-of-this-name 2>/dev/null
[ $? -eq 77 ] || failed "a registry that does not answer is not recognised"
install --no-index "$wheel" || { failed "the wheel cannot be installed"; exit 1; }
"$work/venv/bin/pip" check --disable-pip-version-check || failed "the wheel's dependencies"
cd "$work" || exit 1
export KJIT_CACHE_DIR=$work/cache

cat >program.py <<'END'
import kjit
import numpy as np


@kjit.njit(parallel=True)
def f(x, k):
    total = 0.0
    for i in kjit.prange(len(x)):
        total += x[i] * k
    x[0] = k
    return total


x = np.arange(10.0)
print(f(x, 3), x[0], f.signatures)
END
[ "$(venv/bin/python program.py)" = "135.0 3.0 [('f64[::1]', 'i64')]" ] || failed "the program: $(venv/bin/python program.py)"
[ "$(KJIT_DISABLE_JIT=1 venv/bin/python program.py)" = "135.0 3.0 []" ] || failed "without the JIT"

# The README's example.
sed -n '/^## From Python/,/^## From C++/p' "$root/README.md" | sed -n '/^```python/,/^```/p' | grep -v '^```' >readme.py
expected=$(sed -n 's/^print.*# //p' readme.py)
[ -n "$expected" ] && [ "$(venv/bin/python readme.py)" = "$expected" ] || failed "the README's example: $(venv/bin/python readme.py)"
mapped=$(venv/bin/python -c 'import program; print(*{line.split()[-1] for line in open("/proc/self/maps") if "libomp" in line})' | tail -1)
[ "$(dirname "$mapped")" = "$(echo "$work"/venv/lib/python*/site-packages/kjit)" ] || failed "libomp is $mapped, not the wheel's"
venv/bin/python -c 'import numba' 2>/dev/null && failed "the wheel has a module numba"
loaded=$(venv/bin/python -c 'import kjit, sys; print(*(name in sys.modules for name in ("numpy", "kjit._engine", "kjit.parallel")))')
[ "$loaded" = "False False False" ] || failed "import kjit loads what it does not need: $loaded"
[ $failures -eq 0 ] && echo "wheel: fine, $size bytes"
exit $((failures > 0))
