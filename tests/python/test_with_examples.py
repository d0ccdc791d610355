"""examples/python: each program, as its reader would run it, prints what examples/python/expected says; and the same as plain Python."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"
BIN = pathlib.Path(sys.executable).parent
ARGUMENTS = {"02_calc_pi": ["1e5"], "03_queue_workers": ["2", "1e5"], "06_matrix_fill": ["200"], "07_word_autocorr": ["3000"],
             "09_mpi_pi": ["1e6"], "11_dask_pi": ["1e5"]}
RANKS = {"09_mpi_pi": 2, "10_mpi_collectives": 3}
# Without random numbers, cancelling and kjit's own limits plain Python prints the same.
SAME_IN_PYTHON = ("01_sum_range", "04_primes", "05_joblib_sum", "06_matrix_fill", "07_word_autocorr", "08_pool_map", "13_split_sum")
FASTER_IN_PYTHON = {"01_sum_range": ["1000"], "06_matrix_fill": ["50"]}


def run(name, arguments, **environment):
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments]
    if name in RANKS:
        command = [str(BIN / "mpiexec"), "-n", str(RANKS[name]), *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env={**os.environ, **environment})
    return done.stdout if done.returncode == 0 else f"exit status {done.returncode}\n{done.stdout}{done.stderr}"


class Examples(unittest.TestCase):
    maxDiff = None

    def test_each_prints_what_is_expected(self):
        programs = sorted(EXAMPLES.glob("[0-9]*.py"))
        self.assertGreaterEqual(len(programs), 13)
        for program in programs:
            with self.subTest(program.stem):
                expected = (EXAMPLES / "expected" / f"{program.stem}.txt").read_text()
                self.assertEqual(run(program.stem, ARGUMENTS.get(program.stem, [])), expected)

    def test_plain_python_prints_the_same(self):
        for name in SAME_IN_PYTHON:
            with self.subTest(name):
                arguments = FASTER_IN_PYTHON.get(name, ARGUMENTS.get(name, []))
                self.assertEqual(run(name, arguments), run(name, arguments, KJIT_DISABLE_JIT="1"))

    def test_snakemake(self):
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder) / "work"
            shutil.copytree(EXAMPLES / "14_snakemake", work)
            done = subprocess.run([str(BIN / "snakemake"), "--cores", "2", "--quiet"], cwd=work, capture_output=True, text=True, timeout=200,
                                  env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": folder})
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual((work / "results" / "results.txt").read_text(), (EXAMPLES / "expected" / "14_snakemake.txt").read_text())


if __name__ == "__main__":
    unittest.main()
