"""Kernels in an event loop: awaited, gathered, with a time limit.

    python 12_asyncio.py
"""
import asyncio

from kjit import njit


@njit
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@njit
def longest_below(limit):
    best = 0
    for n in range(1, limit):
        best = max(best, collatz(n))
    return best


async def main():
    print(await longest_below.aio(1000))
    print(await asyncio.gather(*(longest_below.aio(n) for n in (10, 100, 10_000))))
    try:
        await asyncio.wait_for(longest_below.aio(10**9), timeout=0.2)
    except asyncio.TimeoutError:
        print("too long: the kernel was stopped")


if __name__ == "__main__":
    asyncio.run(main())
