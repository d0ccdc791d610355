"""bench/check: instruction counts against the last accepted ones, where the clock lies. `make bench-check`.

callgrind counts the instructions of bench_worker: with the first call only, and with CALLS more, so that compiling and running are apart. Counts depend on the
compiler and on the processor that valgrind shows (no AVX-512), not on load. Parallel loops are not counted.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from . import cells, tools
from .case import load_cases

ACCEPTED = tools.ROOT / "bench/accepted/instructions.json"
KERNELS = ("bfs", "collatz", "dot", "edit_distance", "fibonacci", "jacobi", "matmul", "softmax")
CALLS = 2
TOLERATED = {"run": 1.02, "compile": 1.05}  # LLVM's own counts vary with addresses


def count(command, lines):
    """Instructions of a process that reads `lines`."""
    with tempfile.TemporaryDirectory(prefix="kjit-gate-") as folder:
        done = subprocess.run([tools.program("valgrind", "Debian's valgrind"), "--tool=callgrind",
                               f"--callgrind-out-file={folder}/out", *command], input=lines, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise SystemExit(f"bench/check: {' '.join(command[:3])} failed:\n{done.stderr[-600:]}")
    return int(found.group(1))


def measure(case, places):
    """{"compile", "run"}: instructions until the first answer, and of one more call."""
    with tempfile.TemporaryDirectory(prefix="kjit-gate-") as folder:
        words, _ = cells.write_inputs(case, folder)
        kernel = pathlib.Path(folder) / "kernel.k"
        kernel.write_text(case.form_text("serial"), encoding="utf-8")
        command = [str(places.worker()), str(kernel), "kernel", f"{folder}/answer.npy", str(case.result), "--threads", "1", "--", *words]
        first = count(command, "")
        return {"compile": first, "run": (count(command, f"time {CALLS}\n") - first) // CALLS}


def verdicts(accepted, found):
    """(kernel, kind, factor, failed) of all that both have."""
    for kernel, counts in found.items():
        for kind, value in counts.items():
            before = accepted.get(kernel, {}).get(kind)
            if before:
                factor = value / before
                yield kernel, kind, factor, factor > TOLERATED[kind]


def report(accepted, found):
    """Prints a line for each kernel; the number of regressions."""
    failures = 0
    for kernel, kind, factor, failed in verdicts(accepted, found):
        failures += failed
        print(f"{kernel:16} {kind:8} {found[kernel][kind]:>14,} instructions, {factor:.3f} times the accepted{'  SLOWER' if failed else ''}")
    for kernel in sorted(set(found) - set(accepted)):
        print(f"{kernel:16} has no accepted count: bench/check --accept")
    return failures


def main():
    parser = argparse.ArgumentParser(prog="bench/check", description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build/release", help="where kjit and bench_worker were built")
    parser.add_argument("--kernels", default=",".join(KERNELS))
    parser.add_argument("--accept", action="store_true", help="store the counts as the new standard")
    options = parser.parse_args()
    places = tools.Places(build=pathlib.Path(options.build).resolve())
    found = {case.name: measure(case, places) for case in load_cases("quick", options.kernels.split(","))}
    accepted = json.loads(ACCEPTED.read_text(encoding="utf-8"))["counts"] if ACCEPTED.exists() else {}
    failures = report(accepted, found)
    if options.accept:
        ACCEPTED.parent.mkdir(exist_ok=True)
        version = tools.first_line([str(places.kjit()), "--version"])
        ACCEPTED.write_text(json.dumps({"version": version, "counts": accepted | found}, indent=1) + "\n", encoding="utf-8")
    elif failures:
        sys.exit(f"bench/check: {failures} counts grew by more than tolerated")


if __name__ == "__main__":
    main()
