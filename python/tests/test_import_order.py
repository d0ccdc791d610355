"""Files as a user runs them: every order of imports, `.k` modules, the command line, and a Python without NumPy."""

import os
import subprocess
import sys
import tempfile
import unittest

from kjit import philox

FIRST = str(philox.to_unit(philox.draws(0, 0, 0)[0]))
FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Files(unittest.TestCase):

    def run_file(self, text, *arguments, launcher=(), **files):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in {"main": text, **files}.items():
                with open(os.path.join(folder, name + ".k"), "w", encoding="utf-8") as file:
                    file.write(content)
            done = subprocess.run([sys.executable, *launcher, os.path.join(folder, "main.k"), *arguments], capture_output=True,
                                  text=True, env={**os.environ, "PYTHONPATH": FOLDER}, check=False)
            self.assertEqual(done.stderr, "")
            self.assertEqual(sorted(os.listdir(folder)), sorted(name + ".k" for name in ["main", *files]))
            return done.stdout.split()

    def test_random_before_kjit(self):
        self.assertEqual(self.run_file("import random\nimport kjit\nprint(random.random())\n"), [FIRST])

    def test_random_after_kjit(self):
        self.assertEqual(self.run_file("from kjit import njit\nimport random\nprint(random.random())\n"), [FIRST])

    def test_a_name_taken_before_kjit(self):
        self.assertEqual(self.run_file("from random import random as draw\nfrom numba import njit\nprint(draw())\n"), [FIRST])

    def test_kernel_module_that_never_imports_kjit(self):
        library = "from random import random\ndef f():\n    return random()\n"
        self.assertEqual(self.run_file("from numba import njit\nfrom lib import f\nprint(f())\n", lib=library), [FIRST])

    def test_command_line_covers_files_without_kjit(self):
        text = "from random import random\nprint(random())\n"
        self.assertEqual(self.run_file(text, launcher=("-m", "kjit", "run")), [FIRST])

    def test_command_line_seed_and_arguments(self):
        text = "import sys, random\nprint(sys.argv[1:], random.random())\n"
        expected = str(philox.to_unit(philox.draws(9, 0, 0)[0]))
        self.assertEqual(self.run_file(text, "--seed", "9", "--", "3", launcher=("-m", "kjit", "run")), ["['3']", expected])

    def test_command_line_calls_a_kernel(self):
        text = "def f(a, b):\n    return a * b\n"
        self.assertEqual(self.run_file(text, "f", "3", "-2", launcher=("-m", "kjit", "run")), ["-6"])

    def test_numpy_is_not_imported_without_need(self):
        text = "import sys\nfrom kjit import njit, f64\nimport random\nrandom.random()\nprint('numpy' in sys.modules)\n"
        self.assertEqual(self.run_file(text), ["False"])

    def test_numpy_random_in_every_order(self):
        try:
            import numpy  # noqa: F401
        except ImportError:
            self.skipTest("NumPy is not installed")
        for lines in ("import numpy as np\nimport kjit\n", "import kjit\nimport numpy as np\n"):
            self.assertEqual(self.run_file(lines + "print(np.random.rand())\n"), [FIRST])
        self.assertEqual(self.run_file("from numpy.random import rand\nimport kjit\nprint(rand())\n"), [FIRST])


if __name__ == "__main__":
    unittest.main()
