import contextlib
import io
import unittest

from harness import gate


def report(accepted, found):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        return gate.report(accepted, found), text.getvalue()


class Gate(unittest.TestCase):
    def test_equal_counts_pass(self):
        self.assertEqual(report({"a": {"run": 100, "compile": 100}}, {"a": {"run": 100, "compile": 104}})[0], 0)

    def test_more_than_tolerated_fails(self):
        failures, text = report({"a": {"run": 100, "compile": 100}}, {"a": {"run": 103, "compile": 106}})
        self.assertEqual(failures, 2)
        self.assertEqual(text.count("SLOWER"), 2)

    def test_fewer_instructions_pass(self):
        self.assertEqual(report({"a": {"run": 100}}, {"a": {"run": 10}})[0], 0)

    def test_a_kernel_without_standard_is_named(self):
        failures, text = report({}, {"new": {"run": 1}})
        self.assertEqual(failures, 0)
        self.assertIn("new              has no accepted count", text)
