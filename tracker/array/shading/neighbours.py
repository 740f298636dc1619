"""Which heads may throw a shadow on a head, and who has the same shadows already; for the compiled kernel."""

from typing import NamedTuple

import numpy as np

from tracker.units import BoolArray, FloatArray, IntArray

SLANT = 0.6180339887498949  # shadows are ordered along (1, SLANT): no lattice has two in one place there
CELLS_A_HEAD = 4.0  # at most; from measurement
KEY_CELLS_A_M = 262144.0  # places that differ by less than this share a key, nearly always


class Cells(NamedTuple):
    """Heads sorted into equal cells of the sun's plane, row by row."""

    column: IntArray  # (H,)
    row: IntArray  # (H,)
    begin: IntArray  # (cells + 1,) where in `heads` each begins
    heads: IntArray  # (H,)
    place: FloatArray  # (H, 3) u, v and depth of `heads`


class Sets(NamedTuple):
    """The sets of shadows met at one time, in a table with open addressing."""

    time: IntArray  # (slots,) when last used
    head: IntArray  # (slots,) who had the set
    begin: IntArray  # (H,) where in `place` its shadows begin
    size: IntArray  # (H,)
    place: FloatArray  # (..., 2)


def sort_into_cells(  # noqa: C901 # one pass after the other
    u: FloatArray, v: FloatArray, depth: FloatArray, throws: BoolArray, wide: float, high: float, cells: Cells
) -> tuple[int, int]:
    """Sort the heads that throw shadows; the number of columns and of rows, 0 without such heads.

    Cells are as large as a shadow's reach, and grow where the field is sparse: there are no more of them than
    CELLS_A_HEAD a head.
    """
    low_u, high_u, low_v, high_v = np.inf, -np.inf, np.inf, -np.inf
    for h in range(len(u)):
        if throws[h]:
            low_u, high_u = min(low_u, u[h]), max(high_u, u[h])
            low_v, high_v = min(low_v, v[h]), max(high_v, v[h])
    if low_u > high_u:
        return 0, 0
    a_m, b_m = 1.0 / wide, 1.0 / high
    while ((high_u - low_u) * a_m + 1.0) * ((high_v - low_v) * b_m + 1.0) > CELLS_A_HEAD * (len(u) + 1):
        a_m, b_m = 0.7 * a_m, 0.7 * b_m
    columns, rows = int((high_u - low_u) * a_m) + 1, int((high_v - low_v) * b_m) + 1
    column, row, begin = cells.column, cells.row, cells.begin
    for cell in range(columns * rows + 1):
        begin[cell] = 0
    for h in range(len(u)):
        if throws[h]:
            column[h], row[h] = int((u[h] - low_u) * a_m), int((v[h] - low_v) * b_m)
            begin[row[h] * columns + column[h]] += 1
    total = 0
    for cell in range(columns * rows + 1):
        total += begin[cell]
        begin[cell] = total
    for h in range(len(u) - 1, -1, -1):
        if throws[h]:
            cell = row[h] * columns + column[h]
            begin[cell] -= 1
            k = begin[cell]
            cells.heads[k] = h
            cells.place[k, 0], cells.place[k, 1], cells.place[k, 2] = u[h], v[h], depth[h]
    return columns, rows


def order_by(keys: FloatArray, found: FloatArray, count: int) -> None:
    """Insertion sort of the rows found[:count] by ascending keys[:count]."""
    for i in range(1, count):
        key, a, b, c = keys[i], found[i, 0], found[i, 1], found[i, 2]
        j = i
        while j > 0 and keys[j - 1] > key:
            keys[j] = keys[j - 1]
            found[j, 0], found[j, 1], found[j, 2] = found[j - 1, 0], found[j - 1, 1], found[j - 1, 2]
            j -= 1
        keys[j], found[j, 0], found[j, 1], found[j, 2] = key, a, b, c


def looked_up(sets: Sets, t: int, h: int, found: FloatArray, count: int, same_m: float, used: int) -> int:
    """The head that has the shadows found[:count] already, or -1; then h is remembered for them.

    The shadows are in order along (1, SLANT), and `used` places are taken. Two equal sets may get different
    keys when a place lies on the edge of a key's cell: then the result is computed twice.
    """
    key = count
    for k in (0, count - 1):
        if count:
            key = key * 1000003 + int(np.floor((found[k, 0] + SLANT * found[k, 1]) * KEY_CELLS_A_M))
    last = len(sets.time) - 1
    slot = (key ^ (key >> 17)) & last
    while sets.time[slot] == t:
        other = sets.head[slot]
        same, k = sets.size[other] == count, 0
        while same and k < count:
            at = sets.begin[other] + k
            same = (
                abs(sets.place[at, 0] - found[k, 0]) <= same_m
                and abs(sets.place[at, 1] - found[k, 1]) <= same_m
            )
            k += 1
        if same:
            return int(other)
        slot = (slot + 1) & last
    sets.time[slot], sets.head[slot] = t, h
    sets.begin[h], sets.size[h] = used, count
    for k in range(count):
        sets.place[used + k, 0], sets.place[used + k, 1] = found[k, 0], found[k, 1]
    return -1
