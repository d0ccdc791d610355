"""Parallel loops under CPython: cut into blocks as compiled code cuts them, so that reductions have the same bits.

The decorators call blocked_function() of rewriting.py. It finds the loops over prange that reduce (reductions.py), those that
share one range of iterations (nests.py), and writes them anew (emission.py) in terms of what runs then (blocks.py, drawing.py).
"""
