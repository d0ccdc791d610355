import unittest

from harness import rounds
from harness.noise import NoiseCheck


class FakeWorker:
    """Takes `seconds` a call; every `slow`th batch three times as long."""

    def __init__(self, seconds, slow=0, outside=0.0):
        self.seconds, self.slow, self.outside, self.batches, self.log = seconds, slow, outside, 0, []

    def time(self, calls):
        self.batches += 1
        self.log.append(calls)
        wall = calls * self.seconds * (3 if self.slow and self.batches % self.slow == 0 else 1)
        return {"wall_s": wall, "cpu_s": wall, "outside_s": wall + self.outside}


def quiet_machine():
    return NoiseCheck(lambda: None, clock=iter(range(10**9)).__next__)


def measure(workers, budget=10.0, noise=None):
    failures = {}
    found = rounds.measure(workers, noise or quiet_machine(), budget, lambda name, error: failures.update({name: str(error)}))
    return found, failures


class Rounds(unittest.TestCase):
    def test_short_calls_are_timed_in_batches(self):
        found, _ = measure({"a": FakeWorker(1e-5)})
        self.assertEqual(found["a"].calls, 2000)
        self.assertAlmostEqual(found["a"].trusted()[0], 1e-5)

    def test_long_calls_are_not(self):
        found, _ = measure({"a": FakeWorker(0.5)})
        self.assertEqual(found["a"].calls, 1)

    def test_those_known_to_be_slow_have_no_trial(self):
        slow, other = FakeWorker(0.5), FakeWorker(0.5)
        rounds.measure({"a": slow, "b": other}, quiet_machine(), 10.0, None, {"a"})
        self.assertEqual(len(other.log), len(slow.log) + 1)

    def test_steady_contestants_stop_early(self):
        found, _ = measure({"a": FakeWorker(0.01)})
        self.assertEqual(len(found["a"].wall), rounds.LEAST_SAMPLES)

    def test_contestants_take_turns(self):
        order = []
        workers = {name: FakeWorker(0.02) for name in "ab"}
        for name, worker in workers.items():
            worker.time = lambda calls, name=name, time=worker.time: (order.append(name), time(calls))[1]
        measure(workers)
        self.assertIn("ababab", "".join(order))

    def test_a_slow_batch_now_and_then_does_not_move_the_median(self):
        found, _ = measure({"a": FakeWorker(0.01, slow=4)})
        self.assertAlmostEqual(sorted(found["a"].trusted())[len(found["a"].wall) // 2], 0.01)

    def test_a_worker_that_dies_leaves_the_race(self):
        dying = FakeWorker(0.01)
        dying.time = lambda calls: 1 / 0
        found, failures = measure({"a": dying, "b": FakeWorker(0.01)})
        self.assertEqual(list(found), ["b"])
        self.assertEqual(failures, {"a": "division by zero"})

    def test_a_clock_that_does_not_wait_is_seen(self):
        found, _ = measure({"a": FakeWorker(0.01, outside=1.0)})
        self.assertEqual(found["a"].suspicious, len(found["a"].wall))
        self.assertEqual(measure({"a": FakeWorker(0.01, outside=0.001)})[0]["a"].suspicious, 0)


class Noise(unittest.TestCase):
    def clocked(self, durations):
        times = [0.0]
        for duration in durations:
            times += [times[-1], times[-1] + duration]
        return NoiseCheck(lambda: None, clock=iter(times[1:]).__next__)

    def test_as_fast_as_ever_is_quiet(self):
        check = self.clocked([1.0, 1.05, 1.2, 0.99])
        self.assertEqual([check.quiet() for _ in range(4)], [True, True, False, True])
        self.assertEqual(check.report(), {"reference_loop_s": check.least, "checks": 4, "disturbed": 1})

    def test_disturbed_samples_are_repeated_and_marked(self):
        check = quiet_machine()
        answers = iter([False] * 6 + [True] * 1000)
        check.quiet = lambda: next(answers)
        found, _ = measure({"a": FakeWorker(0.01)}, noise=check)
        self.assertFalse(found["a"].disturbed())
        self.assertEqual(len(found["a"].trusted()), rounds.LEAST_SAMPLES)
        self.assertEqual(len(found["a"].wall), rounds.LEAST_SAMPLES + 3)

    def test_a_machine_that_is_never_quiet_is_told(self):
        check = quiet_machine()
        check.quiet = lambda: False
        found, _ = measure({"a": FakeWorker(0.1)}, budget=0.5, noise=check)
        self.assertTrue(found["a"].disturbed())
        self.assertTrue(found["a"].wall)
