#!/usr/bin/env python3
"""Damaged copies of the test programs: kjit must report what is wrong, and neither crash nor hang.

    tests/fuzz/mutation.py --count 500 --seed 1 --kjit build/release/kjit

Exit statuses 0, 1 and 2 are answers; 70 (a failed assertion of kjit), a signal and a run without an end are findings, which are
printed with the program. Mutant number k of seed s is made from the number s + k and the files of tests/run.
"""

import argparse
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
SPICE = ["None", "0", "-1", "2.5", "1j", '"a"', "True", "()", "(1, 2)", "[1]", "x", "f", "np", "math", "lambda: 0", "not", "in", "is", "**", "//", "[:]",
         "[0]", ".shape", "9223372036854775807", "18446744073709551615", "1e400", "(", ")", ":", ",", "=", "+=", "return", "if", "else", "for", "f'{x:d}'"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="mutants to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first mutant")
    parser.add_argument("--kjit", default=os.path.join(ROOT, "build", "release", "kjit"), help="the executable")
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds until a run counts as one that does not end")
    return parser.parse_args()


def change_tokens(text, source):
    tokens = TOKEN.findall(text)
    solid = [i for i, token in enumerate(tokens) if token.strip()]
    for _ in range(source.randint(1, 3)):
        at = source.choice(solid)
        other = source.choice(solid)
        tokens[at] = source.choice(["", tokens[at] * 2, tokens[at] + " " + tokens[at], tokens[other], tokens[other], source.choice(SPICE), source.choice(SPICE)])
    return "".join(tokens)


def change_lines(text, source):
    lines = text.splitlines()
    at, other = source.randrange(len(lines)), source.randrange(len(lines))
    kind = source.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[other])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = lines[at].lstrip() if source.random() < 0.5 else "    " + lines[at]
    else:
        lines = lines[:at]
    return "\n".join(lines) + "\n"


def mutant(files, number):
    source = random.Random(number)
    with open(source.choice(files), encoding="utf-8") as file:
        text = file.read()
    for _ in range(source.randint(1, 2)):
        change = change_tokens if source.random() < 0.75 else change_lines
        text = change(text, source) if text.strip() else text
    return text


def status(options, command):
    """(what happened, stderr). kjit's own --timeout ends programs that loop: status 124 is no finding."""
    try:
        done = subprocess.run([options.kjit, *command], capture_output=True, timeout=options.timeout, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return "no end", ""
    return done.returncode, done.stderr.decode("utf-8", "replace")


def try_mutant(options, path):
    """Compiled without running, then run: most mutants end in a diagnostic."""
    for command in (["check", path], ["run", "--interpret", "--timeout", "2", path], ["run", "--timeout", "2", path]):
        what, errors = status(options, command)
        if what not in (0, 1, 2, 3, 124):
            return command[:-1], what, errors
        if what != 0 and command[0] == "check":
            return None
    return None


def main():
    options = parse_arguments()
    files = sorted(glob.glob(os.path.join(ROOT, "tests", "run", "*", "*.k")) + glob.glob(os.path.join(ROOT, "tests", "typing", "*.k")))
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mutant.k")
        for number in range(options.seed, options.seed + options.count):
            with open(path, "w", encoding="utf-8") as file:
                file.write(mutant(files, number))
            found = try_mutant(options, path)
            if found:
                findings += 1
                with open(path, encoding="utf-8") as file:
                    print(f"==== seed {number}: kjit {' '.join(found[0])}: {found[1]}\n{file.read()}\n---- stderr\n{found[2][-2000:]}", flush=True)
    print(f"{options.count} mutants from seed {options.seed}: {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
