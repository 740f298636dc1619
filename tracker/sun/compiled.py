"""The block loops of the formula, compiled by numba: 7 ns an instant for 0.3 s of start-up."""

import logging
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module, util
from typing import Any, Final

from tracker.sun import formula

OPTIONS: Final = {"error_model": "numpy", "fastmath": {"contract"}}  # fused multiply-add, no reordering
NUMBA_PAYS: Final = 4_000_000  # instants by array cost twice the compiled loop's start-up
log = logging.getLogger(__name__)


def available() -> bool:
    """Whether numba is installed; looking does not import it."""
    return util.find_spec("numba") is not None


def loaded() -> bool:
    """Whether this process has paid for the start-up already."""
    return load.cache_info().currsize > 0


@lru_cache(maxsize=1)
def register() -> None:
    """Let numba see through what the formula's loops, and others', call of it.

    Raises ImportError when numba is not installed.
    """
    for part in formula.PARTS:
        import_module("numba.extending").register_jitable(**OPTIONS)(part)


@lru_cache(maxsize=1)
def load() -> Callable[..., None]:
    """`formula.fill`, compiled; from numba's cache on disk when that can be written to.

    Raises ImportError when numba is not installed.
    """
    numba: Any = import_module("numba")
    register()
    try:
        compiled = _compile(numba, cache=True)
    except RuntimeError as error:  # nowhere to keep the cache
        log.info("the compiled sun is not kept for the next start: %s", error)
        compiled = _compile(numba, cache=False)
    return compiled


def _compile(numba: Any, cache: bool) -> Callable[..., None]:
    jit = numba.njit(_signature(numba.types), nogil=True, cache=cache, **OPTIONS)
    compiled: Callable[..., None] = jit(formula.fill)
    return compiled


def _signature(types: Any) -> Any:
    number, whole = types.float64, types.int64
    plane = types.Array(number, 2, "C")
    ticks = types.Array(whole, 2, "A", readonly=True)
    cube = types.Array(number, 3, "C")
    outputs = (plane, plane, plane, cube)
    return types.void(ticks, whole, plane, whole, number, number, plane, *outputs)


class Work:
    """How many instants went by array so far: beyond NUMBA_PAYS the start-up of numba is a bargain.

    As with skis, rent until renting has cost what they cost: never twice the cheaper of the two.
    """

    def __init__(self) -> None:
        self._by_array = 0

    def numba_pays(self, instants: int) -> bool:
        """Count so many instants more, and say whether numba is to be used for them."""
        self._by_array += instants
        return loaded() or (self._by_array > NUMBA_PAYS and available())


WORK: Final = Work()
