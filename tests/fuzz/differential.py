#!/usr/bin/env python3
"""Random well-defined kernels, run by CPython and by kjit at every level; all must print the same.

    tests/fuzz/differential.py --count 200 --seed 1 --kjit build/release/kjit

A difference is reduced to a small program and printed with its seed; the exit status is then 1. Program number k of seed s is
made from the number s + k alone, so `--seed s+k --count 1` makes it again.
"""

import argparse
import os
import subprocess
import sys
import tempfile

from programs import make_program

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEGS = (["--interpret"], ["-O0"], ["-O3"])
ERROR_NAMES = ("Error", "Exception", "SystemExit")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="programs to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first program")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"), help="the executable")
    parser.add_argument("--python", default=sys.executable, help="a CPython that has NumPy 2")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for one run")
    parser.add_argument("--no-reduce", action="store_true", help="print programs as they were made")
    parser.add_argument("--show", action="store_true", help="print each program and run nothing")
    return parser.parse_args()


class Outcome:
    """What a run showed: its standard output, its exit status and the name of the error that ended it."""

    def __init__(self, status, output, errors):
        self.status = status
        self.output = output
        self.errors = errors
        self.name = error_name(errors) if status == 1 else ""

    def __eq__(self, other):
        return (self.status, self.output, self.name) == (other.status, other.output, other.name)

    @property
    def refused(self):
        return "error[E" in self.errors


def error_name(text):
    for line in reversed(text.splitlines()):
        word = line.split(":")[0]
        if word.endswith(ERROR_NAMES) and word.isidentifier():
            return word
    return ""


class Runner:
    def __init__(self, options, folder):
        self.options = options
        self.file = os.path.join(folder, "program.k")
        self.environment = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"), PYTHONDONTWRITEBYTECODE="1")

    def outcome(self, command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=self.options.timeout, env=self.environment)
        except subprocess.TimeoutExpired:
            return Outcome("no end", "", "")
        return Outcome(done.returncode, done.stdout, done.stderr)

    def python(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        return self.outcome([self.options.python, self.file])

    def difference(self, text):
        """(leg, CPython's outcome, kjit's outcome) of the first leg that differs, or None."""
        expected = self.python(text)
        if expected.status == "no end":
            return None
        for leg in LEGS:
            actual = self.outcome([self.options.kjit, "run", *leg, self.file])
            if actual != expected:
                return leg, expected, actual
        return None


def block_end(lines, start):
    """The line behind the statement at `start` and everything indented under it."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent):
        end += 1
    return end


def reduce_program(text, still_differs):
    """Takes statements away, the largest first, as long as the difference stays."""
    lines = text.splitlines()
    changed = True
    while changed:
        changed = False
        position = 0
        while position < len(lines):
            end = block_end(lines, position)
            shorter = lines[:position] + lines[end:]
            if still_differs("\n".join(shorter) + "\n"):
                lines = shorter
                changed = True
            else:
                position += 1
    return "\n".join(lines) + "\n"


def same_kind(first, second):
    """A reduction may not turn one difference into another, such as a wrong number into a name that is missing."""
    return second is not None and first[1].status == second[1].status and first[1].name == second[1].name and first[2].refused == second[2].refused


def report(number, text, found, runner, reduce):
    if reduce:
        text = reduce_program(text, lambda shorter: same_kind(found, runner.difference(shorter)))
        found = runner.difference(text) or found
    leg, expected, actual = found
    print(f"==== seed {number}: kjit run {' '.join(leg)} differs from CPython\n{text}")
    print(f"---- CPython: status {expected.status} {expected.name}\n{expected.output}")
    print(f"---- kjit: status {actual.status} {actual.name}\n{actual.output}{actual.errors}", flush=True)


def main():
    options = parse_arguments()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(options, folder)
        for number in range(options.seed, options.seed + options.count):
            text = make_program(number)
            if options.show:
                print(text)
                continue
            found = runner.difference(text)
            if found:
                failures += 1
                report(number, text, found, runner, not options.no_reduce)
    print(f"{options.count} programs from seed {options.seed}: {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
