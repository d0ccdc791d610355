"""Kernels on many threads: the global lock, executors, queues, asyncio."""

import asyncio
import concurrent.futures
import os
import queue
import threading
import time
import unittest

import numpy as np

import kjit
from kjit import njit, prange


OFFSET = 0


@njit
def shifted(x):
    return x + OFFSET


@njit(nogil=True)
def work(n):
    x = 1
    for i in range(n):
        x ^= x << 1 ^ i
    return x


@njit
def work_with_lock(n):
    x = 1
    for i in range(n):
        x ^= x << 1 ^ i
    return x


@njit(nogil=True, parallel=True)
def summed(x):
    total = 0.0
    for i in prange(len(x)):
        total += x[i] * 0.1
    return total


@njit
def until_cancelled(n):
    while n > 0:
        n += n & 1
    return n


@njit
def fails(n):
    return 1 // n


class Threads(unittest.TestCase):

    def test_many_threads_want_the_same_kernel_first(self):
        kernel = njit(nogil=True)(work.py_func)
        barrier = threading.Barrier(8)

        def call(i):
            barrier.wait()
            return kernel(1000 + i % 2)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = list(pool.map(call, range(8)))
        self.assertEqual(results, [work(1000), work(1001)] * 4)
        self.assertEqual(len(kernel.signatures), 1)

    def test_a_constant_changes_while_others_call(self):
        global OFFSET
        seen = []

        def call():
            for _ in range(300):
                seen.append(shifted(0))

        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        for OFFSET in range(1, 30):
            time.sleep(0.002)
        for thread in threads:
            thread.join()
        self.assertLessEqual(set(seen), set(range(30)))
        self.assertEqual((shifted(0), len(shifted.signatures)), (29, 1))

    def test_workers_with_a_queue_and_a_lock(self):
        jobs, results, lock = queue.Queue(), [], threading.Lock()
        for n in range(20):
            jobs.put(n * 100)

        def worker():
            while True:
                try:
                    n = jobs.get(block=False)
                except queue.Empty:
                    return
                value = work(n)
                with lock:
                    results.append((n, value))

        threads = [threading.Thread(target=worker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(results), [(n * 100, work(n * 100)) for n in range(20)])

    def test_nogil_kernels_run_while_python_does(self):
        """The lock is free for another thread during one call, and not during the other."""
        work(1), work_with_lock(1)
        counts = {}
        for kernel in (work, work_with_lock):
            done, counted = threading.Event(), [0]

            def call():
                kernel(150_000_000)
                done.set()

            thread = threading.Thread(target=call)
            thread.start()
            while not done.is_set():
                counted[0] += 1
                time.sleep(0.002)
            thread.join()
            counts[kernel] = counted[0]
        self.assertGreater(counts[work], 3 * counts[work_with_lock] + 5)

    def test_executors(self):
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            futures = {pool.submit(work, n): n for n in (10, 20, 30)}
            self.assertEqual({futures[future]: future.result() for future in concurrent.futures.as_completed(futures)},
                             {n: work(n) for n in (10, 20, 30)})
            self.assertIsInstance(pool.submit(fails, 0).exception(), ZeroDivisionError)
            done, rest = concurrent.futures.wait([pool.submit(work, 5)])
            self.assertEqual((len(done), len(rest)), (1, 0))

    def test_parallel_kernels_in_threads_have_the_same_bits(self):
        x = np.random.default_rng(0).random(100_000)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual(len(set(pool.map(summed, [x] * 8))), 1)
        kjit.set_num_threads(1)
        try:
            one = summed(x)
        finally:
            kjit.set_num_threads(os.cpu_count())
        self.assertEqual(one, summed(x))

    def test_a_kernel_that_prints_into_a_stream_that_calls_a_kernel(self):

        @njit
        def prints(n):
            print(n)
            return n + 1

        class Stream:
            text = ""

            def write(self, text):
                self.text += text + str(work(10))

        import contextlib
        stream = Stream()
        with contextlib.redirect_stdout(stream):
            self.assertEqual(prints(1), 2)
        self.assertIn("1\n", stream.text)
        self.assertIn(str(work(10)), stream.text)


class Asyncio(unittest.IsolatedAsyncioTestCase):

    async def test_await_and_gather(self):
        self.assertEqual(await work.aio(10), work(10))
        self.assertEqual(await asyncio.gather(*(work_with_lock.aio(n) for n in range(5))), [work(n) for n in range(5)])
        self.assertEqual(await work.aio(n=7), work(7))

    async def test_to_thread_and_executors(self):
        self.assertEqual(await asyncio.to_thread(work, 50), work(50))
        self.assertEqual(await asyncio.get_running_loop().run_in_executor(None, work, 60), work(60))

    async def test_exceptions(self):
        with self.assertRaises(ZeroDivisionError):
            await fails.aio(0)

    async def test_cancelling_stops_the_kernel(self):
        until_cancelled.specialize(2)
        task = asyncio.create_task(until_cancelled.aio(2))
        await asyncio.sleep(0.1)
        start = time.perf_counter()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertLess(time.perf_counter() - start, 0.5)

    async def test_timeouts(self):
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(until_cancelled.aio(2), 0.1)

    async def test_the_loop_goes_on_meanwhile(self):
        task = asyncio.create_task(work_with_lock.aio(100_000_000))
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.001)
            ticks += 1
        self.assertGreater(ticks, 5)
        self.assertEqual(await task, work(100_000_000))


if __name__ == "__main__":
    unittest.main()
