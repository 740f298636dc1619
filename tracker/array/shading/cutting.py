"""Convex polygons cut by the shadows upon them, thousands at a time.

A panel's part is cut by one shadow after the other into convex pieces that stay lit: each line of a shadow's
outline cuts off what lies outside it. This needs no rule for edges that coincide, as they do on a regular
field: cutting along an edge leaves a piece without area, or none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.units import BoolArray, FloatArray, IntArray

SLIVER_RELATIVE: Final = 1e-15  # of a part's area: what is smaller than this is nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Polygons:
    """N convex polygons (N, V, 2) of `corners` (N,) corners each, filled up with their first one."""

    xy_m: FloatArray
    corners: IntArray

    def take(self, which: BoolArray | IntArray) -> "Polygons":
        """Some of them."""
        return Polygons(xy_m=self.xy_m[which], corners=self.corners[which])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pieces:
    """Polygons that belong to the parts `owner` (N,)."""

    polygons: Polygons
    owner: IntArray

    def take(self, which: BoolArray | IntArray) -> "_Pieces":
        return _Pieces(polygons=self.polygons.take(which), owner=self.owner[which])


def lit_area_m2(parts: Polygons, part: IntArray, outline: IntArray, outlines_m: FloatArray) -> FloatArray:
    """Lit area (N,) of N convex parts; shadow outline[k] of (M, W, 2), anticlockwise, falls on part[k].

    `part` (K,) ascends; the shadows of one part are subtracted in their order.
    """
    count = len(parts.corners)
    shadows = np.bincount(part, minlength=count)
    first = np.cumsum(shadows) - shadows
    sliver_m2 = SLIVER_RELATIVE * areas_m2(parts.xy_m)
    pieces = _Pieces(polygons=parts, owner=np.arange(count))
    lit_m2 = np.zeros(count)
    turn = 0
    while len(pieces.owner):
        done = shadows[pieces.owner] <= turn
        np.add.at(lit_m2, pieces.owner[done], areas_m2(pieces.polygons.xy_m[done]))
        pieces = pieces.take(~done)
        shadow = outlines_m[outline[first[pieces.owner] + turn]]
        pieces = _outside(pieces, shadow, sliver_m2)
        turn += 1
    return lit_m2


def areas_m2(xy_m: FloatArray) -> FloatArray:
    """Signed areas (N,) of polygons (N, V, 2)."""
    around = xy_m - xy_m[:, :1]
    after = np.roll(around, -1, axis=1)
    area: FloatArray = 0.5 * np.sum(around[..., 0] * after[..., 1] - around[..., 1] * after[..., 0], axis=1)
    return area


def cut(polygons: Polygons, side: FloatArray) -> Polygons:
    """What lies where `side` (N, V), given at the corners and linear between them, is not below 0.

    Sutherland and Hodgman (1974, Communications of the ACM 17:32-42), all polygons at once.
    """
    xy_m = polygons.xy_m
    count, width = side.shape
    real = np.arange(width) < polygons.corners[:, np.newaxis]
    inside, side_after = side >= 0.0, np.roll(side, -1, axis=1)
    crosses = inside != (side_after >= 0.0)
    share = np.divide(side, side - side_after, out=np.zeros_like(side), where=crosses)
    crossing = xy_m + share[..., np.newaxis] * (np.roll(xy_m, -1, axis=1) - xy_m)
    corners = np.stack([xy_m, crossing], axis=2).reshape(count, 2 * width, 2)
    kept = np.stack([inside & real, crosses & real], axis=2).reshape(count, 2 * width)
    number = np.sum(kept, axis=1)
    new_width = max(3, int(np.max(number, initial=0)))
    order = np.argsort(~kept, axis=1, kind="stable")[:, :new_width]
    order = np.where(np.arange(new_width) < number[:, np.newaxis], order, order[:, :1])
    return Polygons(xy_m=np.take_along_axis(corners, order[..., np.newaxis], axis=1), corners=number)


def widened(xy_m: FloatArray, width: int) -> FloatArray:
    """Polygons (N, V, 2) filled up with their first corner to (N, width, 2)."""
    more = np.repeat(xy_m[:, :1], width - xy_m.shape[1], axis=1)
    return np.concatenate([xy_m, more], axis=1)


def _outside(pieces: _Pieces, shadow: FloatArray, sliver_m2: FloatArray) -> _Pieces:
    """Each piece without its shadow (N, W, 2), in convex pieces."""
    clear = _apart(pieces.polygons, shadow)
    kept = [pieces.take(clear)]
    rest, shadow = pieces.take(~clear), shadow[~clear]
    for line in range(shadow.shape[1]):
        side = _side(rest.polygons, shadow, line)
        outside, solid = _cut(rest, -side, sliver_m2)
        kept.append(outside.take(solid))
        rest, solid = _cut(rest, side, sliver_m2)
        rest, shadow = rest.take(solid), shadow[solid]
    return _joined(kept)


def _cut(pieces: _Pieces, side: FloatArray, sliver_m2: FloatArray) -> tuple[_Pieces, BoolArray]:
    """The pieces cut, and which of them are left with an area."""
    polygons = cut(pieces.polygons, side)
    solid = (polygons.corners > 2) & (areas_m2(polygons.xy_m) > sliver_m2[pieces.owner])
    return _Pieces(polygons=polygons, owner=pieces.owner), solid


def _apart(polygons: Polygons, shadow: FloatArray) -> BoolArray:
    """Whether one of the shadow's lines has all of the piece outside."""
    sides = [_side(polygons, shadow, line) for line in range(shadow.shape[1])]
    apart: BoolArray = np.any([np.max(side, axis=1, initial=-np.inf) <= 0.0 for side in sides], axis=0)
    return apart


def _side(polygons: Polygons, shadow: FloatArray, line: int) -> FloatArray:
    """Twice the area of the triangle (N, V) that each corner makes with the line: above 0 to its left.

    Filled-up corners make lines without length: they have everything to their left.
    """
    start = shadow[:, np.newaxis, line]
    along = shadow[:, np.newaxis, (line + 1) % shadow.shape[1]] - start
    to = polygons.xy_m - start
    side = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    return np.where(np.any(along != 0.0, axis=-1), side, 1.0)


def _joined(groups: list[_Pieces]) -> _Pieces:
    width = max(pieces.polygons.xy_m.shape[1] for pieces in groups)
    polygons = Polygons(
        xy_m=np.concatenate([widened(pieces.polygons.xy_m, width) for pieces in groups]),
        corners=np.concatenate([pieces.polygons.corners for pieces in groups]),
    )
    return _Pieces(polygons=polygons, owner=np.concatenate([pieces.owner for pieces in groups]))
