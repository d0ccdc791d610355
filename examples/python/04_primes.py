"""Sums of primes in a pool of threads and in one of processes. The processes find the compiled code in kjit's cache.

    python 04_primes.py
"""
import concurrent.futures
import sys
import time

from kjit import njit


@njit
def is_prime(num):
    if num <= 1:
        return False
    elif num <= 3:
        return True
    elif num % 2 == 0 or num % 3 == 0:
        return False
    i = 5
    while i * i <= num:
        if num % i == 0 or num % (i + 2) == 0:
            return False
        i += 6
    return True


@njit(nogil=True)
def find_sum(num):
    sum_of_primes = 0
    ix = 2
    while ix <= num:
        if is_prime(ix):
            sum_of_primes += ix
        ix += 1
    return sum_of_primes


def sum_primes(executor, nums):
    with executor(max_workers=4) as pool:
        for number, result in zip(nums, pool.map(find_sum, nums)):
            print(f"{number} : Sum = {result}")


if __name__ == "__main__":
    nums = [100000, 200000, 300000]
    for executor in (concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor):
        start = time.perf_counter()
        sum_primes(executor, nums)
        print(f"{executor.__name__}: {time.perf_counter() - start:.3f} s", file=sys.stderr)
