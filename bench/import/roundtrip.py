#!/usr/bin/env python3
"""Translated C against its original: bench/import/roundtrip.py --kjit KJIT [--repeat 15] [NAME...]

bench/import/kernels.c is translated by `kjit import functions` and run as machine code on one thread; the original is compiled by
clang -O3 -march=native -ffp-contract=off, apart from its caller. Both run in turn and measure processor time (`--repeat` pairs of processes, each with its own best of several calls);
printed are the medians of the best times, their ratio, and whether the results are equal bit for bit.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CALLS = 7  # in a process; the best counts

# name -> (C declarations, C call, kernel set-up, kernel call); arrays are filled with 1 / (1 + i % 97) in both.
CASES = {
    "calc_pi": ("", "sink = calc_pi(20000000, 88172645463325252ull);", [], "sink = calc_pi(20000000, np.uint64(88172645463325252))"),
    "nbody": ("static body b[5]; for (int i = 0; i < 5; i++) b[i] = (body){i, 2 * i + 1, 3 - i, 0.1 * i, 0.2, -0.1 * i, 1.0 + i};",
              "sink = nbody(b, 5, 1000000, 0.0001);",
              [f"b_{f} = np.array([{', '.join(v)}])" for f, v in
               [("x", [f"{i}.0" for i in range(5)]), ("y", [f"{2 * i + 1}.0" for i in range(5)]), ("z", [f"{3 - i}.0" for i in range(5)]),
                ("vx", [f"0.1 * {i}" for i in range(5)]), ("vy", ["0.2"] * 5), ("vz", [f"-0.1 * {i}" for i in range(5)]),
                ("mass", [f"1.0 + {i}" for i in range(5)])]],
              "sink = nbody(b_x, b_y, b_z, b_vx, b_vy, b_vz, b_mass, 5, 1000000, 0.0001)"),
    "gemm": ("double *a = filled(400 * 400), *b = filled(400 * 400), *c = filled(400 * 400);",
             "gemm(400, 1.5, 0.5, c, a, b); sink = c[777];",
             ["a = filled(400 * 400)", "b = filled(400 * 400)", "c = filled(400 * 400)"], "gemm(400, 1.5, 0.5, c, a, b)\n    sink = c[777]"),
    "jacobi2d": ("double *a = filled(500 * 500), *b = filled(500 * 500);", "jacobi2d(100, 500, a, b); sink = a[1777];",
                 ["a = filled(500 * 500)", "b = filled(500 * 500)"], "jacobi2d(100, 500, a, b)\n    sink = a[1777]"),
    "atax": ("double *a = filled(1500 * 1500), *x = filled(1500), *y = filled(1500), *t = filled(1500);",
             "for (int r = 0; r < 10; r++) atax(1500, 1500, a, x, y, t); sink = y[777];",
             ["a = filled(1500 * 1500)", "x = filled(1500)", "y = filled(1500)", "t = filled(1500)"],
             "for r in range(10):\n        atax(1500, 1500, a, x, y, t)\n    sink = y[777]"),
}

C_MAIN = """
#include "kernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double *filled(int n) {{
  double *p = malloc(n * sizeof(double));
  for (int i = 0; i < n; i++) p[i] = 1.0 / (1 + i % 97);
  return p;
}}
static double now(void) {{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}}
int main(void) {{
  volatile double sink = 0.0;
  double best = 1e9;
  (void)filled;
  {declarations}
  for (int r = 0; r < {calls}; r++) {{
    double start = now();
    {call}
    double took = now() - start;
    if (took < best) best = took;
  }}
  printf("%.17g %.9f\\n", sink, best);
  return 0;
}}
"""

KERNEL_MAIN = """
import time

@njit
def filled(n):
    p = np.empty(n)
    for i in range(n):
        p[i] = 1.0 / (1 + i % 97)
    return p

{setup}
best = 1e9
sink = 0.0
for round in range({calls}):
    start = time.process_time()
    {call}
    took = time.process_time() - start
    if took < best:
        best = took
print(sink, best)
"""


def output(command):
    value, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(value), float(seconds)


def measure(name, kjit, compiler, kernel, repeat, folder):
    declarations, c_call, setup, kernel_call = CASES[name]
    program, script = folder / name, folder / f"{name}.k"
    source = folder / f"{name}.c"
    source.write_text(C_MAIN.format(declarations=declarations, call=c_call, calls=CALLS))
    options = ["-O3", "-march=native", "-ffp-contract=off", f"-I{HERE}"]
    subprocess.run([compiler, *options, str(source), str(HERE / "kernels.c"), "-o", str(program), "-lm"], check=True)
    script.write_text(kernel + KERNEL_MAIN.format(setup="\n".join(setup), call=kernel_call, calls=CALLS))
    ours, theirs = [], []
    for _ in range(repeat):
        theirs.append(output([str(program)]))
        ours.append(output([kjit, "run", "--threads", "1", str(script)]))
    c_time, k_time = (statistics.median(seconds for _, seconds in runs) for runs in (theirs, ours))
    equal = "equal" if ours[0][0] == theirs[0][0] else f"differ: {theirs[0][0]!r}, {ours[0][0]!r}"
    print(f"{name:10} {c_time * 1e3:9.2f} {k_time * 1e3:9.2f} {k_time / c_time:7.3f}  {equal}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--compiler", default="clang-19")
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CASES))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        translated = folder / "kernels.k"
        subprocess.run([options.kjit, "import", "functions", str(HERE / "kernels.c"), "-o", str(translated)], check=True, capture_output=True)
        kernel = translated.read_text()
        if "import numpy" not in kernel:
            kernel = "import numpy as np\n\n" + kernel
        print(f"{'':10} {'clang ms':>9} {'kjit ms':>9} {'ratio':>7}")
        for case in options.names or CASES:
            measure(case, options.kjit, options.compiler, kernel, options.repeat, folder)


if __name__ == "__main__":
    main()
