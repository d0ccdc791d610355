#!/usr/bin/env python3
"""clang-tidy over every C++ file of the repository: scripts/lint.py BUILD-FOLDER [PREFIX...]

Reads the compilation database of the build folder and the checks of .clang-tidy; a finding is an error. A PREFIX (jit/lower, tests/) chooses
files. A file that passed is remembered under BUILD-FOLDER/lint by a hash of everything that could change the answer - its preprocessed
text with comments (NOLINT is one), its command, the checks, the version of clang-tidy - so that a second run checks only what changed.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-19"
# The analyser in its shallow mode: the deep one takes three times as long (20 s a file) and has added only doubts about values
# that an assertion pins down elsewhere.
SHALLOW = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "mode=shallow")]


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def preprocess(entry: dict) -> str:
    """The text that clang-tidy will see: the file's own command, with clang as the preprocessor."""
    words = shlex.split(entry["command"])
    while not words[0].endswith(("++", "++-19")):  # a launcher such as ccache
        words = words[1:]
    words = words[1 : words.index("-c")] if "-c" in words else words[1:]
    if "-o" in words:
        del words[words.index("-o") : words.index("-o") + 2]
    command = ["clang++-19", *words, "-w", "-E", "-C", "-P", entry["file"]]
    return subprocess.run(command, cwd=entry["directory"], check=True, capture_output=True, text=True, errors="replace").stdout


def check(file: str, entry: dict, rules: str, passed: pathlib.Path, build: str) -> str:
    """The findings in one file: an empty text if there are none."""
    try:
        key = hashlib.sha256((rules + file + entry["command"] + preprocess(entry)).encode()).hexdigest()
    except subprocess.CalledProcessError as error:
        return error.stderr or str(error)
    if (passed / key).exists():
        return ""
    command = [TIDY, "-p", build, "--quiet", "--warnings-as-errors=*", *SHALLOW, file]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode == 0:
        (passed / key).touch()
        return ""
    return result.stdout or result.stderr


def main() -> int:
    build, *prefixes = sys.argv[1:]
    database = {entry["file"]: entry for entry in json.loads((ROOT / build / "compile_commands.json").read_text())}
    passed = ROOT / build / "lint"
    passed.mkdir(exist_ok=True)
    configurations = output("git", "ls-files", "*.clang-tidy", ".clang-tidy").split()
    rules = output(TIDY, "--version") + " ".join(SHALLOW) + "".join((ROOT / name).read_text() for name in configurations)

    files = [file for file in output("git", "ls-files", "*.cpp").split() if file.startswith(tuple(prefixes or ["jit/", "runtime/", "tools/", "tests/"]))]
    known = [file for file in files if str(ROOT / file) in database]
    for file in sorted(set(files) - set(known)):
        print(f"lint: {file} is not built in {build}, so it is not checked")
    faulty = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for findings in pool.map(lambda file: check(file, database[str(ROOT / file)], rules, passed, build), known):
            if findings:
                faulty += 1
                print(findings, flush=True)
    print(f"lint: {len(known)} files, {faulty} with findings")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
