"""Lets a kernel file import other `.k` files: `from lib import f` reads lib.k beside it."""

import importlib.machinery
import importlib.util
import os
import sys


class _KernelLoader(importlib.machinery.SourceFileLoader):
    """Reads the source each time: no __pycache__ next to the user's kernels, and lib.k never meets the bytecode of a lib.py."""

    def path_stats(self, path):
        raise OSError

    def set_data(self, path, data, *, _mode=0o666):
        pass


class _KernelFinder:

    @staticmethod
    def find_spec(name, path=None, target=None):
        if path is not None:
            return None
        for folder in sys.path:
            file = os.path.join(folder or os.getcwd(), name + ".k")
            if os.path.isfile(file):
                return importlib.util.spec_from_file_location(name, file, loader=_KernelLoader(name, file))
        return None


def install():
    if _KernelFinder not in sys.meta_path:
        sys.meta_path.append(_KernelFinder)
