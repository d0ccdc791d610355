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

echo 'int broken(int x) { return y; }' >broken.c
expect 1 "use of undeclared identifier 'y'" "$KJIT" import functions broken.c
expect 1 "no such file" "$KJIT" import functions absent.c
cat >two.c <<'C'
int twice(int x);
int four_times(int x) { return twice(twice(x)); }
C
expect 0 "translated" "$KJIT" import functions two.c good.c -o two.k
expect 0 "20" "$KJIT" run two.k four_times 5
expect 0 "" "$KJIT" import functions two.c good.c -o two.k -- -DX=1
