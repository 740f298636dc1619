"""Heads and faces as the sun sees them, for the compiled kernel."""

from typing import NamedTuple

import numpy as np

from tracker.array.shading.by_array import COPLANAR_M, EDGE_ON_RELATIVE
from tracker.array.shading.union import BOX, area, cut_line
from tracker.units import FloatArray, IntArray


class Shape(NamedTuple):
    """The head's convex parts in its own frame."""

    xy_m: FloatArray  # (Q, V, 2)
    corners: IntArray  # (Q,)
    petal: IntArray  # (Q,)
    share: FloatArray  # (Q,) of the petal's area
    radius_m: float


class Drawn(NamedTuple):
    """Heads in the sun's plane about their own centres; head h, part q lies in row h Q + q."""

    time: IntArray  # (H,) when last drawn
    x: FloatArray  # (H Q V,)
    y: FloatArray
    outline: FloatArray  # (H Q, BOX + 3 lines)
    area: FloatArray  # (H Q,) above 0 when seen from the front
    box: FloatArray  # (H, 4) around all parts


def draw(
    drawn: Drawn,
    t: int,
    h: int,
    turn: FloatArray,
    eye: tuple[float, float, float, float, float],
    shape: Shape,
) -> None:
    """Project head h, turned by turn[t, h]; eye: u0, u1, v0, v1, v2."""
    drawn.time[h] = t
    u0, u1, v0, v1, v2 = eye
    ax, ay = u0 * turn[t, h, 0, 0] + u1 * turn[t, h, 1, 0], u0 * turn[t, h, 0, 1] + u1 * turn[t, h, 1, 1]
    bx = v0 * turn[t, h, 0, 0] + v1 * turn[t, h, 1, 0] + v2 * turn[t, h, 2, 0]
    by = v0 * turn[t, h, 0, 1] + v1 * turn[t, h, 1, 1] + v2 * turn[t, h, 2, 1]
    way = 1.0 if ax * by - ay * bx >= 0.0 else -1.0
    parts, width = len(shape.corners), shape.xy_m.shape[1]
    box = drawn.box
    box[h, 0], box[h, 1], box[h, 2], box[h, 3] = np.inf, -np.inf, np.inf, -np.inf
    for q in range(parts):
        row = h * parts + q
        begin, n = row * width, shape.corners[q]
        for i in range(n):
            drawn.x[begin + i] = ax * shape.xy_m[q, i, 0] + ay * shape.xy_m[q, i, 1]
            drawn.y[begin + i] = bx * shape.xy_m[q, i, 0] + by * shape.xy_m[q, i, 1]
        drawn.area[row] = area(drawn.x, drawn.y, begin, n)
        trace(drawn.x, drawn.y, begin, n, way, drawn.outline, row)
        box[h, 0], box[h, 1] = min(box[h, 0], drawn.outline[row, 0]), max(box[h, 1], drawn.outline[row, 1])
        box[h, 2], box[h, 3] = min(box[h, 2], drawn.outline[row, 2]), max(box[h, 3], drawn.outline[row, 3])


def trace(
    x: FloatArray, y: FloatArray, begin: int, n: int, way: float, outline: FloatArray, row: int
) -> None:
    """Fill in box and lines of corners that run anticlockwise if way is 1, clockwise if it is -1."""
    low_x, high_x, low_y, high_y = x[begin], x[begin], y[begin], y[begin]
    for i in range(n):
        here, there = begin + i, begin + (i + 1 if i + 1 < n else 0)
        a, b = -way * (y[there] - y[here]), way * (x[there] - x[here])
        line = BOX + 3 * i
        outline[row, line], outline[row, line + 1] = a, b
        outline[row, line + 2] = -(a * x[here] + b * y[here])
        low_x, high_x = min(low_x, x[here]), max(high_x, x[here])
        low_y, high_y = min(low_y, y[here]), max(high_y, y[here])
    outline[row, 0], outline[row, 1], outline[row, 2], outline[row, 3] = low_x, high_x, low_y, high_y


def moved(
    outline: FloatArray, row: int, lines: int, du: float, dv: float, to: FloatArray, to_row: int
) -> None:
    """Copy an outline, moved."""
    to[to_row, 0], to[to_row, 1] = outline[row, 0] + du, outline[row, 1] + du
    to[to_row, 2], to[to_row, 3] = outline[row, 2] + dv, outline[row, 3] + dv
    for line in range(BOX, BOX + 3 * lines, 3):
        a, b = outline[row, line], outline[row, line + 1]
        to[to_row, line], to[to_row, line + 1] = a, b
        to[to_row, line + 2] = outline[row, line + 2] - (a * du + b * dv)


def raised(
    x: FloatArray, y: FloatArray, n: int, height: FloatArray, room: int,
    radius_m: float, outline: FloatArray, row: int,
) -> int:  # fmt: skip
    """Trace what of the corners at 0 stands before the receiver's plane: its number of lines, 0 for none.

    What stands out less than COPLANAR_M everywhere lies in the plane.
    """
    low, high, begin = np.inf, -np.inf, 0
    for i in range(n):
        low, high = min(low, height[i]), max(high, height[i])
    if high <= COPLANAR_M:
        return 0
    if low < 0.0:
        n, begin = cut_line(x, y, 0, n, height, room), room
    if n < 3:
        return 0
    size = area(x, y, begin, n)
    if abs(size) <= EDGE_ON_RELATIVE * radius_m * radius_m:
        return 0
    trace(x, y, begin, n, 1.0 if size > 0.0 else -1.0, outline, row)
    return n


def boxes_meet(outline: FloatArray, row: int, box: FloatArray, box_row: int) -> bool:
    """Whether two boxes have an area in common; they are the first four numbers of their rows."""
    return bool(
        outline[row, 0] < box[box_row, 1]
        and outline[row, 1] > box[box_row, 0]
        and outline[row, 2] < box[box_row, 3]
        and outline[row, 3] > box[box_row, 2]
    )
