#!/usr/bin/env python3
"""Libraries of others, translated function by function: tests/import/libraries.py --kjit KJIT [--folder DIR] [LIBRARY...]

Sources come from Debian (`apt-get source` with a deb-src entry and folders of this script's own) into a scratch folder. All functions of
a library are translated by `kjit import functions`; what was translated is called with random and edge values, and so is the original,
compiled by clang -O1 -fwrapv -ffp-contract=off. Results and all arrays must agree bit for bit (NaNs count as one). Inputs for which the
kernel raises (an integer conversion out of range, a subscript out of range) are undefined in C and left out.

Prints a line for each library, the refusals by reason, and what differs. Exit status 1 if a rate is below what the table asks for; 77 if
no sources could be had (each library is named).
"""

import argparse
import collections
import concurrent.futures
import ctypes
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

from library_calls import Case, run_kernel
from library_signatures import CLANG, signatures
from library_sources import LIBRARIES, download

OPTIMISED = ["-O1", "-fwrapv", "-ffp-contract=off", "-fno-builtin", "-w", "-fPIC"]


def translate(library, kjit, folder, files, kernel):
    done = subprocess.run([kjit, "import", "functions", *map(str, files), "-o", str(kernel), "--", *library.flags], cwd=folder,
                          capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{library.package}: kjit import: {done.stderr[:2000]}")
    table = done.stderr[done.stderr.index("\nfunction "):].splitlines()[2:]
    outcomes = []
    for line in table:
        name, _, result = line.partition(" ")
        outcomes.append((name, result.strip()))
    return outcomes


def measure(name, library, options, folder):
    sources, why = download(library, folder)
    if not sources:
        print(f"{name}: skipped: {why}")
        return None
    if library.prepare:
        library.prepare(sources)
    files = sorted(path for pattern in library.sources for path in sources.glob(pattern) if not re.search(library.leave_out, path.name))
    work = folder / f"{name}.work"
    work.mkdir(exist_ok=True)
    if library.callbacks:
        (work / "callbacks.c").write_text(library.callbacks)
        files.append(work / "callbacks.c")
    kernel, shared = work / f"{name}.k", work / f"{name}.so"
    outcomes = [(f, r) for f, r in translate(library, options.kjit, sources, files, kernel) if not f.startswith("call_")]
    translated = [f for f, r in outcomes if r == "translated"]
    rate = len(translated) / len(outcomes)
    print(f"{name}: {len(translated)} of {len(outcomes)} functions translated ({rate:.1%})")
    reasons = collections.Counter(re.sub(r"'[^']*'", "'...'", r.removeprefix("refused: ")) for _, r in outcomes if r != "translated")
    for reason, count in reasons.most_common():
        print(f"  {count:4} refused: {reason}")

    subprocess.run([CLANG, *OPTIMISED, *library.flags, "-shared", "-Wl,-Bsymbolic", *map(str, files), "-o", str(shared),
                    *([] if "-nostdinc" in library.flags else ["-lm"])], cwd=sources, check=True)
    loaded, text = ctypes.CDLL(str(shared)), kernel.read_text(encoding="utf-8")
    if "import numpy" not in text:
        text = "import numpy as np\n" + text
    defined = set(re.findall(r"^def (\w+)\(", text, re.MULTILINE))
    exported = {f: s for f, s in signatures(library, sources, files).items() if hasattr(loaded, f) and not f.startswith("call_")}
    if options.function:
        exported = {f: s for f, s in exported.items() if f in options.function}
    refused = {f for f, r in outcomes if r != "translated"}
    equal, differ, left_out, raised, total_calls = [], [], [], 0, 0

    def one(item):
        f, (result, parameters) = item
        kernel_name = f if f in defined else f + "_"
        if f in refused or kernel_name not in defined:
            return f, "refused", 0
        case = Case(library, f, kernel_name, result, parameters)
        if case.problem():
            return f, f"left out: {case.problem()}", 0
        rng = random.Random(f"{options.seed} {f}")
        calls = [case.draw(rng) for _ in range(options.count)]
        with tempfile.TemporaryDirectory() as scratch:
            got = run_kernel(case, text, calls, options.kjit, pathlib.Path(scratch))
        if isinstance(got, str):
            return f, got, 0
        defined_calls = [call for call, words in zip(calls, got) if words is not None]
        wanted = list(case.run_compiled(loaded, defined_calls))
        for call, words, expected in zip(defined_calls, [w for w in got if w is not None], wanted):
            if words != expected:
                at = next((k for k, (a, b) in enumerate(zip(words, expected)) if a != b), 0)
                return f, f"differs for {str(call)[:300]}: value {at}: C {expected[at:at + 1]}, kernel {words[at:at + 1]}", 0
        if not defined_calls:
            return f, "raised for all inputs", len(calls)
        return f, "equal", len(calls) - len(defined_calls)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for f, verdict, raising in pool.map(one, sorted(exported.items())):
            raised, total_calls = raised + raising, total_calls + options.count
            if verdict == "equal":
                equal.append(f)
            elif verdict.startswith("left out"):
                left_out.append(f)
                print(f"  {f}: {verdict}")
            elif verdict != "refused":
                differ.append(f)
                print(f"  {f}: {verdict}")
    share = len(equal) / max(len(exported), 1)
    print(f"{name}: {len(equal)} of {len(exported)} functions that can be called are bit-equal ({share:.1%}) on {options.count} inputs each; "
          f"{len(differ)} differ, {len(left_out)} not called; {raised} of {total_calls} inputs left out, as the kernel raises", flush=True)
    return options.function is not None or (rate >= library.wanted_translated and share >= library.wanted_equal)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "kjit-libraries")
    parser.add_argument("--count", type=int, default=200, help="inputs of each function")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--function", action="append", help="compare only this one (repeatable)")
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help=f"of {', '.join(LIBRARIES)}; all without it")
    options = parser.parse_args()
    options.kjit = str(pathlib.Path(options.kjit).resolve())
    options.folder.mkdir(parents=True, exist_ok=True)
    if not shutil.which("apt-get") or not shutil.which(CLANG):
        print("skipped: apt-get and clang-19 are needed")
        return 77
    verdicts = [measure(name, LIBRARIES[name], options, options.folder.resolve()) for name in options.libraries or LIBRARIES]
    if all(verdict is None for verdict in verdicts):
        return 77
    return 0 if all(verdict in (True, None) for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
