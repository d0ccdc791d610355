"""How often a word comes back after t words, for the most frequent words of a text, over a pool of processes.

    python 07_word_autocorr.py [WORDS]
"""
import sys
import time
from collections import Counter
from functools import partial
from multiprocessing import Pool

import numpy as np

from kjit import njit


@njit
def autocorrelation(mask, timesteps):
    acf = np.zeros((timesteps, ))
    chosen = mask.sum()
    for t in range(timesteps):
        for i in range(1, len(mask) - t):
            acf[t] += mask[i] * mask[i + t]
        acf[t] /= chosen
    return acf


def word_autocorr(word, text, timesteps):
    """Words are Python's, so the mask is made here."""
    return autocorrelation(np.array([w == word for w in text], dtype=np.int64), timesteps)


def word_autocorr_average(words, text, timesteps=100):
    return np.average(np.array([word_autocorr(word, text, timesteps) for word in words]), axis=0)


def word_autocorr_average_pool(words, text, timesteps=100):
    with Pool(4) as pool:
        results = pool.map(partial(word_autocorr, text=text, timesteps=timesteps), words)
    return np.average(np.array(results), axis=0)


if __name__ == "__main__":
    length = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    text = [f"word{i * i % 97 % 23}" for i in range(length)]
    words = [word for word, _ in Counter(text).most_common(10)]
    for function in (word_autocorr_average, word_autocorr_average_pool):
        start = time.perf_counter()
        acf = function(words, text)
        print(f"{function.__name__}: {time.perf_counter() - start:.3f} s", file=sys.stderr)
        print(function.__name__, acf[:3].round(6).tolist())
