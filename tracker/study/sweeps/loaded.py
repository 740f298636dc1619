"""To import this is to have all loaded that a worker needs: the process that workers are copies of does."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No looking for garbage, an eighth of the start, where all that is made stays; nor among it later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


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


def _load() -> None:
    import_module("tracker.study.sweeps.chunk")
    import_module("tracker.study.sweeps.plan").code_sha256()
    compiled = import_module("tracker.study.sweeps.compiled")
    if compiled.available():
        # numba loads it, a sixth of the start, to see whether it could multiply matrices; ours do not
        with _as_if_missing("scipy.linalg"):
            compiled.load()


with _without_collecting():
    _load()
