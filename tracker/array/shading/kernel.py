"""The loops of beam shading, time by time and head by head, meant for numba (`compiled.py`).

At each time all heads are projected on the plane normal to the sun and sorted into square cells, so that a
head meets only those whose outlines may lie over its own. Where all heads are parallel, heads with the same
set of shadows share one result: on a regular field few of them are computed.
"""

from typing import NamedTuple

import numpy as np

from tracker.array.shading import neighbours, sight, union
from tracker.array.shading.by_array import COPLANAR_M, EDGE_ON_RELATIVE
from tracker.array.shading.cutting import SLIVER_RELATIVE
from tracker.array.shading.neighbours import SLANT, Cells, Sets, looked_up, order_by, sort_into_cells
from tracker.array.shading.sight import Drawn, Shape, boxes_meet, draw, moved, raised
from tracker.array.shading.union import Casters, Pieces, added, left_over
from tracker.units import BoolArray, FloatArray, IntArray

MOST_ADDED = 2  # groups of shadows that are added; from measurement: beyond, cutting away costs less
NARROW = 1e-3  # of the disk's radius: cells are no narrower, even for panels seen edge on
MOST_SHARED = 64  # shadows in a set that is looked up
PARALLEL = 1e-14  # how far the entries of rotations may differ that count as one
SAME_PLACE = 16.0 * 2.0**-52  # of the field's extent: how far shadows may lie apart that count as one


class Heads(NamedTuple):
    """Where heads are at one time, (H,) and (H, 3)."""

    known: BoolArray
    throws: BoolArray
    lit: BoolArray
    centre: FloatArray
    u: FloatArray
    v: FloatArray
    depth: FloatArray  # along the normal that all share, if they do


class Room(NamedTuple):
    """All that the loops write to, so that they never allocate."""

    heads: Heads
    drawn: Drawn
    cells: Cells
    sets: Sets
    keys: FloatArray  # (H,)
    found: FloatArray  # (H, 3)
    seen: FloatArray  # (K, W, 2) faces
    share: FloatArray  # (P,)
    casters: Casters
    pieces: Pieces


def fill(  # noqa: C901 # the loops are the idea
    pivots: FloatArray, offset: FloatArray, shape: Shape, petal_share: FloatArray, faces: FloatArray,
    face_corners: IntArray, same_m: float, turn: FloatArray, suns: FloatArray, closed: BoolArray,
    out: FloatArray, work: Room, start: int,
) -> tuple[int, int]:  # fmt: skip
    """Fill out (T, H, P), or (T, H, 1) with whole heads, from checked arguments; see `beam.beam_shading`.

    Begins at time `start`; returns the time reached, and the casters that it takes to go on (0: done).
    """
    count, parts_a_head = len(pivots), len(shape.corners)
    radius_m = shape.radius_m
    heads, drawn, cells, sets = work.heads, work.drawn, work.cells, work.sets
    keys, found, seen, share = work.keys, work.found, work.seen, work.share
    casters, pieces = work.casters, work.pieces
    capacity = len(casters.lines)
    for t in range(start, len(suns)):
        if not see(turn, t, suns, closed, heads, out):
            continue
        parallel, partial, leader = alike(turn, t, heads, closed)
        if leader < 0:
            continue
        eye = place(pivots, offset, turn, t, leader, suns, heads)
        if parallel:
            draw(drawn, t, leader, turn, eye, shape)
        wide, high, least_m = spans(parallel, drawn.box[leader], radius_m)
        columns, rows = sort_into_cells(heads.u, heads.v, heads.depth, heads.throws, wide, high, cells)
        face_views(faces, face_corners, eye, seen)
        used = 0
        for h in range(count):
            if not heads.lit[h]:
                continue
            own = leader if parallel else h
            if drawn.time[own] != t:
                draw(drawn, t, own, turn, eye, shape)
            near = upon(h, heads, cells, columns, rows, wide, high, 2.0 * radius_m, least_m, found)
            if near == 0 and len(faces) == 0:
                continue
            if parallel and not partial and len(faces) == 0 and near <= MOST_SHARED:
                if shared(t, h, keys, found, near, sets, same_m, used, out):
                    continue
                used += near
            for k in range(near):
                keys[k] = found[k, 0] * found[k, 0] + found[k, 1] * found[k, 1]
            order_by(keys, found, near)
            if capacity < near * parts_a_head + len(faces):
                return t, near * parts_a_head + len(faces)
            total = gather(
                t, h, own, parallel, partial, turn, closed, eye, shape, heads, drawn, found, near, casters,
                pieces,
            )  # fmt: skip
            total = add_faces(
                t, h, own, turn, faces, face_corners, seen, shape, heads, drawn, casters, total, near, pieces
            )
            if total == 0:
                continue
            shade(t, h, own, partial, closed, shape, drawn, casters, total, pieces, share)
            write(t, h, partial, closed, share, petal_share, out)
    return len(suns), 0


def see(turn: FloatArray, t: int, suns: FloatArray, closed: BoolArray, heads: Heads, out: FloatArray) -> bool:
    """Who is known, throws shadows and is lit; write what needs no geometry; whether the sun is up."""
    s0, s1, s2 = suns[t, 0], suns[t, 1], suns[t, 2]
    sun_known, up = np.isfinite(s0 + s1 + s2), s2 > 0.0
    any_closed, petals = closed.size > 0, closed.shape[2]
    for h in range(len(heads.known)):
        total = 0.0
        for i in range(3):
            total += turn[t, h, i, 0] + turn[t, h, i, 1] + turn[t, h, i, 2]
        known = sun_known and np.isfinite(total)
        shut = 0
        if any_closed:
            for p in range(petals):
                shut += closed[t, h, p]
        facing = s0 * turn[t, h, 0, 2] + s1 * turn[t, h, 1, 2] + s2 * turn[t, h, 2, 2]
        opened = not any_closed or shut < petals
        heads.known[h], heads.throws[h] = known, known and opened
        heads.lit[h] = known and opened and up and facing > 0.0
        behind = known and opened and up and facing <= 0.0
        for k in range(out.shape[2]):
            hidden = behind and not (any_closed and out.shape[2] == petals and closed[t, h, k])
            out[t, h, k] = np.nan if not known else 1.0 if hidden else 0.0
    return bool(sun_known and up)


def alike(turn: FloatArray, t: int, heads: Heads, closed: BoolArray) -> tuple[bool, bool, int]:
    """Whether all known heads are parallel, whether one is folded in part, and the first known one."""
    parallel, partial, leader = True, False, -1
    one = turn.strides[1] == 0
    for h in range(len(heads.known)):
        if not heads.known[h]:
            continue
        if leader < 0:
            leader = h
        if not one and parallel and h > leader:
            for i in range(3):
                for j in range(3):
                    parallel = parallel and abs(turn[t, h, i, j] - turn[t, leader, i, j]) <= PARALLEL
        if closed.size > 0 and heads.throws[h] and not partial:
            for p in range(closed.shape[2]):
                partial = partial or closed[t, h, p]
    return parallel, partial, leader


def place(
    pivots: FloatArray,
    offset: FloatArray,
    turn: FloatArray,
    t: int,
    leader: int,
    suns: FloatArray,
    heads: Heads,
) -> tuple[float, float, float, float, float]:
    """Put the known heads' centres into the sun's plane; its axes u (level) and v."""
    s0, s1, s2 = suns[t, 0], suns[t, 1], suns[t, 2]
    level = np.hypot(s0, s1)
    u0, u1 = (-s1 / level, s0 / level) if level > 0.0 else (1.0, 0.0)
    v0, v1, v2 = -s2 * u1, s2 * u0, s0 * u1 - s1 * u0
    n0, n1, n2 = turn[t, leader, 0, 2], turn[t, leader, 1, 2], turn[t, leader, 2, 2]
    centre = heads.centre
    for h in range(len(pivots)):
        for i in range(3):
            centre[h, i] = pivots[h, i] + (
                turn[t, h, i, 0] * offset[0] + turn[t, h, i, 1] * offset[1] + turn[t, h, i, 2] * offset[2]
            )
        heads.u[h] = u0 * centre[h, 0] + u1 * centre[h, 1]
        heads.v[h] = v0 * centre[h, 0] + v1 * centre[h, 1] + v2 * centre[h, 2]
        heads.depth[h] = n0 * centre[h, 0] + n1 * centre[h, 1] + n2 * centre[h, 2]
    return u0, u1, v0, v1, v2


def face_views(
    faces: FloatArray, face_corners: IntArray, eye: tuple[float, float, float, float, float], seen: FloatArray
) -> None:
    """Obstacles' faces in the sun's plane."""
    u0, u1, v0, v1, v2 = eye
    for f in range(len(faces)):
        for i in range(face_corners[f]):
            seen[f, i, 0] = u0 * faces[f, i, 0] + u1 * faces[f, i, 1]
            seen[f, i, 1] = v0 * faces[f, i, 0] + v1 * faces[f, i, 1] + v2 * faces[f, i, 2]


def spans(parallel: bool, box: FloatArray, radius_m: float) -> tuple[float, float, float]:
    """How far apart in u and v heads reach each other, and how far before the other one must be at least."""
    far_m = 2.0 * radius_m
    if not parallel:
        return far_m, far_m, -np.inf
    wide, high = min(far_m, box[1] - box[0]), min(far_m, box[3] - box[2])
    return max(wide, NARROW * radius_m), max(high, NARROW * radius_m), COPLANAR_M


def upon(
    h: int, heads: Heads, cells: Cells, columns: int, rows: int,
    wide: float, high: float, reach: float, least_m: float, found: FloatArray,
) -> int:  # fmt: skip
    """Find the heads that may throw a shadow on head h: rows (du, dv, head) and their number.

    They lie less than wide and high away, less than reach altogether, and more than least_m before it.
    """
    u, v, depth = heads.u[h], heads.v[h], heads.depth[h]
    column, row, place = cells.column[h], cells.row[h], cells.place
    count = 0
    for r in range(max(row - 1, 0), min(row + 2, rows)):
        begin = cells.begin[r * columns + max(column - 1, 0)]
        end = cells.begin[r * columns + min(column + 1, columns - 1) + 1]
        for k in range(begin, end):
            du, dv, other = place[k, 0] - u, place[k, 1] - v, cells.heads[k]
            found[count, 0], found[count, 1], found[count, 2] = du, dv, other
            near = (abs(du) < wide) & (abs(dv) < high) & (du * du + dv * dv < reach * reach)
            count += near & (place[k, 2] - depth > least_m) & (other != h)
    return count


def shared(
    t: int, h: int, keys: FloatArray, found: FloatArray, near: int, sets: Sets, same_m: float, used: int,
    out: FloatArray,
) -> bool:  # fmt: skip
    """Give head h what an earlier one with the same neighbours has; False if there is none."""
    for k in range(near):
        keys[k] = found[k, 0] + SLANT * found[k, 1]
    order_by(keys, found, near)
    other = looked_up(sets, t, h, found, near, same_m, used)
    if other >= 0:
        for k in range(out.shape[2]):
            out[t, h, k] = out[t, other, k]
    return other >= 0


def gather(  # noqa: C901 # a caster is in or out for one of five reasons
    t: int, h: int, own: int, parallel: bool, partial: bool, turn: FloatArray, closed: BoolArray,
    eye: tuple[float, float, float, float, float], shape: Shape, heads: Heads, drawn: Drawn,
    found: FloatArray, near: int, casters: Casters, pieces: Pieces,
) -> int:  # fmt: skip
    """Outlines of the found heads' parts about the centre of head h; how many."""
    total, parts, width, radius_m = 0, len(shape.corners), shape.xy_m.shape[1], shape.radius_m
    room, centre, box = len(pieces.side), heads.centre, drawn.box
    n0, n1, n2 = turn[t, h, 0, 2], turn[t, h, 1, 2], turn[t, h, 2, 2]
    for k in range(near):
        du, dv, other = found[k, 0], found[k, 1], int(found[k, 2])
        model = own if parallel else other
        middle_m, slope_x, slope_y = np.inf, 0.0, 0.0
        if not parallel:
            middle_m = (
                n0 * (centre[other, 0] - centre[h, 0]) + n1 * (centre[other, 1] - centre[h, 1])
                + n2 * (centre[other, 2] - centre[h, 2])
            )  # fmt: skip
            slope_x = n0 * turn[t, other, 0, 0] + n1 * turn[t, other, 1, 0] + n2 * turn[t, other, 2, 0]
            slope_y = n0 * turn[t, other, 0, 1] + n1 * turn[t, other, 1, 1] + n2 * turn[t, other, 2, 1]
            spread_m = radius_m * np.hypot(slope_x, slope_y)
            if middle_m + spread_m <= COPLANAR_M:
                continue
            if drawn.time[other] != t:
                draw(drawn, t, other, turn, eye, shape)
            if middle_m - spread_m >= 0.0:
                middle_m = np.inf
        left, right, below, above = box[own, 0] - du, box[own, 1] - du, box[own, 2] - dv, box[own, 3] - dv
        for q in range(parts):
            row = model * parts + q
            outline = drawn.outline
            if (
                outline[row, 0] >= right or outline[row, 1] <= left
                or outline[row, 2] >= above or outline[row, 3] <= below
            ):  # fmt: skip
                continue
            if abs(drawn.area[row]) <= EDGE_ON_RELATIVE * radius_m * radius_m:
                continue
            if partial and closed[t, other, shape.petal[q]]:
                continue
            lines = shape.corners[q]
            if middle_m == np.inf:
                moved(outline, row, lines, du, dv, casters.outline, total)
            else:
                begin = row * width
                for i in range(lines):
                    pieces.x[i], pieces.y[i] = drawn.x[begin + i] + du, drawn.y[begin + i] + dv
                    pieces.side[i] = middle_m + slope_x * shape.xy_m[q, i, 0] + slope_y * shape.xy_m[q, i, 1]
                lines = raised(
                    pieces.x, pieces.y, lines, pieces.side, room, radius_m, casters.outline, total
                )  # fmt: skip
                if lines == 0:
                    continue
            casters.lines[total], casters.group[total] = lines, k
            total += 1
    return total


def add_faces(
    t: int, h: int, own: int, turn: FloatArray, faces: FloatArray, face_corners: IntArray, seen: FloatArray,
    shape: Shape, heads: Heads, drawn: Drawn, casters: Casters, total: int, group: int, pieces: Pieces,
) -> int:  # fmt: skip
    """Add the outlines of faces that reach head h, each a group of its own; how many there are now."""
    centre, room = heads.centre, len(pieces.side)
    n0, n1, n2 = turn[t, h, 0, 2], turn[t, h, 1, 2], turn[t, h, 2, 2]
    for f in range(len(faces)):
        for i in range(face_corners[f]):
            pieces.x[i], pieces.y[i] = seen[f, i, 0] - heads.u[h], seen[f, i, 1] - heads.v[h]
            pieces.side[i] = (
                n0 * (faces[f, i, 0] - centre[h, 0]) + n1 * (faces[f, i, 1] - centre[h, 1])
                + n2 * (faces[f, i, 2] - centre[h, 2])
            )  # fmt: skip
        lines = raised(
            pieces.x, pieces.y, face_corners[f], pieces.side, room, shape.radius_m, casters.outline, total
        )
        if lines > 0 and boxes_meet(casters.outline, total, drawn.box, own):
            casters.lines[total], casters.group[total] = lines, group + f
            total += 1
    return total


def shade(
    t: int, h: int, own: int, partial: bool, closed: BoolArray, shape: Shape, drawn: Drawn,
    casters: Casters, total: int, pieces: Pieces, share: FloatArray,
) -> None:  # fmt: skip
    """How much of each petal of head h the casters take."""
    parts, width = len(shape.corners), shape.xy_m.shape[1]
    share[:] = 0.0
    for q in range(parts):
        if partial and closed[t, h, shape.petal[q]]:
            continue
        row = own * parts + q
        count, groups = 0, 0
        for k in range(total):
            if boxes_meet(casters.outline, k, drawn.outline, row):
                casters.near[count] = k
                if count == 0 or casters.group[k] != casters.group[casters.near[count - 1]]:
                    casters.first[count] = count
                    groups += 1
                else:
                    casters.first[count] = casters.first[count - 1]
                count += 1
        if count == 0:
            continue
        pieces.corners[0] = shape.corners[q]
        for i in range(shape.corners[q]):
            pieces.x[i], pieces.y[i] = drawn.x[row * width + i], drawn.y[row * width + i]
        whole = drawn.area[row]
        sliver = SLIVER_RELATIVE * whole
        if groups <= MOST_ADDED:
            taken = added(casters, count, pieces, sliver)
        else:
            taken = whole - left_over(casters, count, pieces, sliver)
        share[shape.petal[q]] += shape.share[q] * min(max(taken / whole, 0.0), 1.0)


def write(
    t: int,
    h: int,
    partial: bool,
    closed: BoolArray,
    share: FloatArray,
    petal_share: FloatArray,
    out: FloatArray,
) -> None:
    """Petal by petal, or the whole head."""
    if out.shape[2] == len(share):
        for p in range(len(share)):
            out[t, h, p] = share[p]
        return
    taken, whole = 0.0, 0.0
    for p in range(len(share)):
        if not (partial and closed[t, h, p]):
            taken += petal_share[p] * share[p]
            whole += petal_share[p]
    out[t, h, 0] = taken / whole


CALLED = (
    union.cut_line, union.area, union.common, union.added, union.first_upon, union.halve,
    union.left_over,
    sight.trace, sight.draw, sight.moved, sight.raised, sight.boxes_meet,
    neighbours.sort_into_cells, neighbours.order_by, neighbours.looked_up,
    see, alike, place, face_views, spans, upon, shared, gather, add_faces, shade, write,
)  # fmt: skip


HOT = (upon, order_by, looked_up, shared, gather, add_faces, shade, write, moved, boxes_meet)
