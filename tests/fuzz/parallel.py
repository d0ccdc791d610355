#!/usr/bin/env python3
"""Random programs with parallel loops, run in every way that kjit has and by CPython; all must print the same, to the last byte.

    tests/fuzz/parallel.py --count 200 --seed 1 --kjit build/release/kjit

The ways are the interpreter, and -O0 and -O3 on 1, 2, 3 and 8 threads under each schedule: a few of them for each program, all
with --all-ways. They must also agree on the error, its place and the iteration; CPython on its name. A difference is reduced to a
small program and printed with its seed and the ways that differ; the exit status is then 1. Program number k of seed s is made
from s + k alone.
"""

import argparse
import difflib
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from differential import ROOT, Outcome, reduce_program
from parallel_programs import make_parallel_program

INTERPRETED = ("--interpret",)
ONE_THREAD = ("-O3", "--threads", "1")
WORKER = os.path.join(ROOT, "tests", "harness", "cpython_worker.py")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="programs to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first program")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"), help="the executable")
    parser.add_argument("--python", default=sys.executable, help="a CPython that has NumPy 2")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for one run")
    parser.add_argument("--failures", type=int, default=10, help="differences after which to stop")
    parser.add_argument("--all-ways", action="store_true", help="each program in all ways")
    parser.add_argument("--no-reduce", action="store_true", help="print programs as they were made")
    parser.add_argument("--show", action="store_true", help="print each program and run nothing")
    return parser.parse_args()


def all_ways():
    schedules = ("static", "dynamic", "guided", "auto")
    threaded = itertools.product(("-O3", "-O0"), ("1", "2", "3", "8"), schedules)
    return [INTERPRETED, *((level, "--threads", threads, "--schedule", schedule) for level, threads, schedule in threaded)]


def some_ways(number):
    """Fixed for each program, different from program to program."""
    chosen = random.Random(number)
    threaded = all_ways()[1:]
    fast = [way for way in threaded if way[0] == "-O3" and way[2] != "1"]
    plain = [way for way in threaded if way[0] == "-O0"]
    return [INTERPRETED, ONE_THREAD, *chosen.sample(fast, 2), chosen.choice(plain)]


class Python:
    """One CPython process that runs all programs: see the worker."""

    def __init__(self, options):
        environment = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"), PYTHONDONTWRITEBYTECODE="1")
        self.timeout = options.timeout
        self.process = subprocess.Popen([options.python, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment)

    def run(self, file):
        request = {"file": file, "argv": [], "seed": 0, "calls": [], "timeout": self.timeout}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer["died"]:
            return Outcome(answer["died"], "", "")
        name, message = answer["error"] or ("", "")
        return Outcome(answer["exit"], answer["output"], f"{name}: {message}" if name else "")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Runner:
    def __init__(self, options, folder, python):
        self.options = options
        self.file = os.path.join(folder, "program.k")
        self.python = python

    def run(self, way):
        command = [self.options.kjit, "run", *way, self.file]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=self.options.timeout, check=False)
        except subprocess.TimeoutExpired:
            return Outcome("no end", "", "")
        return Outcome(done.returncode, done.stdout, done.stderr)

    def outcomes(self, text, ways):
        """Pairs (way, outcome): CPython first, whose way is None, then the interpreter."""
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        return [(None, self.python.run(self.file))] + [(way, self.run(way)) for way in ways]

    def differing(self, text, ways):
        """Outcomes: CPython's, and those that differ from it or from the interpreter's behind this one. None if all agree."""
        expected, interpreted, *others = self.outcomes(text, ways)
        wrong = [interpreted] if without_scalar_types(interpreted[1]) != without_scalar_types(expected[1]) else []
        wrong += [other for other in others if other[1] != interpreted[1] or error_text(other[1]) != error_text(interpreted[1])]
        if wrong and wrong[0] is not interpreted:
            wrong.insert(0, interpreted)
        return [expected, *wrong] if wrong else []


def without_scalar_types(outcome):
    """In a tuple CPython shows np.float64(1.5) for what a function of NumPy gave. A variable of both kinds has one type in a kernel."""
    return Outcome(outcome.status, re.sub(r"np\.float64\(([^()]*)\)", r"\1", outcome.output), outcome.errors)


def error_text(outcome):
    """What kjit tells of the error, without warnings that come before."""
    return outcome.errors[outcome.errors.find("Traceback"):] if "Traceback" in outcome.errors else ""


def refusals(outcome):
    """The compile-time errors, without what depends on names and places."""
    return [re.sub("'.*?'", "", text) for text in re.findall(r"error\[E.*", outcome.errors)]


def same_kind(first, second):
    """A reduction may not turn one difference into another, such as a wrong number into a name that is missing."""
    kinds = [[(outcome.status, outcome.name, refusals(outcome)) for _, outcome in found[:2]] for found in (first, second)]
    return kinds[0] == kinds[1] and bool(second)


def report(number, text, found, runner, options):
    """`found` is what differed at first: on threads it need not do so again."""
    found = runner.differing(text, all_ways()) or found
    ways = [way for way, _ in found[1:5]]
    if not options.no_reduce:
        text = reduce_program(text, lambda shorter: same_kind(found, runner.differing(shorter, ways)))
    found = runner.differing(text, all_ways()) or found
    print(f"==== seed {number}\n{text}")
    for lines, names in differences(found).items():
        print(f"---- {', '.join(names)}\n{lines}")
    sys.stdout.flush()


def differences(found):
    """{text: the ways whose outcome has this difference}: the interpreter from CPython, the other ways from the interpreter."""
    result = {}
    (_, expected), (_, interpreted), *others = found
    if interpreted != expected:
        result[difference(expected, interpreted)] = ["the interpreter differs from CPython"]
    for way, outcome in others:
        result.setdefault(difference(interpreted, outcome), []).append(" ".join(way))
    return result


def difference(expected, actual):
    shown = [[f"status {outcome.status} {outcome.name}", *outcome.output.splitlines(), *outcome.errors.splitlines()]
             for outcome in (expected, actual)]
    return "\n".join(line[:400] for line in difflib.unified_diff(*shown, "expected", "actual", n=0, lineterm=""))


def try_all(options, runner):
    """(programs tried, how many differed)"""
    failures = 0
    for number in range(options.seed, options.seed + options.count):
        text = make_parallel_program(number)
        found = runner.differing(text, all_ways() if options.all_ways else some_ways(number))
        if found:
            failures += 1
            report(number, text, found, runner, options)
        if failures == options.failures:
            return number + 1 - options.seed, failures
    return options.count, failures


def main():
    options = parse_arguments()
    if options.show:
        for number in range(options.seed, options.seed + options.count):
            print(make_parallel_program(number))
        return 0
    python = Python(options)
    with tempfile.TemporaryDirectory() as folder:
        tried, failures = try_all(options, Runner(options, folder, python))
    python.close()
    print(f"{tried} programs from seed {options.seed}: {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
