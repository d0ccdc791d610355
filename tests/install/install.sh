#!/usr/bin/env bash
# Installs a build into a scratch prefix and uses it as a stranger would: tests/install/install.sh BUILD
# Programs of projects of their own, with CMake and with pkg-config, the system's compiler, and what the library shows.
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
failures=0
failed() { echo "install: $1" >&2; failures=$((failures + 1)); }
# same WHAT EXPECTED ACTUAL
same() { [ "$2" = "$3" ] || { failed "$1"; diff <(echo "$2") <(echo "$3") >&2; }; }
compiler=${CXX:-c++}

cmake --install "$build" --prefix "$prefix" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
library=$(readlink -f "$prefix"/lib*/libkjit.so "$prefix"/lib/*/libkjit.so 2>/dev/null | head -1)
libdir=$(dirname "$library")

# ---- find_package --------------------------------------------------------------------------------------------------------------

cmake -S "$here/host" -B "$work/host" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" >"$work/log" 2>&1 &&
  cmake --build "$work/host" >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
run() { timeout 60 "$work/host/$1" 2>&1 || echo "exit code $?"; }
same "the first program" 499500 "$(run issue)"
same "engines before main" "before main: 499500
static: 4950
after main: 45
after main: 45" "$(run before_main)"
same "exceptions of the host" "thrown by the host, in flight: 0
the source text has errors
in flight: 0, a call goes on: 3" "$(run exceptions)"
if [ -x "$work/host/two_llvms" ]; then
  same "two LLVMs in a process" "host: 21
kjit: 100, host: 3
kjit: 200, host: 6
kjit: 300, host: 9" "$(run two_llvms)"
else
  echo "install: skipped, for want of libLLVM and its headers: two LLVMs in a process"
fi
sed 's/find_package(kjit 0.1/find_package(kjit 0.2/' "$here/host/CMakeLists.txt" >"$work/CMakeLists.txt"
cmake -S "$work" -B "$work/other" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >"$work/log" 2>&1 && failed "find_package takes another minor version"

# ---- every example ---------------------------------------------------------------------------------------------------------------

cmake -S "$here/../../examples" -B "$work/examples" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" \
  >"$work/log" 2>&1 && cmake --build "$work/examples" >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for source in "$here"/../../examples/[0-9]*.c*; do
  name=$(basename "${source%.*}")
  same "example $name" "$(cat "$here/../../examples/expected/$name.txt")" "$(cd "$work/examples" && timeout 60 ./$name 2>&1)"
done

cmake -S "$here/../../examples/09_ahead_of_time" -B "$work/ahead" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DKJIT="$prefix/bin/kjit" \
  >"$work/log" 2>&1 && cmake --build "$work/ahead" >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for language in c cpp; do
  same "example 09_ahead_of_time, $language" "$(cat "$here/../../examples/09_ahead_of_time/expected.txt")" \
    "$("$work/ahead/09_ahead_of_time_$language" 2>&1)"
done

# ---- pkg-config ----------------------------------------------------------------------------------------------------------------

export PKG_CONFIG_PATH=$libdir/pkgconfig
$compiler -std=c++20 -o "$work/issue" "$here/host/issue.cpp" $(pkg-config --cflags --libs kjit) || failed "pkg-config: does not build"
same "the first program with pkg-config" 499500 "$(LD_LIBRARY_PATH=$libdir "$work/issue" 2>&1)"
same "version of pkg-config" "$("$prefix/bin/kjit" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -1)" "$(pkg-config --modversion kjit)"

# ---- what the library shows and needs ---------------------------------------------------------------------------------------------

strange=$(nm -D --defined-only --demangle "$library" | cut -c20- |
  grep -vE '^((vtable for |typeinfo for |typeinfo name for )?kjit::v0_1::|kjit_[a-z0-9_]+(@|$)|KJIT_0\.1)')
same "symbols that are none of the interface" "" "$strange"
for wanted in 'kjit::v0_1::Engine::Engine' 'kjit_check_version'; do
  nm -D --defined-only --demangle "$library" | grep -q "$wanted" || failed "not exported: $wanted"
done
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
  grep -vE '^(libomp\.so\.5|libstdc\+\+\.so\.6|libgcc_s\.so\.1|libtbb\.so\.12|libm\.so\.6|libmvec\.so\.1|libc\.so\.6|ld-linux-x86-64\.so\.2)$')
same "libraries that nobody knows of" "" "$needed"
same "soname" "libkjit.so.0.1" "$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')"
readelf -d "$library" | grep -qE 'RPATH|RUNPATH' && failed "the library has a run path"
readelf -d "$library" | grep -q TEXTREL && failed "the library has relocations in its text"
grep -rnE '#include.*(llvm|omp\.h|fmt)' "$prefix/include" && failed "headers of the interface name what is inside"

# ---- each header stands alone ------------------------------------------------------------------------------------------------------

for header in "$prefix"/include/kjit/*.h; do
  echo "#include <kjit/$(basename "$header")>" | $compiler -std=c++20 -fsyntax-only -Wall -Wextra -Werror -pedantic \
    -I"$prefix/include" -x c++ - || failed "$(basename "$header") does not compile alone"
done

# ---- the executable -----------------------------------------------------------------------------------------------------------------

printf 'print(6 * 7)\n' >"$work/a.k"
same "the installed executable" 42 "$("$prefix/bin/kjit" run "$work/a.k" 2>&1)"
[ "$failures" = 0 ] && echo "install: fine ($(du -h "$library" | cut -f1) library, $(du -h "$prefix/bin/kjit" | cut -f1) executable)"
exit "$((failures > 0))"
