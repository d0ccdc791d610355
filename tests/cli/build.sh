#!/usr/bin/env bash
# kjit build: every file of kernels/ in one C++ program with the bits of kjit run, a C program, the shared library, CPU levels,
# another machine, mistakes.
kernels=$PWD/kernels sources=$PWD/tests/cli/build
. "$(dirname "$0")/expect.bash"
command -v c++ >/dev/null || skip_rest "no C++ compiler"
[ -z "${KJIT_SANITIZE:-}" ] || skip_rest "the runtime is compiled for a sanitizer, which the system's c++ does not link"
runtime=$(dirname "$KJIT")/libkjit_rt.a
libraries=(-L/usr/lib/llvm-19/lib -l:libomp.so.5 -lpthread -ldl -lm)

# ---- all kernels, as static libraries in one program ----
build() { run build "$kernels/$1.k" -o out "${@:2}"; [ "$code" = 0 ] || failed "exit code $code"; }
build black_scholes --types "price_all(f64, f64[::1], f64, f64, f64)" "normal_cdf(f64)"
build calc_pi --types "calc_pi(i64)" "calc_pi_parallel(int)"
build fannkuch --types "fannkuch(i64)"
build histogram --types "sample(i64)" "histogram_parallel(f64[::1], f64, f64, i64, i64)"
build jacobi --types "solve(i64, f64, i64)"
build julia --types "julia(i64, i64, c128, i64)"
build life --types "run(i64[:, ::1], i64)" "population(i64[:, ::1])"
build mandelbrot --types "mandelbrot(i64, i64, i64)" --cpu v2,v3,v4
build matmul --types "hilbert(i64)" "matmul_rows(f64[:, ::1], f64[:,:])"
build matrix_fill --types "fill_parallel(i64)" --cpu native
build nbody --types "make_bodies()" "advance(f64[:, ::1], f64, i64)" "energy(f64[:, ::1])"
build primes --types "is_prime(i64)" "find_sum_parallel(i64)"
build spectral_norm --types "spectral_norm(i64)"
build sum_range --types "sum_range(i64)"
build word_autocorr --types "make_mask(i64, i64)" "word_autocorr_parallel(i64[::1], i64)"

c++ -std=c++20 -Iout/include "$sources/kernels.cpp" out/lib/lib[a-jl-z]*.a "$runtime" "${libraries[@]}" -o kernels 2>.err || failed "kernels.cpp is not compiled"
./kernels >results 2>.err || failed "the program failed"

# number NAME KERNEL ARGS...: the line of the program, and what kjit run prints.
number() { run run "$kernels/$2.k" "${@:3}"; grep -qxF "$1 $(cat .out)" results || failed "the program has $(grep "^$1 " results)"; }
# array NAME KERNEL ARGS...: the elements, bit for bit; a .npy file has 128 bytes in front of them.
array() { run run "$kernels/$2.k" "${@:3}" --out "$1.npy"; tail -c +129 "$1.npy" | cmp -s - "$1.bin" || failed "$1 differs"; }

number normal_cdf black_scholes normal_cdf 0.3
number calc_pi calc_pi calc_pi 20000
number calc_pi_parallel calc_pi calc_pi_parallel 20000 --seed 7
run run "$kernels/fannkuch.k" fannkuch 6; out_is "($(sed -n 's/^checksum //p' results), $(sed -n 's/^most //p' results))"
array sample histogram sample 1000 --seed 7
array counts histogram histogram_parallel @sample.npy -3.0 3.0 12 4
array julia julia julia 31 21 "(-0.8+0.156j)" 50
array mandelbrot mandelbrot mandelbrot 40 20 60
array fill matrix_fill fill_parallel 13
number is_prime primes is_prime 7919
number find_sum primes find_sum_parallel 3000
number spectral_norm spectral_norm spectral_norm 40
number sum_range sum_range sum_range 1000
array mask word_autocorr make_mask 200 3
array acf word_autocorr word_autocorr_parallel @mask.npy 50
# What takes or gives more than one value: through a file that calls the kernels.
cp "$kernels"/*.k .
cat > through.k <<'K'
import numpy as np
from black_scholes import price_all
from jacobi import solve
from life import run, population
from matmul import hilbert, matmul_rows
from nbody import make_bodies, advance, energy

def calls(strikes): return price_all(42.0, strikes, 0.1, 0.2, 0.5)[0]
def puts(strikes): return price_all(42.0, strikes, 0.1, 0.2, 0.5)[1]
def solution(n): return solve(n, 1e-6, 400)[0]
def steps(n): return solve(n, 1e-6, 400)[1]
def cells(n):
    a = np.zeros((n, n), dtype=np.int64)
    for k in [9, 18, 24, 25, 26]:
        a[k // n, k % n] = 1
    run(a, 4)
    return population(a)
def product(n): return matmul_rows(hilbert(n), hilbert(n).T)
def moved(steps):
    b = make_bodies()
    advance(b, 0.01, steps)
    return energy(b)
K
kernels=.
array calls through calls "[38.0, 40.0, 42.5]"
array puts through puts "[38.0, 40.0, 42.5]"
array solution through solution 9
number steps through steps 9
number population through cells 8
array product through product 5
number energy through moved 100

# ---- C, errors, forms of values; header ----
run build "$sources/lib.k" -o c --types "mean(f64[::1])" "mean(float32[::1])" "at(f64[:], i64)" "outer(f64[::1])" "square(complex)" \
  "greet(str)" "narrow(i8, u8, f32, bool)" "speak(int)" "forever()" "parallel_error(f64[::1])" "pair((i64, f64))" --target static,shared
succeeds; out_has "outer(x: f64[::1]) -> (f64[:, :], i64)"
grep -q "Lengths in metres" c/include/lib.h && grep -q "All products" c/include/lib.h || failed "comments are missing in the header"
grep -q "x: x_size elements of double, row-major without gaps; only read" c/include/lib.h || failed "shapes are missing in the header"
cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Ic/include "$sources/program.c" c/lib/liblib.a "$runtime" "${libraries[@]}" -lstdc++ -o program 2>.err || failed "program.c is not compiled"
./program >static.txt 2>.err || failed "the C program failed"
cat static.txt >.out
out_has "0 3.5"
out_has 'line 14, in at'
out_has "IndexError"
out_has "0 5"
out_has "0 3 x 3, [2, 1] = 6, 9"
out_has "-7 24"
out_has "hello, wörld"
out_has "1 1.5"
out_has "line 0;line 1;line 2;"
out_has "Cancelled"
out_has "in iteration i = 3 of the parallel loop"
out_has "ValueError: negative"
[ "$(tail -n 2 static.txt)" = "3
1.5" ] || failed "the last lines differ"

# ---- the shared library: nothing of LLVM, only its own functions ----
cc -std=c11 -Ic/include "$sources/program.c" c/lib/liblib.so -Wl,-rpath,"$PWD/c/lib" -lm -o shared 2>.err || failed "the shared library does not link"
./shared >shared.txt 2>.err || failed "the program with the shared library failed"
cmp -s static.txt shared.txt || failed "static and shared library differ"
ldd ./shared ./program ./kernels >.out
! grep -qi llvm\\.so .out && ! grep -q libLLVM .out || failed "LLVM is linked"
nm -D --defined-only c/lib/liblib.so | awk '{print $3}' | grep -v '^lib_' >.out; out_empty

# ---- annotations, CMake, CPU levels, objects, another machine ----
run build "$sources/lib.k" -o a --name notes
succeeds; out_has "square(z: c128) -> c128"; [ "$(grep -c mean .out)" = 0 ] || failed "mean has no annotations"
if command -v cmake >/dev/null; then
  mkdir -p project && cat > project/CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.20)
project(p CXX)
find_package(lib REQUIRED)
add_executable(p p.cpp)
target_compile_features(p PRIVATE cxx_std_20)
target_link_libraries(p lib::lib)
C
  echo '#include "lib.h"
int main() { try { lib::at(kjit::ArrayView<const double, 1>(nullptr, {0}), 1); } catch (const kjit::rt::Error& e) { return e.kind() != "IndexError"; } return 2; }' > project/p.cpp
  cmake -S project -B project/build -Dlib_DIR="$PWD/c/lib/cmake/lib" >.out 2>.err && cmake --build project/build >>.out 2>&1 && ./project/build/p || failed "find_package(lib)"
fi
run build "$kernels/sum_range.k" -o o --types "sum_range(i64)" --target object --cpu x86-64,v3
succeeds; [ -f o/lib/sum_range.sum_range.v3.o ] && [ -f o/lib/sum_range.sum_range.v1.o ] || failed "an object for each level"
run build "$kernels/matmul.k" -o arm --types "matmul(f64[:, ::1], f64[:, ::1])" --target static,object --triple aarch64-linux-gnu
succeeds
for dump in llvm-objdump-19 aarch64-linux-gnu-objdump; do
  command -v "$dump" >/dev/null || continue
  for object in arm/lib/*.o; do
    "$dump" -d "$object" >.out 2>.err; grep -qi aarch64 .out && grep -q ret .out || failed "$dump does not accept $object"
  done
done

# ---- functions of C libraries: the linker finds them; their names are no builtins of the compiler's ----
cat > e.k <<'K'
from kjit import extern, f64, i32, i8


@extern("libm.so.6")
def cbrt(x: f64) -> f64: ...


@extern("libm.so.6")
def ldexp(x: f64, n: i32) -> f64: ...


@extern("./libnarrow.so")
def narrow(x: i8) -> i8: ...


def f(x: f64):
    return cbrt(x) + ldexp(x, i32(3))


def g(x: i8) -> i8:
    return narrow(x)
K
echo 'signed char narrow(signed char x) { return x < 0 ? -x : x / 2; }' | cc -shared -fPIC -x c - -o libnarrow.so
run run e.k f 27.5; jit=$(cat .out)
run build e.k -o e --target static,shared; succeeds
grep -q "call functions of libm.so.6, ./libnarrow.so" e/include/e.h || failed "the header does not say which libraries"
printf '#include "e.h"\n#include <stdio.h>\nint main(void) { double y; int8_t n; return e_f(27.5, &y, 0) || e_g(-100, &n, 0) || printf("%%.17g %%d\\n", y, n) < 0; }\n' > e.c
cc -std=c11 -Ie/include e.c e/lib/libe.a "$runtime" ./libnarrow.so "${libraries[@]}" -lstdc++ -Wl,-rpath,. -o estatic 2>.err && ./estatic >.out || failed "e.c, static"
out_is "$jit 100"
cc -std=c11 -Ie/include e.c e/lib/libe.so -Wl,-rpath,"$PWD/e/lib:." -o eshared 2>.err && ./eshared >.out || failed "e.c, shared"
out_is "$jit 100"

# ---- a Python package ----
run build "$sources/lib.k" -o python --types "mean(f64[::1])" "mean(float32[::1])" "at(f64[:], i64)" "outer(f64[::1])" "square(complex)" \
  "greet(str)" "narrow(i8, u8, f32, bool)" "speak(int)" "parallel_error(f64[::1])" "pair((i64, f64))" --target python
succeeds
[ "$(find python -type f | sort | tr '\n' ' ')" = "python/python/lib/__init__.py python/python/lib/liblib.so " ] ||
  failed "other files than the package's"
if "$PYTHON" -c "import numpy" 2>/dev/null; then
  mkdir -p moved && cp -r python/python/lib moved && rm -r python
  "$PYTHON" "$sources/use_package.py" moved >.out 2>.err; code=$?; succeeds; out_has "ok <kernel at(x: f64[:], i: i64) -> f64>"
fi

# ---- overloads of integers: the next one has room ----
printf 'def f(n):\n    return n\n' > wide.k
run build wide.k -o wide --types "f(i32)" "f(u64)" --target shared,python; succeeds
cmp -s wide/lib/libwide.so wide/python/wide/libwide.so || failed "two kinds of the shared library"
"$PYTHON" -c 'import sys; sys.path.insert(0, "wide/python"); import wide
print(int(wide.f(2**40)), int(wide.f(-5)))
try: wide.f(2**70)
except OverflowError as e: print("int32" in str(e) and "uint64" in str(e))' >.out 2>.err; code=$?
[ "$code" = 77 ] || { succeeds; [ "$(tr '\n' ' ' <.out)" = "1099511627776 -5 True " ] || failed "overloads of integers"; }

# ---- mistakes ----
run build "$sources/lib.k" -o x --types "mean(f64[)"; fails_with 1 "kernels have no type"
run build "$sources/lib.k" -o x --types "nomean(f64)"; fails_with 1 "E0410"
run build "$sources/lib.k" -o x --types mean; fails_with 1 "is no kernel with its types"
run build "$sources/lib.k" -o x --types "mean(i64)"; fails_with 1 "no kernel mean(i64)"
printf 'from kjit import extern, f64\n@extern\ndef sample(x: f64) -> f64: ...\ndef f(x: f64): return sample(x)\n' > h.k
run build h.k -o x --types "f(f64)"; fails_with 1 "a function of the host (host sample)"
echo 'double cbrt(double x) { return x; }' | cc -shared -fPIC -x c - -o libother.so
printf 'from kjit import extern, f64\n@extern("./libother.so")\ndef cbrt(x: f64) -> f64: ...\n' > other.k
printf 'import other\ndef h(x): return other.cbrt(x)\n' | cat - e.k > both.k
run build both.k -o x --types "f(f64)" "h(f64)"; fails_with 1 "cbrt is declared for libm.so.6 and for ./libother.so"
run build "$kernels/calc_pi.k" -o x; fails_with 1 "annotations"
run build "$kernels/sum_range.k" -o x --types "sum_range(i64)" --cpu i486,v3; fails_with 1 "does not go with other CPUs"
run build "$kernels/sum_range.k" -o x --types "sum_range(i64)" --cpu nosuch; fails_with 1 "knows no CPU nosuch"
run build "$kernels/sum_range.k" -o x --types "sum_range(i64)" --triple nosuch-linux; fails_with 1 "nosuch"
run build "$kernels/sum_range.k" -o /dev/null/x --types "sum_range(i64)"; fails_with 1 "/dev/null"
run build "$kernels/sum_range.k" --types "sum_range(i64)"; fails_with 2 "--out"
run build "$kernels/sum_range.k" -o x --target dynamic; fails_with 2 "static, shared, object or python"
finish
