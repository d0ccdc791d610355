"""Which random streams are this process's: workers of a pool, forked processes and ranks of an MPI program get streams that no other
process of the program has."""

import os
import sys

_RANKS = ("PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID")


class _Forks:
    """How this process comes from others by os.fork() alone: (2, 1) is the first fork of the second one. multiprocessing numbers its
    processes itself, and later: until then a fork looks as its parent."""

    count = 0
    path = ()
    parents_number = ()


def first_stream():
    """A number of 64 bits, 0 in a program of one process, so that a run repeats. It depends on how the process was made, as in "rank 3,
    its second worker", and not on time or process ids: with the same seed, each process of the next run draws the same numbers."""
    rank = next((int(os.environ[name]) for name in _RANKS if os.environ.get(name, "").isdigit()), 0)
    spawned = os.environ.get("PMI_SPAWNED") == "1"  # by ranks of the same numbers, as those of mpi4py.futures
    number = _number()
    forks = _Forks.path if number == _Forks.parents_number else ()
    if not (rank or spawned or number or forks):
        return 0
    import hashlib  # the streams of two processes lie apart by chance, at 1 to 2**64 / (processes**2 * calls)
    return int.from_bytes(hashlib.sha256(repr((rank, spawned, number, forks)).encode()).digest()[:8], "little")


def _number():
    """(2,): the second process that multiprocessing has made; (2, 1): the first of that one."""
    process = sys.modules.get("multiprocessing.process")
    return () if process is None else tuple(getattr(process.current_process(), "_identity", ()))


def _before():
    _Forks.count += 1


def _after_in_child():
    number = _number()
    _Forks.path = (*(_Forks.path if number == _Forks.parents_number else ()), _Forks.count)
    _Forks.parents_number = number
    _Forks.count = 0


def on_fork(call):
    """Calls it in each process that is forked from this one."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=call)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_child=_after_in_child)
