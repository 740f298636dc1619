"""The kernel compiled by numba: 30 times as fast as numpy, for a start of half a second."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module, util
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np

from tracker.array.shading import by_array, cutting, kernel, neighbours, sight, union
from tracker.array.shading.cutting import areas_m2
from tracker.array.shading.field import ShadingField, corner_counts
from tracker.array.shading.kernel import Heads, Room
from tracker.array.shading.neighbours import Cells, Sets
from tracker.array.shading.sight import Drawn, Shape
from tracker.array.shading.union import BOX, Casters, Pieces
from tracker.units import BoolArray, FloatArray, IntArray

OPTIONS: Final = {"error_model": "numpy", "fastmath": {"contract"}}  # fused multiply-add, no reordering
NUMBA_PAYS: Final = 100_000  # parts of heads shaded by numpy, at one time each: about a second
FEWEST_TIMES: Final = 64  # a thread's share at least
log = logging.getLogger(__name__)
Fill = Callable[..., tuple[int, int]]


def available() -> bool:
    """Whether numba is installed; looking does not import it."""
    return util.find_spec("numba") is not None


def fill(
    field: ShadingField, turn: FloatArray, sun: FloatArray, closed: BoolArray, out: FloatArray, threads: int
) -> None:
    """Fill out (T, H, P), or (T, H, 1) with whole heads, from checked arguments; see `beam.beam_shading`.

    closed (T, H, P) is empty when nothing is folded; the times are spread over so many threads.
    """
    compiled = load()
    step = max(FEWEST_TIMES, -(-len(sun) // threads))
    times = [slice(begin, begin + step) for begin in range(0, len(sun), step)]

    def run(now: slice) -> None:
        _fill_times(compiled, field, turn[now], sun[now], closed[now], out[now])

    if len(times) < 2:
        run(slice(None))
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, times))


def _fill_times(
    compiled: Fill, field: ShadingField, turn: FloatArray, sun: FloatArray, closed: BoolArray, out: FloatArray
) -> None:
    still = _what_stays(field)
    start, casters = 0, 8 * len(field.parts_m) + len(field.faces_enu_m)
    while casters:
        room = _room(field, 2 * casters)
        start, casters = compiled(*still, turn, sun, closed, out, room, start)


def _what_stays(field: ShadingField) -> tuple[Any, ...]:
    radius_m = field.radius_m
    shape = Shape(
        field.parts_m, corner_counts(field.parts_m), field.petal_of_part,
        areas_m2(field.parts_m) / field.petal_area_m2[field.petal_of_part], radius_m,
    )  # fmt: skip
    petal_share = field.petal_area_m2 / np.sum(field.petal_area_m2)
    same_m = kernel.SAME_PLACE * (radius_m + float(np.max(np.abs(field.pivots_enu_m))))
    faces = field.faces_enu_m, corner_counts(field.faces_enu_m)
    return field.pivots_enu_m, field.panel_offset_m, shape, petal_share, *faces, same_m


def _room(field: ShadingField, capacity: int) -> Room:
    """All that the loops write to, for so many casters upon one head."""
    count, parts, faces = field.heads, len(field.parts_m), field.faces_enu_m.shape[:2]
    width = max(field.parts_m.shape[1], faces[1]) + 1  # a cut at the receiver's plane adds a corner
    corners = max(64, (kernel.MOST_ADDED + 2) * width)
    slots = 1 << (2 * count + 2).bit_length()
    return Room(
        heads=_heads(count),
        drawn=_drawn(count, parts, width),
        cells=Cells(
            _wholes(count), _wholes(count), _wholes(4 * count + 8), _wholes(count), _numbers(count, 3)
        ),
        sets=Sets(
            time=np.full(slots, -1, dtype=np.int64),
            head=_wholes(slots),
            begin=_wholes(count),
            size=_wholes(count),
            place=_numbers(count * kernel.MOST_SHARED, 2),
        ),
        keys=_numbers(count + 1),
        found=_numbers(count + 1, 3),
        seen=_numbers(*faces, 2),
        share=_numbers(field.petals),
        casters=_casters(capacity, width),
        pieces=_pieces(2 * capacity + 8, corners),  # halving pieces takes levels too
    )


def _heads(count: int) -> Heads:
    return Heads(
        known=np.empty(count, dtype=np.bool_),
        throws=np.empty(count, dtype=np.bool_),
        lit=np.empty(count, dtype=np.bool_),
        centre=_numbers(count, 3),
        u=_numbers(count),
        v=_numbers(count),
        depth=_numbers(count),
    )


def _drawn(count: int, parts: int, width: int) -> Drawn:
    return Drawn(
        time=np.full(count, -1, dtype=np.int64),
        x=_numbers(count * parts * width),
        y=_numbers(count * parts * width),
        outline=_numbers(count * parts, BOX + 3 * width),
        area=_numbers(count * parts),
        box=_numbers(count, 4),
    )


def _casters(capacity: int, width: int) -> Casters:
    return Casters(
        outline=_numbers(capacity, BOX + 3 * width),
        lines=_wholes(capacity),
        group=_wholes(capacity),
        near=_wholes(capacity),
        first=_wholes(capacity),
    )


def _pieces(levels: int, corners: int) -> Pieces:
    return Pieces(
        x=_numbers(levels * corners),
        y=_numbers(levels * corners),
        corners=_wholes(levels),
        place=_wholes(levels),
        at=_wholes(levels),
        until=_wholes(levels),
        side=_numbers(corners),
    )


def _numbers(*shape: int) -> FloatArray:
    return np.empty(shape, dtype=np.float64)


def _wholes(size: int) -> IntArray:
    return np.empty(size, dtype=np.int64)


@lru_cache(maxsize=1)
def load() -> Fill:
    """`kernel.fill`, compiled, from numba's cache on disk when that can be written to.

    Raises ImportError when numba is not installed.
    """
    log.info("loading the compiled shading; the first time after an installation it takes some 15 s")
    numba: Any = import_module("numba")
    for part in kernel.CALLED:
        register = import_module("numba.extending").register_jitable
        register(forceinline=part in kernel.HOT, **OPTIONS)(part)
    try:
        return _compile(numba, cache=True)
    except RuntimeError as error:  # nowhere to keep the cache
        log.info("the compiled shading is not kept for the next start: %s", error)
        return _compile(numba, cache=False)


def _compile(numba: Any, cache: bool) -> Fill:
    """Without numba's runtime (_nrt): the loops never allocate, so nothing need be counted on the way."""
    numba.extending.register_jitable(**OPTIONS)(kernel.fill)
    jit = numba.njit(_signature(numba), nogil=True, cache=cache, _nrt=False, **OPTIONS)
    compiled: Fill = jit(_stamped(_digest()))
    return compiled


def _digest() -> int:
    """A number that changes with any of the compiled files and those that their constants come from."""
    modules = (kernel, neighbours, sight, union, by_array, cutting)
    return crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in modules))


def _stamped(digest: int) -> Fill:
    """`kernel.fill` under a name that numba's cache tells apart by the digest; by itself it sees one file."""
    inner = kernel.fill

    def stamped(  # type: ignore[no-untyped-def] # numba is given the types
        pivots, offset, shape, petal_share, faces, corners, same_m, turn, suns, closed, out, work, start
    ):  # fmt: skip
        if digest < 0:
            return start, 0
        return inner(
            pivots, offset, shape, petal_share, faces, corners, same_m, turn, suns, closed, out, work, start
        )

    return stamped


def _signature(numba: Any) -> tuple[Any, ...]:
    types = numba.types
    one = ShadingField(
        pivots_enu_m=np.zeros((1, 3)), panel_offset_m=np.zeros(3), parts_m=np.zeros((1, 3, 2)),
        petal_of_part=np.zeros(1, dtype=np.int64), petal_area_m2=np.ones(1), faces_enu_m=np.zeros((0, 3, 3)),
    )  # fmt: skip
    still = (numba.typeof(value) for value in _what_stays(one))
    turn = types.Array(types.float64, 4, "A", readonly=True)
    closed = types.Array(types.boolean, 3, "A", readonly=True)
    times = (turn, types.Array(types.float64, 2, "C"), closed, types.Array(types.float64, 3, "C"))
    return (*still, *times, numba.typeof(_room(one, 1)), types.int64)


class Work:
    """How many parts went by numpy so far: beyond NUMBA_PAYS the start of numba is a bargain."""

    def __init__(self) -> None:
        self._by_array, self._told = 0, False

    def numba_pays(self, parts: int) -> bool:
        """Count so many more, and say whether numba is to be used for them."""
        self._by_array += parts
        if load.cache_info().currsize:
            return True
        if self._by_array <= NUMBA_PAYS:
            return False
        if not available() and not self._told:
            log.info(
                "shading by numpy takes 30 times as long as with numba: pip install sunflower-tracker[fast]"
            )
            self._told = True
        return available()


WORK: Final = Work()
