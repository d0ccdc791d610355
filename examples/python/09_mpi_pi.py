"""Pi over the ranks of an MPI program, with gather. Each rank draws numbers of its own.

    mpiexec -n 2 python 09_mpi_pi.py [N]
"""
import random
import sys
import time

import kjit
from mpi4py import MPI


@kjit.njit
def sample(n):
    """n points in the square: (n, how many of them are in the circle)."""
    n_inside_circle = 0
    for i in range(n):
        x = random.random()
        y = random.random()
        if x**2 + y**2 < 1.0:
            n_inside_circle += 1
    return n, n_inside_circle


if __name__ == "__main__":
    comm = MPI.COMM_WORLD
    rank, size = comm.Get_rank(), comm.Get_size()
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**7
    start = time.perf_counter()
    _, n_inside_circle = sample(n // size)
    print(f"rank {rank}: {time.perf_counter() - start:.3f} s", file=sys.stderr)
    counts = comm.gather(n_inside_circle, root=0)
    if rank == 0:
        print(f"ranks: {size}, close to pi: {abs(4.0 * sum(counts) / (n // size * size) - 3.14159) < 0.01}, all different: {len(set(counts)) == size}")
