#!/usr/bin/env bash
# A function that is too large for the optimiser is compiled without it, and a note says so.
source "$(dirname "$0")/expect.bash"

# A function of $1 statements, beside a small one.
write_function() {
  python3 - "$1" >large.k <<'END'
import sys
print("def f(x):")
for i in range(int(sys.argv[1])):
    print(f"    x = (x * {i % 5 + 1} + {i}) % 1000003")
print("    return x")
END
}

write_function 200
run run large.k f 1; succeeds
small=$(cat .out)
run run large.k f 1 --interpret; succeeds; out_is "$small"

# Below that size: a pass of the code generator takes time that grows with the square of such a chain, minutes here, and is left out.
write_function 1500
run run large.k f 1 --timeout 60; succeeds
chain=$(cat .out)
run run large.k f 1 --interpret; succeeds; out_is "$chain"

write_function 12000
run run large.k f 1; code_is 0; err_has "f: too large to be optimised"
large=$(cat .out)
run run large.k f 1 -O0; succeeds; out_is "$large"
run run large.k f 1 --interpret; succeeds; out_is "$large"
finish
