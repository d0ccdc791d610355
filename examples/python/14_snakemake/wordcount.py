"""Words of a text by their length: python wordcount.py TEXT OUTPUT [--threads N]."""
import argparse
import pathlib

import numpy as np

import kjit


@kjit.njit(parallel=True)
def lengths(codes, starts, longest):
    """How many of the words that begin at `starts` have which length."""
    counts = np.zeros(longest + 1, dtype=np.int64)
    for k in kjit.prange(len(starts)):
        end = starts[k]
        while end < len(codes) and codes[end] != 32:
            end += 1
        counts[min(end - starts[k], longest)] += 1
    return counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("text")
    parser.add_argument("output")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    kjit.set_num_threads(options.threads)
    codes = np.frombuffer(" ".join(pathlib.Path(options.text).read_text().split()).encode("ascii", "replace"), dtype=np.uint8)
    begins = np.flatnonzero(np.concatenate([[True], codes[:-1] == 32]))
    counts = lengths(codes, begins, 12)
    pathlib.Path(options.output).write_text(f"{pathlib.Path(options.text).stem}: {counts.sum()} words, {counts.tolist()}\n")
