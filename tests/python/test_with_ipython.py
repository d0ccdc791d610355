"""Kernels in IPython, and so in notebooks: cells are their files, in tracebacks and diagnostics, too."""

import contextlib
import io
import os
import re
import tempfile
import unittest

os.environ["IPYTHONDIR"] = tempfile.mkdtemp()

from IPython.terminal.interactiveshell import TerminalInteractiveShell  # noqa: E402


class Cells(unittest.TestCase):

    def setUp(self):
        self.shell = TerminalInteractiveShell.instance()

    def run_cell(self, text):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.shell.run_cell(text)
        return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())

    def test_cells_are_files(self):
        self.run_cell("import kjit\nK = 2\n@kjit.njit\ndef f(x):\n    return K // x\n")
        self.assertEqual(self.run_cell("print(f(1))"), "2\n")
        self.run_cell("K = 7")
        self.assertEqual(self.run_cell("print(f(1))"), "7\n")
        text = self.run_cell("f(0)")
        self.assertIn("line 5, in f", text)
        self.assertIn("----> 5     return K // x", text)
        self.assertIn("ZeroDivisionError: K // x", text)

    def test_diagnostics(self):
        text = self.run_cell("import kjit\n@kjit.njit\ndef g(x):\n    return x + undefined\ng(1)")
        self.assertRegex(text, r":4:16: error\[E0401\]: name 'undefined' is not defined")


if __name__ == "__main__":
    unittest.main()
