"""Area of a convex polygon under a union of convex outlines, for the compiled kernel.

The shadows of few heads are added and their overlaps taken off again (inclusion and exclusion; petals of one
head never overlap); those of many are cut away one after the other. Both only ever cut convex polygons by
lines, which needs no rule for edges that coincide: what is left over there has no area.
"""

from typing import NamedTuple

import numpy as np

from tracker.units import FloatArray, IntArray

BOX = 4  # numbers before the lines of a caster: lowest and highest u, lowest and highest v


class Casters(NamedTuple):
    """Convex outlines: `outline` (C, BOX + 3 lines), lines (a, b, c) with a u + b v + c above 0 inside."""

    outline: FloatArray
    lines: IntArray  # (C,) how many of them
    group: IntArray  # (C,) outlines of one group do not overlap; ascending
    near: IntArray  # (C,) those that may reach the part at hand, in order
    first: IntArray  # (C,) where in `near` the group of each begins


class Pieces(NamedTuple):
    """Polygons being cut, a level of `room` corners each, and where the work on each stands."""

    x: FloatArray
    y: FloatArray
    corners: IntArray
    place: IntArray
    at: IntArray
    until: IntArray
    side: FloatArray


def cut_line(x: FloatArray, y: FloatArray, begin: int, n: int, side: FloatArray, to: int) -> int:
    """Sutherland and Hodgman's step without branches: corners with side >= 0 and what lies between.

    Polygons lie in x and y from `begin` and `to` on; returns the new number of corners.
    """
    m = to
    for i in range(n):
        j = i + 1 if i + 1 < n else 0
        here, there = side[i], side[j]
        from_x, from_y = x[begin + i], y[begin + i]
        x[m], y[m] = from_x, from_y
        m += here >= 0.0
        share = here / (here - there)
        x[m], y[m] = from_x + share * (x[begin + j] - from_x), from_y + share * (y[begin + j] - from_y)
        m += (here >= 0.0) != (there >= 0.0)
    return m - to


def area(x: FloatArray, y: FloatArray, begin: int, n: int) -> float:
    """Signed area of n corners."""
    twice = 0.0
    base_x, base_y = x[begin], y[begin]
    last_x, last_y = x[begin + 1] - base_x, y[begin + 1] - base_y
    for i in range(begin + 2, begin + n):
        next_x, next_y = x[i] - base_x, y[i] - base_y
        twice += last_x * next_y - next_x * last_y
        last_x, last_y = next_x, next_y
    return 0.5 * twice


def common(
    x: FloatArray, y: FloatArray, begin: int, n: int,
    casters: Casters, caster: int, to: int, swap: int, side: FloatArray,
) -> tuple[int, int]:  # fmt: skip
    """The intersection of a polygon with a caster: its number of corners (0 for none), and where it lies."""
    outline, other = casters.outline, swap
    for line in range(BOX, BOX + 3 * casters.lines[caster], 3):
        a, b, c = outline[caster, line], outline[caster, line + 1], outline[caster, line + 2]
        low, high = np.inf, -np.inf
        for i in range(n):
            value = a * x[begin + i] + b * y[begin + i] + c
            side[i] = value
            low = min(low, value)
            high = max(high, value)
        if high <= 0.0:
            return 0, to
        if low < 0.0:
            n = cut_line(x, y, begin, n, side, to)
            begin, to, other = to, other, to
            if n < 3:
                return 0, to
    return n, begin


def added(casters: Casters, count: int, pieces: Pieces, sliver: float) -> float:
    """Area of the polygon at 0 under the casters near[:count], overlaps of different heads counted once.

    The casters come head by head; first[k] is where the group of near[k] begins. What a caster takes is its
    intersection without what those of earlier heads take of that.
    """
    x, y, corners, room = pieces.x, pieces.y, pieces.corners, len(pieces.side)
    at, until, place = pieces.at, pieces.until, pieces.place
    covered, sign, level = 0.0, 1.0, 0
    at[0], until[0], place[0] = 0, count, 0
    while level >= 0:
        k = at[level]
        if k == until[level]:
            level -= 1
            sign = -sign
            continue
        at[level] = k + 1
        free = (2 * level + 1) * room
        n, where = common(
            x, y, place[level], corners[level], casters, casters.near[k], free, free + room, pieces.side
        )
        if n < 3:
            continue
        taken = area(x, y, where, n)
        if taken <= sliver:
            continue
        covered += sign * taken
        if casters.first[k] > 0:
            level += 1
            corners[level], place[level], at[level], until[level] = n, where, 0, casters.first[k]
            sign = -sign
    return covered


def first_upon(pieces: Pieces, begin: int, n: int, casters: Casters, k: int, count: int) -> int:
    """The first of near[k:count] of which no line has the whole polygon outside; count if there is none."""
    x, y, outline = pieces.x, pieces.y, casters.outline
    low_x, high_x, low_y, high_y = x[begin], x[begin], y[begin], y[begin]
    for i in range(begin + 1, begin + n):
        low_x, high_x = min(low_x, x[i]), max(high_x, x[i])
        low_y, high_y = min(low_y, y[i]), max(high_y, y[i])
    while k < count:
        caster = casters.near[k]
        apart = (
            outline[caster, 0] >= high_x or outline[caster, 1] <= low_x
            or outline[caster, 2] >= high_y or outline[caster, 3] <= low_y
        )  # fmt: skip
        line, end = BOX, BOX + 3 * casters.lines[caster]
        while line < end and not apart:
            a, b, c = outline[caster, line], outline[caster, line + 1], outline[caster, line + 2]
            high = -np.inf
            for i in range(begin, begin + n):
                high = max(high, a * x[i] + b * y[i] + c)
            apart = high <= 0.0
            line += 3
        if not apart:
            return k
        k += 1
    return k


def halve(x: FloatArray, y: FloatArray, begin: int, n: int, to: int) -> tuple[int, int]:
    """Cut a polygon in two from its first corner; the second half goes to `to`; how many corners each."""
    half = n // 2
    x[to], y[to] = x[begin], y[begin]
    for i in range(half, n):
        x[to + 1 + i - half], y[to + 1 + i - half] = x[begin + i], y[begin + i]
    return half + 1, n - half + 1


def left_over(  # noqa: C901 # a recursion written as a loop
    casters: Casters, count: int, pieces: Pieces, sliver: float
) -> float:
    """Area of the polygon at 0 that the casters near[:count] leave: each cuts away what lies in its lines.

    A level holds a piece, the caster that comes next and the line of it that cuts next; what a line cuts off
    stays lit by this caster and goes one level deeper, to the next one. Pieces that outgrow half their room
    are halved.
    """
    x, y, corners, at, line_at = pieces.x, pieces.y, pieces.corners, pieces.at, pieces.until
    side, room = pieces.side, len(pieces.side)
    outline, lines, near = casters.outline, casters.lines, casters.near
    lit, level = 0.0, 0
    at[0], line_at[0] = 0, 0
    while level >= 0:
        begin, n = level * room, corners[level]
        deeper = begin + room
        if line_at[level] == 0:
            at[level] = first_upon(pieces, begin, n, casters, at[level], count)
            if at[level] == count:
                lit += area(x, y, begin, n)
                level -= 1
                continue
            if 2 * n > room:
                corners[level], corners[level + 1] = halve(x, y, begin, n, deeper)
                at[level + 1], line_at[level + 1] = at[level], 0
                level += 1
                continue
        caster, line = near[at[level]], line_at[level]
        if line == lines[caster]:
            level -= 1
            continue
        line_at[level] = line + 1
        line = BOX + 3 * line
        a, b, c = outline[caster, line], outline[caster, line + 1], outline[caster, line + 2]
        low, high = np.inf, -np.inf
        for i in range(n):
            value = a * x[begin + i] + b * y[begin + i] + c
            side[i] = value
            low = min(low, value)
            high = max(high, value)
        if low >= 0.0:
            continue
        if high <= 0.0:
            at[level] += 1
            line_at[level] = 0
            continue
        inner = cut_line(x, y, begin, n, side, deeper + room)
        for i in range(n):
            side[i] = -side[i]
        outer = cut_line(x, y, begin, n, side, deeper)
        corners[level] = inner
        for i in range(inner):
            x[begin + i], y[begin + i] = x[deeper + room + i], y[deeper + room + i]
        if area(x, y, begin, inner) <= sliver:
            line_at[level] = lines[caster]
        if outer > 2 and area(x, y, deeper, outer) > sliver:
            corners[level + 1], at[level + 1], line_at[level + 1] = outer, at[level] + 1, 0
            level += 1
    return lit
