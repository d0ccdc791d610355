"""Arrays of kernels between the ranks of an MPI program: send, bcast, scatter, gather, reduce.

    mpiexec -n 3 python 10_mpi_collectives.py
"""
import numpy as np
from mpi4py import MPI

from kjit import njit


@njit
def powers(size):
    result = np.zeros(size, dtype=np.int64)
    for x in range(size):
        result[x] = (x + 1)**x
    return result


@njit
def add_one(data):
    for i in range(len(data)):
        data[i] += 1


if __name__ == "__main__":
    comm = MPI.COMM_WORLD
    rank, size = comm.Get_rank(), comm.Get_size()

    shared = np.full(1, (rank + 1) * 5)
    if rank == 0:
        for other in range(1, size):
            comm.Send(shared, dest=other)
    else:
        comm.Recv(shared, source=0)
    assert shared[0] == 5

    data = comm.bcast({"a": 1, "b": 2, "c": 3} if rank == 0 else None, root=0)
    assert data["c"] == 3

    everything = powers(size) if rank == 0 else None
    if rank == 0:
        print("scattering", everything.tolist())
    part = np.zeros(1, dtype=np.int64)
    comm.Scatter(everything, part, root=0)
    add_one(part)
    gathered = np.zeros(size, dtype=np.int64) if rank == 0 else None
    comm.Gather(part, gathered, root=0)
    total = comm.reduce(part, op=MPI.SUM, root=0)
    if rank == 0:
        print("gathered", gathered.tolist(), "sum", total.tolist())
