"""Autocorrelation of the places where a word stands in a text.

Measures: integer products added into a float, a loop over lags. Does not measure: anything that fits no cache.
"""
import numpy as np

SIZES = {"full": 100_000, "quick": 20_000}
RESULT = 1


def inputs(n):
    i = np.arange(n)
    return ((i % 7 == 0) | (i % 11 == 3)).astype(np.int64), np.zeros(40)


def numpy_form(mask, acf):
    words = mask.sum()
    for t in range(len(acf)):
        acf[t] = np.dot(mask[1:len(mask) - t], mask[1 + t:]) / words
