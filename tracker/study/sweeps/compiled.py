"""The loops of a site's year compiled by numba, and everything else settled on it before numbers are made."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias
from zlib import crc32

from tracker.array.shading import compiled as shading
from tracker.pv import perez_table, sky
from tracker.study.mountings import climb
from tracker.study.sweeps.loops import aim, blocks, plane, search, year
from tracker.study.sweeps.loops import sky as sky_loops
from tracker.sun import compiled as sun
from tracker.sun import formula
from tracker.sun.compiled import OPTIONS

Fill: TypeAlias = Callable[..., None]
HOT: Final = frozenset({plane.at_hour, plane.looked_up, plane.to_next_top})  # called for every hour
MODULES: Final = (aim, blocks, climb, formula, perez_table, plane, search, sky, sky_loops, year)


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
def load() -> Fill:
    """`year.fill`, from numba's cache on disk when there is one. Raises ImportError without numba."""
    numba: Any = import_module("numba")
    sun.register()
    for part in (climb.leap, climb.rivalled, climb.thinned_by, *year.PARTS):
        numba.extending.register_jitable(forceinline=part in HOT, **OPTIONS)(part)
    try:
        return _compiled(numba, cache=True)
    except RuntimeError:  # nowhere to keep the cache
        return _compiled(numba, cache=False)


def _compiled(numba: Any, *, cache: bool) -> Fill:
    """Without numba's runtime (_nrt): the loops never allocate, so nothing need be counted on the way."""
    numba.extending.register_jitable(**OPTIONS)(year.fill)
    jit = numba.njit(_signature(numba.types), nogil=True, cache=cache, _nrt=False, **OPTIONS)
    compiled: Fill = jit(_stamped(_digest()))
    return compiled


def _signature(types: Any) -> Any:
    number, whole = types.float64, types.int64

    def given(kind: Any, axes: int) -> Any:
        return types.Array(kind, axes, "C", readonly=True)

    times = (given(number, 2), given(number, 1), given(whole, 1))
    weather, place = (given(number, 1),) * 5, given(number, 1)
    plant = (number, given(number, 2), given(number, 1), given(number, 2))
    board = types.Array(number, 2, "C")
    work = (board, types.Array(whole, 2, "C"), board, types.Array(number, 1, "C"))
    return types.void(*times, *weather, place, *plant, *work, board)


def _digest() -> int:
    """A number that changes with any of the files that are compiled into one."""
    return crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in MODULES))


def _stamped(digest: int) -> Fill:
    """`year.fill` under a name that numba's cache tells apart by the digest; by itself it sees one file."""
    inner = year.fill

    def stamped(  # type: ignore[no-untyped-def] # numba is given the types
        fixed, extra, month, ghi, dni, dhi, air, warming, place, albedo, ways, modules, tables,
        hours, months, some, room, out,
    ):  # fmt: skip
        if digest < 0:
            return
        inner(
            fixed, extra, month, ghi, dni, dhi, air, warming, place, albedo, ways, modules, tables,
            hours, months, some, room, out,
        )  # fmt: skip

    return stamped
