"""Whether an answer is right. Nothing is printed about the speed of a contestant before this has been asked.

The verdicts: "same" (bit for bit), "close" (floats within the tolerance of the case), "wrong".
"""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Verdict:
    kind: str
    detail: str = ""

    def right(self):
        return self.kind != "wrong"


def compare(answer, reference, rtol, exact=False):
    """`rtol` is relative to the element, or to the largest element where it is smaller; `exact` wants every bit."""
    # A scalar may come as any type of its kind: a count is a count.
    if answer.shape != reference.shape and not (len(answer.values) == len(reference.values) == 1):
        return Verdict("wrong", f"shape {answer.shape}, not {reference.shape}")
    if answer.is_float() != reference.is_float() or len(answer.values) != len(reference.values):
        return Verdict("wrong", f"{answer.dtype}, not {reference.dtype}")
    if _same_bits(answer, reference):
        return Verdict("same")
    limit = 0.0 if exact or not reference.is_float() else rtol
    return _close(answer.values, reference.values, limit)


def _same_bits(answer, reference):
    if answer.dtype == reference.dtype:
        return answer.values.tobytes() == reference.values.tobytes()
    return not reference.is_float() and list(answer.values) == list(reference.values)


def _close(values, references, rtol):
    scale = max((abs(x) for x in references if math.isfinite(x)), default=0.0)
    differing = 0
    first = None
    for place, (x, expected) in enumerate(zip(values, references)):
        if x == expected or (x != x and expected != expected):
            continue
        allowed = rtol * max(abs(expected), scale * 1e-3) if math.isfinite(expected) else 0.0
        if not abs(x - expected) <= allowed:
            differing += 1
            first = first or (place, x, expected)
    if first is None:
        return Verdict("close")
    place, x, expected = first
    return Verdict("wrong", f"{differing} of {len(references)} elements differ; element {place} is {x!r}, not {expected!r}")
