import unittest

from harness import markdown, page, views


def cell(seconds, low=None, high=None, **more):
    return {"status": "ok", "verdict": "same", "reason": "", "form": "serial", "family": "", "threads": 1, "build_s": 0.0, "process_s": 1.0,
            "first_s": 0.5, "compile_s": 0.4, "before_kb": 1, "peak_kb": 2048, "disturbed": False, "asynchronous": False, "samples": [seconds],
            "wall": {"median": seconds, "low": low or seconds, "high": high or seconds, "count": 9}} | more


def results(**kernels):
    rows = {name: {"title": name, "size": 1, "flops": None, "bytes": None, "cells": cells} for name, cells in kernels.items()}
    machine = {"date": "d", "cpu": "c", "cores": 2, "memory_gb": 1, "governor": "g", "system": "s", "load": [0, 0, 0], "commit": "x"}
    return {"version": 1, "preset": "quick", "machine": machine, "versions": {}, "threads": 2, "peak": {"flops": 1, "bytes": 1}, "kernels": rows,
            "noise": {"checks": 10, "disturbed": 0}}


class Views(unittest.TestCase):
    def test_losses_are_named_the_worst_first(self):
        found = views.losses(results(a={"kjit": cell(2.0), "C++": cell(1.0)}, b={"kjit": cell(9.0), "Numba": cell(1.0), "PyPy": cell(10.0)}))
        self.assertEqual([(loss.kernel, loss.peer, loss.factor) for loss in found], [("b", "Numba", 9.0), ("a", "C++", 2.0)])

    def test_a_loss_within_the_noise_says_so(self):
        found = views.losses(results(a={"kjit": cell(1.1, 0.9, 1.3), "C++": cell(1.0, 0.8, 1.2)}))
        self.assertFalse(found[0].certain)

    def test_scaling_is_over_one_thread(self):
        found = views.scaling(results(a={"kjit parallel": cell(1.0, threads=2), "kjit parallel @1": cell(1.8)}), "kjit parallel")
        self.assertEqual(found, {"a": {1: 1.0, 2: 1.8}})

    def test_break_even_counts_the_start_of_the_process(self):
        cells = {"CPython": cell(1.0, process_s=1.1, first_s=1.0), "kjit": cell(0.1, process_s=2.1)}
        self.assertEqual(views.break_even(cells, "kjit"), 3)

    def test_two_runs_agree_where_intervals_meet(self):
        one = results(a={"kjit": cell(1.0, 0.9, 1.1), "C++": cell(1.0)})
        other = results(a={"kjit": cell(1.2, 1.05, 1.3), "C++": cell(2.0)})
        meet, count, apart = views.agreement(one, other)
        self.assertEqual((meet, count, apart), (1, 2, [("a", "C++", 2.0)]))

    def test_a_removed_loop_does_not_count_in_the_mean(self):
        found = dict(views.summary(results(a={"CPython": cell(8.0), "kjit": cell(2.0)},
                                           b={"CPython": cell(8.0), "kjit": cell(1e-6, removed_loop=True)})))
        self.assertEqual(found, {"kjit over CPython, serial (1 kernels)": 4.0})


class Reports(unittest.TestCase):
    WRONG = {"status": "wrong", "reason": "1 of 9 elements differ <&>"}
    MISSING = {"status": "missing", "reason": "mojo is not installed"}

    def setUp(self):
        self.results = results(a={"CPython": cell(1.0), "kjit": cell(0.5), "Numba parallel": self.WRONG, "Mojo": self.MISSING})

    def test_wrong_answers_and_absent_peers_are_shown(self):
        for text in (markdown.render(self.results), page.render(self.results)):
            self.assertIn("Numba parallel", text)
            self.assertIn("wrong", text)
            self.assertIn("mojo is not installed", text)

    def test_the_page_is_self_contained_and_escaped(self):
        text = page.render(self.results)
        self.assertNotIn("differ <&>", text)
        self.assertIn("differ &lt;&amp;&gt;", text)
        for fetched in ("src=", "@import", "<script", "<link"):
            self.assertNotIn(fetched, text)
