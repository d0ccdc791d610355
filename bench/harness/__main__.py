"""bench/run: measures the suite and writes results.json, results.md and results.html. Start reading here."""

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from . import cells, machine, markdown, noise, page, sittings, tools, views
from .case import load_cases
from .contestants import BY_NAME, CONTESTANTS, with_fewer_threads



@dataclasses.dataclass(frozen=True)
class Preset:
    budget: float  # seconds for each cell, in all sittings together
    sittings: int
    kernels: tuple = ()  # those measured unless the user names some; none: all


# Starting and compiling all peers takes some 15 seconds a kernel, however small it is.
PRESETS = {"full": Preset(2.4, 3), "quick": Preset(0.4, 1, ("dot", "edit_distance", "fibonacci", "histogram", "jacobi", "matmul", "saxpy"))}


def parse(words):
    parser = argparse.ArgumentParser(prog="bench/run", description="Times kernels under kjit and its peers; answers are compared first.")
    parser.add_argument("--quick", action="store_true", help="a few kernels, small sizes, little time: for a first look")
    parser.add_argument("--kernels", help="names of bench/suite, with commas between them; default: all")
    parser.add_argument("--contestants", help="names, with commas between them; default: all")
    parser.add_argument("--budget", type=float, help="seconds for each cell, in all sittings together")
    parser.add_argument("--sittings", type=int, help="times that every contestant is started anew")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of parallel contestants")
    parser.add_argument("--build", default="build/release", help="where kjit was built")
    parser.add_argument("--suite", type=pathlib.Path, help="another folder of benchmarks")
    parser.add_argument("--out", default="build/bench", help="folder of the results")
    parser.add_argument("--report", metavar="RESULTS.json", help="measure nothing: write the tables of these results anew")
    parser.add_argument("--agree", metavar="OTHER.json", help="say how many cells agree with those of another run")
    parser.add_argument("--accept", action="store_true", help="make docs/benchmarks.md of these results")
    return parser.parse_args(words)


def chosen(names):
    """The contestants in the order of the table; the reference of the answers comes first in it."""
    if not names:
        return CONTESTANTS
    wanted = names.split(",")
    unknown = [name for name in wanted if name not in BY_NAME]
    if unknown:
        raise SystemExit(f"no such contestant: {', '.join(unknown)}; there are {', '.join(BY_NAME)}")
    return [contestant for contestant in CONTESTANTS if contestant.name in wanted]


def say(text):
    """Progress, on a terminal only: one line that is overwritten."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text[:110]}")
        sys.stderr.flush()


def reference_library(folder):
    library = folder / "reference_loop.so"
    subprocess.run([tools.program("clang-19", "scripts/setup.sh"), "-O3", "-march=native", "-fPIC", "-shared", "-o", str(library),
                    str(tools.ROOT / "bench/workers/reference_loop.c")], check=True)
    return library


class Suite:
    """The cases, and the cells of the sittings there were."""

    def __init__(self, options, places, builds, check, peak):
        self.options, self.places, self.builds, self.check, self.peak = options, places, builds, check, peak
        self.cases = chosen_cases(options)
        self.cells = {case.name: [] for case in self.cases}

    def sit(self, case, budget):
        able = [row for row in with_fewer_threads(chosen(self.options.contestants), self.options.threads) if row.wants(case)]
        run = cells.CaseRun(case, able, self.places, self.builds, self.options.threads, self.check, budget, say)
        self.cells[case.name].append(run.run())

    def row(self, case):
        found = sittings.merge_case(self.cells[case.name])
        for cell in found.values():
            if cell["status"] == "ok":
                cell["removed_loop"] = cells.removed_loop(case, cell, self.peak)
        return {"title": case.title, "size": case.size, "flops": case.work("flops"), "bytes": case.work("bytes"), "cells": found}


def chosen_cases(options):
    preset = name_of_preset(options)
    if options.suite:
        return load_cases(preset, options.kernels.split(",") if options.kernels else None, suite=options.suite)
    return load_cases(preset, options.kernels.split(",") if options.kernels else PRESETS[preset].kernels)


def name_of_preset(options):
    return "quick" if options.quick else "full"


def measure(options):
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    places = tools.Places(build=pathlib.Path(options.build).resolve())
    library = reference_library(folder)
    check, peak = noise.reference_check(library), machine.peak_rates(library)
    preset = PRESETS[name_of_preset(options)]
    count = options.sittings or preset.sittings
    results = {"version": 1, "preset": name_of_preset(options), "sittings": count, "machine": machine.describe(tools.ROOT),
               "versions": tools.versions(places), "threads": options.threads, "peak": peak, "kernels": {}}
    with tempfile.TemporaryDirectory(prefix="kjit-bench-") as builds:
        suite = Suite(options, places, builds, check, peak)
        for _ in range(count):
            for case in suite.cases:
                suite.sit(case, (options.budget or preset.budget) / count)
                results["kernels"][case.name] = suite.row(case)
                results["noise"] = check.report()
                (folder / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    say("")
    return results


def say_agreement(results, path):
    meet, count, apart = views.agreement(results, json.loads(pathlib.Path(path).read_text(encoding="utf-8")))
    print(f"{meet} of {count} cells agree within their intervals")
    for kernel, name, factor in apart:
        print(f"* `{kernel}`, {name}: {factor:.2f} times the time")


def accept(text):
    """The published results are what a run wrote, losses and disturbances included."""
    note = "<!-- Written by bench/run --accept; do not edit. How it is measured: bench/README.md. -->\n\n"
    (tools.ROOT / "docs/benchmarks.md").write_text(note + text, encoding="utf-8")


def main():
    options = parse(sys.argv[1:])
    folder = pathlib.Path(options.out)
    if options.report:
        results = json.loads(pathlib.Path(options.report).read_text(encoding="utf-8"))
        folder.mkdir(parents=True, exist_ok=True)
    else:
        results = measure(options)
    text = markdown.render(results)
    (folder / "results.md").write_text(text, encoding="utf-8")
    (folder / "results.html").write_text(page.render(results), encoding="utf-8")
    print(text)
    if options.agree:
        say_agreement(results, options.agree)
    if options.accept:
        accept(text)
    wrong = [f"{kernel}: {name}" for kernel, row in results["kernels"].items() for name, cell in row["cells"].items()
             if cell["status"] in ("wrong", "failed") and name.startswith("kjit")]
    if wrong:
        raise SystemExit("kjit is wrong or failed: " + "; ".join(wrong))


main()
