"""The loops of `kernel` compiled by numba, and everything else settled on it before numbers are made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, TypeAlias

from tracker.array.shading import compiled as shading
from tracker.study.sweeps import kernel
from tracker.sun import compiled as sun

OPTIONS: Final = {"error_model": "numpy", "fastmath": {"contract"}}  # fused multiply-add, no reordering


Loop: TypeAlias = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """`kernel.held` and `kernel.turned`, compiled."""

    held: Loop
    turned: Loop


def available() -> bool:
    """Whether numba is installed."""
    return sun.available()


@lru_cache(maxsize=1)
def settle(*, shading_too: bool) -> None:
    """Load the compiled sun, and shading, now.

    Left to choose they would change ways, and last digits, in the middle of a sweep, each process elsewhere.
    """
    if available():
        sun.load()
        if shading_too:
            shading.load()


@lru_cache(maxsize=1)
def load() -> Loops:
    """The loops, from numba's cache on disk when there is one. Raises ImportError without numba."""
    numba: Any = import_module("numba")
    for part in kernel.PARTS:
        import_module("numba.extending").register_jitable(**OPTIONS)(part)
    try:
        return _compiled(numba, cache=True)
    except RuntimeError:  # nowhere to keep the cache
        return _compiled(numba, cache=False)


def _compiled(numba: Any, *, cache: bool) -> Loops:
    number = numba.types.float64
    line, table = numba.types.Array(number, 1, "C"), numba.types.Array(number, 2, "C")
    signature = numba.types.void(table, table, table, number, line, line, table, table)
    jit = numba.njit(signature, nogil=True, cache=cache, **OPTIONS)
    return Loops(held=jit(kernel.held), turned=jit(kernel.turned))
