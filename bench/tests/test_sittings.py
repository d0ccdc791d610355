import os
import pathlib
import random
import statistics
import sys
import tempfile
import unittest

from harness import contestants, sittings, stats


def cell(seconds, status="ok", **changes):
    wall = vars(stats.Estimate(seconds, seconds * 0.99, seconds * 1.01, 5))
    good = {"status": "ok", "form": "serial", "family": "kjit", "threads": 1, "build_s": 0.0, "process_s": seconds * 10, "first_s": seconds * 5,
            "compile_s": seconds, "before_kb": 10, "peak_kb": 100 * seconds, "wall": wall, "cpu": wall, "samples": [seconds] * 5, "calls": 1,
            "quiet_samples": 5, "disturbed": False, "asynchronous": False}
    return (good if status == "ok" else {"status": status, "reason": "because"}) | changes


class Merged(unittest.TestCase):
    def test_medians_and_all_samples(self):
        merged = sittings.merge([cell(1.0), cell(3.0), cell(2.0)])
        self.assertEqual(merged["wall"]["median"], 2.0)
        self.assertEqual((merged["process_s"], merged["peak_kb"], merged["quiet_samples"]), (20.0, 300.0, 15))
        self.assertEqual(merged["samples"], [[1.0] * 5, [3.0] * 5, [2.0] * 5])
        self.assertLess(merged["wall"]["low"], 1.0)
        self.assertGreater(merged["wall"]["high"], 3.0)

    def test_a_cell_that_was_wrong_once_is_wrong(self):
        merged = sittings.merge([cell(1.0), cell(0.0, "failed"), cell(0.0, "wrong")])
        self.assertEqual(merged, {"status": "wrong", "reason": "because"})

    def test_one_sitting_is_left_as_it_is(self):
        self.assertEqual(sittings.merge_case([{"kjit": cell(1.0)}]), {"kjit": cell(1.0)})

    def test_disturbed_if_most_sittings_were(self):
        bad = cell(1.0, disturbed=True)
        self.assertFalse(sittings.merge([bad, cell(1.0), cell(1.0)])["disturbed"])
        self.assertTrue(sittings.merge([bad, bad, cell(1.0)])["disturbed"])


class OverSittings(unittest.TestCase):
    def test_equal_sittings_keep_the_interval_inside(self):
        estimate = stats.over_sittings([stats.Estimate(1.0, 0.96, 1.04, 5)] * 4)
        self.assertEqual((estimate.median, estimate.count), (1.0, 20))
        self.assertAlmostEqual(estimate.low, 0.98, 2)
        self.assertAlmostEqual(estimate.high, 1.02, 2)

    def test_two_runs_agree_where_processes_differ(self):
        """What one process would have said of itself alone contradicts the next one's."""
        draw = random.Random(7)

        def sitting():
            level = draw.lognormvariate(0, 0.05)
            return stats.bootstrap_median([level * draw.lognormvariate(0, 0.005) for _ in range(20)])

        def share(count):
            run = lambda: stats.over_sittings([sitting() for _ in range(count)])
            return statistics.fmean(stats.overlap(run(), run()) for _ in range(100))

        self.assertLess(share(1), 0.3)
        self.assertGreater(share(3), 0.95)

    def test_times_below_the_clock(self):
        estimate = stats.over_sittings([stats.Estimate(0.0, 0.0, 1e-9, 5), stats.Estimate(1e-9, 0.0, 2e-9, 5)])
        self.assertEqual((estimate.low, estimate.high), (0.0, 2e-9))


class Builds(unittest.TestCase):
    def test_all_sittings_share_one(self):
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "made")
            command = [sys.executable, "-c", f"open({output!r}, 'a').write('x')"]
            first = contestants.build(command, output)
            self.assertEqual(contestants.build(command, output), first)
            self.assertEqual(pathlib.Path(output).read_text(encoding="utf-8"), "x")

    def test_one_that_fails_is_tried_again(self):
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(2):
                with self.assertRaises(contestants.NotAvailable):
                    contestants.build([sys.executable, "-c", "raise SystemExit('error: no')"], os.path.join(folder, "made"))


if __name__ == "__main__":
    unittest.main()
