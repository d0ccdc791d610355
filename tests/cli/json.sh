#!/usr/bin/env bash
# kjit run --json: one object, whatever happens.
. "$(dirname "$0")/expect.bash"

cat > k.k <<'K'
def f(x):
    print("working")
    return 10 // x
if __name__ == "__main__":
    print("script")
K
run run k.k --json; succeeds; json_is 'd["status"] == "ok" and d["output"] == "script\n" and d["result"] is None and d["exit_code"] == 0'
run run k.k f 3 --json; succeeds; json_is 'd["result"] == "3" and d["output"] == "working\n" and d["run_ms"] >= 0 and d["compile_ms"] > 0'
run run k.k f 0 --json; code_is 1; err_empty
json_is 'd["status"] == "error" and d["error"]["kind"] == "ZeroDivisionError" and d["error"]["traceback"][-1]["line"] == 3'
printf 'print(undefined_name)\n' > bad.k
run run bad.k --json; code_is 1; err_empty; json_is 'd["status"] == "compile-error" and d["diagnostics"][0]["line"] == 1'
run run missing.k --json; code_is 1; json_is 'd["status"] == "compile-error" and len(d["diagnostics"]) == 1'
printf 'print("\\"quoted\\" \\t\\x01 \xe2\x82\xac")\n' > odd.k
run run odd.k --json; succeeds; json_is 'd["output"] == "\"quoted\" \t\x01 \u20ac\n"'
finish
