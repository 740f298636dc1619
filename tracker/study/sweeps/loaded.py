"""To import this is to have all loaded that a worker needs: the process that workers are copies of does."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.study.sweeps import chunk, compiled
from tracker.study.sweeps.plan import code_sha256


@contextmanager
def _as_if_missing(module: str) -> Iterator[None]:
    """An import of that module fails here, unless it is there already."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment] # Python's own mark for it
    try:
        yield
    finally:
        del sys.modules[module]


code_sha256()
if compiled.available():
    # numba loads it, a fifth of the start, to see whether it could multiply matrices: no loop of ours does
    with _as_if_missing("scipy.linalg"):
        compiled.load()

__all__ = ["chunk"]
