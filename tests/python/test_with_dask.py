"""Kernels under Dask: arrays, delayed, bags, on threads, processes and a cluster of its own; and pandas columns."""

import unittest

import dask
import dask.array as da
import dask.bag as db
import numpy as np
import pandas as pd

from kjit import njit, vectorize

FACTOR = 3


@njit(nogil=True)
def blurred(x):
    y = np.empty_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] * FACTOR + i
    return y


@njit
def summed(x):
    total = 0.0
    for v in x:
        total += v
    return total


@njit
def square(n):
    return n * n


@vectorize
def clipped(x, low):
    return low if x < low else x


class Dask(unittest.TestCase):

    def test_map_blocks(self):
        x = np.arange(48.0).reshape(8, 6)
        lazy = da.from_array(x, chunks=(4, 6)).map_blocks(blurred, dtype=float)
        expected = np.concatenate([blurred.py_func(x[:4]), blurred.py_func(x[4:])])
        for scheduler in ("threads", "processes", "synchronous"):
            with self.subTest(scheduler):
                self.assertTrue(np.array_equal(lazy.compute(scheduler=scheduler, num_workers=2), expected))

    def test_blockwise_and_vectorize(self):
        x = da.from_array(np.arange(-5.0, 5.0), chunks=3)
        self.assertEqual(da.blockwise(clipped, "i", x, "i", 0.0, None, dtype=float).compute().tolist(), [0.0] * 6 + [1.0, 2.0, 3.0, 4.0])

    def test_delayed_and_bags(self):
        total = dask.delayed(sum)([dask.delayed(summed)(np.ones(n)) for n in range(5)])
        self.assertEqual(total.compute(scheduler="threads"), 10.0)
        self.assertEqual(db.from_sequence(range(6), npartitions=2).map(square).compute(scheduler="processes"), [0, 1, 4, 9, 16, 25])

    def test_a_cluster(self):
        from distributed import Client, LocalCluster
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
            self.assertEqual(client.gather(client.map(square, range(5))), [0, 1, 4, 9, 16])
            self.assertEqual(client.submit(summed, np.ones(7)).result(), 7.0)


class Pandas(unittest.TestCase):

    def test_columns(self):
        frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1, 2, 3]})
        self.assertEqual(summed(frame["a"]), 6.0)
        self.assertEqual(summed(frame["b"]), 6.0)
        self.assertEqual(summed(frame["a"].values), 6.0)
        self.assertEqual(clipped(frame["b"], 2).tolist(), [2, 2, 3])
        self.assertEqual(blurred(frame[["a"]].to_numpy()).shape, (3, 1))
        with self.assertRaises(TypeError):
            summed(pd.Series(["a"]))


if __name__ == "__main__":
    unittest.main()
