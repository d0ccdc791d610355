#!/usr/bin/env bash
# kjit check and kjit emit.
. "$(dirname "$0")/expect.bash"

cat > good.k <<'K'
def add(a: int, b: int) -> int:
    return a + b
print(add(1, 2))
K
cat > bad.k <<'K'
def f(:
    pass

x = 1 +
K
run check good.k; succeeds; out_empty
run check bad.k; fails_with 1 "bad.k:1:"; err_has "bad.k:4:"
run check good.k bad.k; fails_with 1 "bad.k:1:"
printf 'def f(a):\n    return a[0]\n' > alone.k
run check alone.k; code_is 0; out_empty; err_has "nothing calls f(), so its types and parallel loops were not checked"
run check good.k --json; succeeds; json_is 'd["ok"] and d["files"][0]["diagnostics"] == []'
run check bad.k --json; code_is 1; err_empty
json_is 'not d["ok"] and {1, 4} <= {e["line"] for e in d["files"][0]["diagnostics"]}'
json_is 'all(e["id"].startswith("E") and e["severity"] == "error" for e in d["files"][0]["diagnostics"])'

for stage in tokens ast typed parallel loops llvm llvm-opt asm; do
  run emit good.k --stage $stage; succeeds; [ -s .out ] || failed "nothing emitted"
  run emit good.k add 1 2 --stage $stage; succeeds; [ -s .out ] || failed "nothing emitted"
done
run emit good.k --stage obj; succeeds; [ "$(head -c 4 .out | tail -c 3)" = ELF ] || failed "no ELF file"
run emit good.k --stage obj -o good.o; succeeds; out_empty; [ -s good.o ] || failed "good.o is missing"
run emit bad.k; fails_with 1 "bad.k:1:"
run emit good.k --stage llvm -o no/such/folder; fails_with 1 "No such file"
finish
