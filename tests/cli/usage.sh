#!/usr/bin/env bash
# Help, version, wrong usage: what comes out where, and the exit codes.
. "$(dirname "$0")/expect.bash"

run --help; succeeds; out_has "Usage: kjit COMMAND"; out_has "doctor"
run -h; succeeds
run --version; succeeds; out_has "kjit 0."; out_has "LLVM 19"
for command in run check emit doctor; do
  run $command --help; succeeds; out_has "Example:"; out_has "kjit $command"
done

run; fails_with 2 "Usage"
run rnu; fails_with 2 "did you mean 'kjit run'?"
run frobnicate; fails_with 2 "kjit --help"
run --verson; fails_with 2 "no option"
run file.k; fails_with 2 "did you mean 'kjit run file.k'?"

echo 'print(1)' > ok.k
run run; fails_with 2 "FILE"
run run ok.k --thread 2; fails_with 2 "did you mean '--threads'?"
run run ok.k --zzzzzz; fails_with 2 "no option '--zzzzzz'"
run run ok.k --threads 0; fails_with 2 "--threads"
run run ok.k --threads -1; fails_with 2 "not -1"
run run ok.k --threads two; fails_with 2 "'two'"
run run ok.k --threads; fails_with 2 "--threads"
run run ok.k -O4; fails_with 2 "-O"
run run ok.k --seed x; fails_with 2 "--seed"
run run ok.k --seed 18446744073709551616; fails_with 2 "--seed"
run run ok.k --timeout 0; fails_with 2 "--timeout"
run run ok.k --timeout nan; fails_with 2 "--timeout"
run run ok.k --rng=mersenne; fails_with 2 "cpython"
run run ok.k --out x.npy; fails_with 2 "--out"
run run ok.k f --out ""; fails_with 2 "--out wants the name of a file"
run run ok.k f --out=; fails_with 2 "--out"
run emit ok.k --out ""; fails_with 2 "--out wants the name of a file"
run emit ok.k -o ""; fails_with 2 "--out wants the name of a file"
run check; fails_with 2 "FILE"
run emit ok.k --stage tokns; fails_with 2 "did you mean 'tokens'?"
run doctor extra; fails_with 2 "unexpected argument 'extra'"

run doctor; succeeds; out_has "LLVM"; out_has "threads"; out_has "CPU"
run doctor --json; succeeds; json_is 'd["threads"] >= 1 and d["llvm"].startswith("19.")'
finish
