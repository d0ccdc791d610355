"""Contestants that are wrong on purpose: none of them gets a time. Small workers in Python stand for them, and kjit itself where it is built."""

import os
import pathlib
import sys
import tempfile
import textwrap
import types
import unittest

from harness import cells, tools
from harness.case import load_case
from harness.contestants import Contestant, Launch, kjit
from harness.noise import NoiseCheck

HERE = pathlib.Path(__file__).resolve().parent
WORKER = """
import json, struct, sys
answer, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def say(**values): print(json.dumps(values), flush=True)
def store(value):
    header = "{'descr': '<i8', 'fortran_order': False, 'shape': (), }".ljust(117) + chr(10)
    open(answer, "wb").write(b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<q", value))
say(first_s=0.1, before_kb=1, peak_kb=1)
store(first)
for line in sys.stdin:
    if line.startswith("time"):
        count = int(line.split()[1])
        print("asked", count, file=sys.stderr, flush=True)
        say(wall_s=0.01 * count, cpu_s=0.01 * count)
    else:
        store(last)
        say(peak_kb=2)
        break
"""


def contestant(name, first, last=None, log=None):
    def launch(job):
        return Launch([sys.executable, "-c", WORKER, job.answer, str(first), str(first if last is None else last)])
    return Contestant(name, "kjit", "serial", launch, lambda case: True)


def run(contestants, case=None):
    case = case or types.SimpleNamespace(name="planted", rtol=1e-9, random=False, size=1, module=types.SimpleNamespace(inputs=lambda n: (n,)))
    check = NoiseCheck(lambda: None, clock=iter(range(10**9)).__next__)
    with tempfile.TemporaryDirectory() as builds:
        return cells.CaseRun(case, contestants, tools.Places(), builds, 1, check, 0.2, lambda text: None).run()


class Planted(unittest.TestCase):
    def test_right_answers_are_timed(self):
        found = run([contestant("CPython", 42), contestant("kjit", 42)])
        self.assertEqual(found["kjit"]["status"], "ok")
        self.assertAlmostEqual(found["kjit"]["wall"]["median"], 0.01)

    def test_a_wrong_answer_has_no_time(self):
        found = run([contestant("CPython", 42), contestant("kjit", 43)])
        self.assertEqual(found["kjit"]["status"], "wrong")
        self.assertIn("43, not 42", found["kjit"]["reason"])
        self.assertFalse({"wall", "first_s", "process_s"} & set(found["kjit"]))
        self.assertEqual(found["CPython"]["status"], "ok")

    def test_an_answer_that_changes_later_has_no_time(self):
        found = run([contestant("CPython", 42), contestant("kjit", 42, last=0)])
        self.assertEqual(found["kjit"]["status"], "wrong")
        self.assertIn("the last call differs from the first", found["kjit"]["reason"])
        self.assertNotIn("wall", found["kjit"])

    def test_a_process_that_dies_says_why(self):
        dying = Contestant("kjit", "kjit", "serial", lambda job: Launch([sys.executable, "-c", "import sys; sys.exit('no luck')"]),
                           lambda case: True)
        found = run([contestant("CPython", 42), dying])
        self.assertEqual(found["kjit"], {"status": "failed", "reason": "no luck (exit code 1)"})

    def test_what_is_not_there_has_a_reason(self):
        def launch(job):
            raise tools.NotAvailable("mojo is not installed")
        found = run([contestant("CPython", 42), Contestant("Mojo", "compiled", "serial", launch, lambda case: True)])
        self.assertEqual(found["Mojo"], {"status": "missing", "reason": "mojo is not installed"})


class PlantedInKjit(unittest.TestCase):
    """The kernel adds past 64 bits, where kjit wraps and Python does not: the answers differ by design."""

    def setUp(self):
        build = pathlib.Path(os.environ.get("KJIT_BUILD", tools.ROOT / "build/release"))
        if not (build / "bench/workers/bench_worker").exists():
            self.skipTest("bench_worker is not built")
        try:
            import numpy  # noqa: F401
        except ImportError:
            self.skipTest("no NumPy")

    def test_it_is_caught(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "case.py").write_text('SIZES = {"quick": 3}\nRESULT = "i8"\ndef inputs(n):\n    return (n,)\n', encoding="utf-8")
            (path / "kernel.k").write_text(textwrap.dedent("""
                from kjit import njit
                @njit
                def kernel(n):
                    x = 9223372036854775807
                    return (x + n) // 4
                """), encoding="utf-8")
            right = (2**63 - 1 + 3) // 4
            found = run([contestant("CPython", right), Contestant("kjit", "kjit", "serial", kjit("serial"), lambda case: True)],
                        load_case(path, "quick"))
        self.assertEqual(found["kjit"]["status"], "wrong", found["kjit"])
        self.assertNotIn("wall", found["kjit"])
