"""Is the machine quiet? A fixed loop, timed before and after everything that is timed.

The least time ever seen is what the loop takes undisturbed; a sample between two loops that took much longer is disturbed. On a machine that
is never quiet every sample is, and the report says so instead of hiding it.
"""

import ctypes
import dataclasses
import time

TOLERATED = 1.10  # times the least time
LOOP_SECONDS = 0.005


@dataclasses.dataclass
class NoiseCheck:
    """`loop` is a function without arguments that does the fixed work. Not for several threads."""
    loop: object
    clock: object = time.perf_counter
    least: float = float("inf")
    checks: int = 0
    disturbed: int = 0

    def quiet(self):
        """Runs the loop once: whether it took about as long as it has to."""
        begin = self.clock()
        self.loop()
        took = self.clock() - begin
        self.least = min(self.least, took)
        self.checks += 1
        calm = took <= TOLERATED * self.least
        self.disturbed += not calm
        return calm

    def settle(self, count=20):
        for _ in range(count):
            self.quiet()
        self.checks = self.disturbed = 0

    def report(self):
        return {"reference_loop_s": self.least, "checks": self.checks, "disturbed": self.disturbed}


def reference_check(library):
    """A NoiseCheck over the loop of workers/reference_loop.c, its length chosen for this machine."""
    function = ctypes.CDLL(str(library)).reference_loop
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_long]
    count = 100_000
    begin = time.perf_counter()
    function(count)
    count = max(count, int(count * LOOP_SECONDS / (time.perf_counter() - begin)))
    check = NoiseCheck(lambda: function(count))
    check.settle()
    return check
