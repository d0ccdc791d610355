"""A suite that is measured in several sittings: every contestant is started anew in each of them, minutes apart.

What differs between processes (where memory lies, what the system does in these minutes) is in no sample of one process: intervals of one
sitting are too narrow, and two runs contradict each other. A cell's interval holds both, the spread inside sittings and between them.
"""

import statistics

from . import stats

WORST_FIRST = ("wrong", "failed", "missing", "ok")
STARTS = ("build_s", "process_s", "first_s", "compile_s", "before_kb")


def merge(cells):
    """The cell of a contestant in a case, from those of its sittings."""
    worst = min(cells, key=lambda cell: WORST_FIRST.index(cell["status"]))
    if worst["status"] != "ok" or len(cells) == 1:
        return worst
    merged = dict(cells[0])
    for key in STARTS:
        merged[key] = statistics.median(cell[key] for cell in cells)
    for key in ("wall", "cpu"):
        merged[key] = vars(stats.over_sittings([stats.Estimate(**cell[key]) for cell in cells]))
    merged |= {"samples": [cell["samples"] for cell in cells], "quiet_samples": sum(cell["quiet_samples"] for cell in cells),
               "disturbed": sum(cell["disturbed"] for cell in cells) * 2 > len(cells), "asynchronous": any(cell["asynchronous"] for cell in cells),
               "peak_kb": max(cell["peak_kb"] for cell in cells)}
    return merged


def merge_case(sittings):
    """{contestant: cell} of several such dictionaries."""
    return {name: merge([cells[name] for cells in sittings if name in cells]) for name in sittings[0]}
