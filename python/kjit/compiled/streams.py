"""Random streams of several processes: workers of a pool and ranks of an MPI program get streams that nobody else has."""

import multiprocessing
import os

from kjit import _engine

_RANKS = ("PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID")
_STREAMS_EACH = 40  # bits


def first_stream():
    """0 in a program of one process, so that a run repeats."""
    number = next((int(os.environ[name]) for name in _RANKS if os.environ.get(name, "").isdigit()), 0)
    for part in getattr(multiprocessing.current_process(), "_identity", ()):  # (2,): the second worker; (2, 1): a worker of that one
        number = number * 4096 + part
    return (number << _STREAMS_EACH) % 2**64


def install():
    _engine.set_seed(int(os.environ.get("KJIT_SEED", "0"), 0))
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_engine.forget_stream)
