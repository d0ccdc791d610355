#!/usr/bin/env bash
# Exit codes of `kjit import` and what it says: refused functions with place and reason, files that do not compile, wrong usage.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

expect() {  # status, text that must stand in the output, command...
  local wanted=$1 text=$2 status=0
  shift 2
  "$@" >out.txt 2>&1 || status=$?
  [ "$status" -eq "$wanted" ] || { echo "exit status $status instead of $wanted: $*"; cat out.txt; exit 1; }
  grep -qF -- "$text" out.txt || { echo "'$text' is not in the output of: $*"; cat out.txt; exit 1; }
}

cat >good.c <<'C'
/* Twice the value. */
int twice(int x) { return 2 * x; /* wraps */ }
int thrice(int x) { return x + twice(x); }
C
expect 0 "translated" "$KJIT" import functions good.c -o good.k
grep -q '# wraps' good.k
expect 0 "21" "$KJIT" run good.k thrice 7
expect 0 "-2147483648" "$KJIT" run good.k twice 1073741824
expect 0 "def thrice" "$KJIT" import functions good.c --function thrice
expect 2 "no function 'fourth'" "$KJIT" import functions good.c --function fourth
expect 2 "FILE" "$KJIT" import functions
expect 2 "subcommand" "$KJIT" import

cat >partly.c <<'C'
#include <stdio.h>
int fine(int x) { return x + 1; }
int speaks(int x) { printf("%d\n", x); return x; }
int calls(int x) { return fine(x) + speaks(x); }
int keeps(void) { static int n = 0; return ++n; }
C
expect 3 "partly.c:3:21: error: 'speaks' is not translated: a call of 'printf'" "$KJIT" import functions partly.c -o partly.k
expect 3 "calls     refused: it calls 'speaks', which was refused" "$KJIT" import functions partly.c -o partly.k
expect 3 "keeps its value between calls" "$KJIT" import functions partly.c -o partly.k
expect 0 "8" "$KJIT" run partly.k fine 7
! grep -q 'def calls' partly.k

cat >table.c <<'C'
static const double kMatrix[2][2] = {{1, 2}, {3, 4}};
static double trace(const double (*m)[2]) { return m[0][0] + m[1][1]; }
double passes(void) { return trace(kMatrix); }
C
expect 3 "the table 'kMatrix' passed on" "$KJIT" import functions table.c -o table.k

cat >marked.c <<'C'
#include <kjit/import.h>
static int helper(int x) { return x + 1; }
int other(int x) { return x - 1; }
KJIT_IMPORT int marked(int x) { return helper(x) * 2; }
C
if [ -n "${KJIT_HEADERS:-}" ]; then
  expect 0 "translated" "$KJIT" import functions marked.c -o marked.k -- -I "$KJIT_HEADERS"
  expect 0 "16" "$KJIT" run marked.k marked 7
  ! grep -q 'def other' marked.k
fi

echo 'int broken(int x) { return y; }' >broken.c
expect 1 "use of undeclared identifier 'y'" "$KJIT" import functions broken.c
expect 1 "no such file" "$KJIT" import functions absent.c
# ---- headers ----
cat >small.h <<'C'
#define SMALL_SIZE (3 * 4)
#define SMALL_SCALE 0.25
#define SMALL_TEXT "no number"
#define SMALL_TWICE(x) (2 * (x))
enum small_color { SMALL_RED = 1, SMALL_GREEN = 4 };
typedef struct { double x; } small_point;
double small_dot(int n, const double *x, double *lambda);
float small_single(float x, unsigned char k, long m, _Bool on);
void small_turn(double (*matrix)[3], unsigned long seed);
small_point small_make(double x);
int small_print(const char *format, ...);
double small_apply(double (*f)(double), double x);
static inline int small_local(int x) { return x; }
C
expect 0 "3 functions, 4 constants, 4 left out" "$KJIT" import header small.h --library libsmall.so -o small.k
expect 0 "small.h:10:13: note: 'small_make' is left out: its result: 'small_point' is a struct or union" \
  "$KJIT" import header small.h --library libsmall.so
for line in 'SMALL_SIZE = 12' 'SMALL_SCALE = 0.25' 'SMALL_GREEN = 4' '@extern("libsmall.so")' \
  'def small_dot(n: i32, x: f64[::1], lambda_: f64[::1]) -> f64: ...' 'def small_single(x: f32, k: u8, m: i64, on: bool) -> f32: ...' \
  'def small_turn(matrix: f64[:, ::1], seed: u64) -> None: ...' "# small_print: left out: a variable number of arguments" \
  "# small_apply: left out: parameter f: a pointer to a function" "# small_local: left out: it is inline, so the library has no such name"; do
  grep -qxF -- "$line" small.k || { echo "'$line' is not in:"; cat small.k; exit 1; }
done
expect 2 "--library" "$KJIT" import header small.h
echo 'int broken(x);' >broken.h
expect 1 "error:" "$KJIT" import header broken.h --library libsmall.so

# ---- uses of the C++ interface ----
cat >pair.k <<'K'
def scaled(x, k):
    return x[k] * 2.0

def doubled(x):
    for i in range(len(x)):
        x[i] *= 2.0
K
cat >fits.cpp <<'C'
#include <kjit/kjit.h>
double f(kjit::Engine& engine, std::span<const double> x) {
  auto module = engine.load_file("pair.k");
  auto scaled = module->function<double(std::span<const double>, std::int64_t)>("scaled");
  auto text = engine.load_source("def one():\n    return 1\n", "one.k");
  auto one = text.value().function<std::int64_t()>("one");
  return scaled.value()(x, 1).value() + one.value()().value();
}
C
cat >wrong.cpp <<'C'
#include <kjit/kjit.h>
void f(kjit::Engine& engine, const char* file) {
  auto module = engine.load_file("pair.k");
  auto absent = module->function<double(double)>("absent");
  auto result = module->function<std::int64_t(std::span<double>, std::int64_t)>("scaled");
  auto writes = module->function<void(std::span<const double>)>("doubled");
  auto other = engine.load_file(file);
  auto unknown = other->function<double(double)>("unknown");
}
C
if [ -n "${KJIT_HEADERS:-}" ]; then
  flags=(-std=c++20 -I "$KJIT_HEADERS")
  expect 0 "2 uses of kernels checked, 0 do not fit, 0 could not be checked" "$KJIT" import check fits.cpp -- "${flags[@]}"
  expect 3 "3 uses of kernels checked, 3 do not fit, 1 could not be checked" "$KJIT" import check wrong.cpp -- "${flags[@]}"
  expect 3 "wrong.cpp:4:" "$KJIT" import check wrong.cpp -- "${flags[@]}"
  expect 3 "wrong.cpp:6:" "$KJIT" import check wrong.cpp -- "${flags[@]}"
  expect 3 "where its module comes from is not known here" "$KJIT" import check wrong.cpp -- "${flags[@]}"
fi
expect 0 "" "$KJIT" check pair.k --signature 'scaled(f64[::1] const, i64) -> f64' --signature 'doubled(f64[::1]) -> None'
expect 1 "f64" "$KJIT" check pair.k --signature 'scaled(f64[::1], i64) -> i64'
expect 1 "const" "$KJIT" check pair.k --signature 'doubled(f64[::1] const) -> None'
expect 1 "is no signature" "$KJIT" check pair.k --signature 'doubled'

cat >two.c <<'C'
int twice(int x);
int four_times(int x) { return twice(twice(x)); }
C
expect 0 "translated" "$KJIT" import functions two.c good.c -o two.k
expect 0 "20" "$KJIT" run two.k four_times 5
expect 0 "" "$KJIT" import functions two.c good.c -o two.k -- -DX=1
