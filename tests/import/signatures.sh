#!/usr/bin/env bash
# kjit_check_signatures(): a build fails where a use of the C++ interface does not fit its kernel file, and goes on once it does.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >CMakeLists.txt <<E2
cmake_minimum_required(VERSION 3.25)
project(program CXX)
set(KJIT_BIN_DIR "$(dirname "$KJIT")")
include("$root/cmake/package/kjit-check-signatures.cmake")
add_executable(program main.cpp)
target_include_directories(program PRIVATE "$root/jit/include")
target_compile_definitions(program PRIVATE RESULT=float OTHER=1)
kjit_check_signatures(program)
E2
printf 'def scaled(x, k):\n    return x[k] * 2.0\n' >scale.k
cat >main.cpp <<'C'
#include <kjit/kjit.h>
int main() {
  kjit::Engine engine;
  auto module = engine.load_file("scale.k");
  auto scaled = module->function<RESULT(std::span<const double>, std::int64_t)>("scaled");
  return scaled ? 0 : 1;
}
C
cmake -B build >/dev/null
if cmake --build build --target program_signatures >out.txt 2>&1; then echo "a float was taken for a double"; exit 1; fi
grep -qF "main.cpp:5:" out.txt
grep -qF "kernel 'scaled' does not fit 'scaled(f64[::1] const, i64) -> f32'" out.txt
sed -i 's/x\[k\] \* 2.0/np.float32(x[k])/; 1i import numpy as np' scale.k  # the kernel is changed, not the program
cmake --build build --target program_signatures >out.txt 2>&1 || { cat out.txt; exit 1; }
grep -qF "1 uses of kernels checked, 0 do not fit" out.txt
