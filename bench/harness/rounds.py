"""Interleaved repetitions: every contestant has its turn in every round, so that what drifts hits all alike.

A contestant is done when its interval is narrow, or when its share of the time is spent. Samples taken while the machine was disturbed are
marked and repeated as long as there is time.
"""

import dataclasses
import time

from . import stats

NARROW = 0.02      # half of the interval, relative to the median
LEAST_SAMPLES = 5
MOST_SAMPLES = 60
BATCH_SECONDS = 0.02  # calls are timed in batches of at least this
ASYNC_SLACK = 0.02    # seconds by which a worker's clock may fall short of ours


@dataclasses.dataclass
class Samples:
    """Seconds a call, of one contestant."""
    wall: list = dataclasses.field(default_factory=list)
    cpu: list = dataclasses.field(default_factory=list)
    quiet: list = dataclasses.field(default_factory=list)
    calls: int = 1
    spent: float = 0.0
    suspicious: int = 0  # batches whose end the worker's clock did not wait for

    def trusted(self):
        """Those of quiet moments, if there are enough of them; else all, which `disturbed` tells."""
        calm = [wall for wall, quiet in zip(self.wall, self.quiet) if quiet]
        return calm if len(calm) >= LEAST_SAMPLES else self.wall

    def disturbed(self):
        return sum(self.quiet) < LEAST_SAMPLES

    def narrow(self):
        return (len(self.wall) >= LEAST_SAMPLES and not self.disturbed()
                and stats.bootstrap_median(self.trusted()).relative_width() <= NARROW)


def batch_of(seconds):
    """How many calls make a batch that the clock can measure."""
    return max(1, min(1_000_000, round(BATCH_SECONDS / max(seconds, 1e-8))))


def take_sample(worker, samples, noise):
    before = noise.quiet()
    begin = time.perf_counter()
    reply = worker.time(samples.calls)
    after = noise.quiet()
    samples.spent += time.perf_counter() - begin
    samples.wall.append(reply["wall_s"] / samples.calls)
    samples.cpu.append(reply["cpu_s"] / samples.calls)
    samples.quiet.append(before and after)
    # On a machine that is not quiet the worker may have been late to hear of its turn.
    late = reply["outside_s"] - reply["wall_s"] > ASYNC_SLACK + 0.2 * reply["wall_s"]
    samples.suspicious += late and samples.quiet[-1]


def calibrate(worker, samples):
    """Grows the batch until it is long enough for the clock: the first calls would have the caches and the clock rate of a beginning."""
    while True:
        reply = worker.time(samples.calls)
        samples.spent += reply["outside_s"]
        enough = batch_of(reply["wall_s"] / samples.calls)
        if enough <= 2 * samples.calls:
            return
        samples.calls = enough


def done(samples, budget):
    if len(samples.wall) >= MOST_SAMPLES or samples.narrow():
        return True
    return samples.spent >= budget and len(samples.wall) >= 1


def measure(workers, noise, budget, failed, slow=()):
    """{name: Samples} of {name: Worker}; `budget` in seconds for each. A worker that fails leaves the race: failed(name, error). `slow` names
    those of which one call is known to be long enough for the clock, and as slow as the first: they need no trial."""
    found = {name: Samples() for name in workers}
    running = dict(workers)

    def attempt(name, action):
        try:
            action()
        except Exception as error:  # whatever a contestant does, the others go on
            failed(name, error)
            running.pop(name)
            found.pop(name)

    for name in [name for name in running if name not in slow]:
        attempt(name, lambda: calibrate(running[name], found[name]))
    while open_names := [name for name in running if not done(found[name], budget)]:
        for name in open_names:
            attempt(name, lambda: take_sample(running[name], found[name], noise))
    return found
