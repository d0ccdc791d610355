"""Medians, and how far they can be trusted. Standard library only, so that the unit tests run anywhere."""

import dataclasses
import math
import random
import statistics

RESAMPLES = 1000
CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A median and the interval that holds it with CONFIDENCE; all in the unit of the samples."""
    median: float
    low: float
    high: float
    count: int

    def relative_width(self):
        """Of half the interval; infinite for one sample, which says nothing about its spread."""
        if self.count < 2 or self.median <= 0:
            return math.inf
        return (self.high - self.low) / 2 / self.median


def bootstrap_median(samples, seed=0):
    """Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The same samples give the same interval."""
    if not samples:
        raise ValueError("no samples")
    draw = random.Random(seed)
    medians = sorted(statistics.median(draw.choices(samples, k=len(samples))) for _ in range(RESAMPLES))
    tail = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return Estimate(statistics.median(samples), medians[tail], medians[-1 - tail], len(samples))


# Two-sided 95 % quantiles of Student's t for 1, 2, .. degrees of freedom (Student, The probable error of a mean, Biometrika 6, 1908; any table).
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


def over_sittings(estimates):
    """One estimate of several independent ones: the median of their medians. Its interval is Student's of their logarithms, as times vary by
    factors, and no narrower than what the intervals inside the sittings amount to."""
    count = len(estimates)
    if count == 1:
        return estimates[0]
    middle = statistics.median(e.median for e in estimates)
    if min(e.low for e in estimates) <= 0:  # below what the clock can tell
        return Estimate(middle, min(e.low for e in estimates), max(e.high for e in estimates), sum(e.count for e in estimates))
    spread = statistics.stdev(math.log(e.median) for e in estimates)
    between = STUDENT[min(count - 1, len(STUDENT)) - 1] * spread / math.sqrt(count)
    below = max(between, statistics.median(math.log(e.median / e.low) for e in estimates) / math.sqrt(count))
    above = max(between, statistics.median(math.log(e.high / e.median) for e in estimates) / math.sqrt(count))
    return Estimate(middle, middle * math.exp(-below), middle * math.exp(above), sum(e.count for e in estimates))


def overlap(a, b):
    """Whether two intervals have a point in common: then the medians do not contradict each other."""
    return a.low <= b.high and b.low <= a.high


def ratio_interval(numerator, denominator, seed=0):
    """The quotient of two medians with its interval: both lists are drawn anew, independently."""
    draw = random.Random(seed)
    quotients = sorted(statistics.median(draw.choices(numerator, k=len(numerator)))
                       / statistics.median(draw.choices(denominator, k=len(denominator))) for _ in range(RESAMPLES))
    tail = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    middle = statistics.median(numerator) / statistics.median(denominator)
    return Estimate(middle, quotients[tail], quotients[-1 - tail], min(len(numerator), len(denominator)))


def geometric_mean(values):
    values = list(values)
    if not values or min(values) <= 0:
        raise ValueError("a geometric mean wants positive numbers")
    return math.exp(math.fsum(map(math.log, values)) / len(values))


def break_even_calls(baseline_seconds, first_seconds, steady_seconds):
    """The least number of calls N after which N calls of the compiled kernel, the first of them with everything that it costs once, take
    no longer than N calls of the baseline; None if it never pays."""
    saved = baseline_seconds - steady_seconds
    if first_seconds <= baseline_seconds:
        return 1
    if saved <= 0:
        return None
    return math.ceil((first_seconds - steady_seconds) / saved)
