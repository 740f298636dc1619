"""Shade among heads that all look the same way: what one takes from another depends on two numbers alone.

Seen along the sun, the shadow of a like head in a parallel plane is the head's own outline, shifted within
the panel's plane. Which sample points of the petals such a shifted outline covers is tabulated once, as bits;
several shadows together are then the bits' union. This is the approximation for what needs very many cases
of a common orientation (a year, a dome, a search); `tracker.array.shading` is exact, and its oracle.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.array.head import disk_radius_m, petal_polygons
from tracker.array.shading import enu_from_normal
from tracker.kept_arrays import kept_arrays, state_of
from tracker.plant import Array, Head
from tracker.units import BoolArray, FloatArray, IntArray, distinct

PIXELS: Final = 64  # to the disk's radius; 4 cm of the default head
SHIFT_PIXELS: Final = 1  # between tabulated shifts
ANGLES, RADII = 8, 8  # groups of equal area in a petal, whose middles are its sample points
POINTS: Final = ANGLES * RADII  # as many as the bits of a mark
MOST_RECEIVERS: Final = 64  # of larger fields a sample stands for all
MOST_NEIGHBOURS: Final = 128  # the nearest ones; farther heads shade only from below 3 deg
CHUNK_PAIRS: Final = 300_000  # at a time, so that they stay in the cache
COPLANAR_M: Final = 1e-9
GOLDEN: Final = 0.6180339887498949

Marks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommonShade:
    """G heads of a field and the K neighbours of each that may shade it; make one with `common_shade`.

    neighbours_m (G, K, 3) lead from each head to its neighbours, east-north-up. marks (N * N, P): the
    points of each petal that a shadow covers at each of the N x N shifts.
    """

    neighbours_m: FloatArray
    marks: Marks
    shift_m: float

    def shaded(self, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
        """Shaded share of every petal, (T, G, P), for common normals (T, 3) and suns (T, 3).

        1 where the sun is behind the panels, 0 where it is not above the horizontal.
        """
        receivers, neighbours, _ = self.neighbours_m.shape
        times, petals = len(sun_enu), self.marks.shape[1]
        step = max(1, CHUNK_PAIRS // max(1, receivers * neighbours))
        share = np.zeros((times, receivers, petals))
        for start in range(0, times, step):
            now = slice(start, start + step)
            head, covered = self._covered(normal_enu[now], sun_enu[now])
            share[now].reshape(-1, petals)[head] = np.bitwise_count(covered) / POINTS
        front = np.einsum("ti,ti->t", normal_enu, sun_enu)
        share[front <= 0.0] = 1.0
        share[sun_enu[:, 2] <= 0.0] = 0.0
        return share

    def _covered(self, normal_enu: FloatArray, sun_enu: FloatArray) -> tuple[IntArray, Marks]:
        """Which N of the T G heads lie in any neighbour's shadow, and their points (N, P) that do."""
        receivers, neighbours, _ = self.neighbours_m.shape
        time, pair = self._in_line(sun_enu)
        cell, hit = self._shifts(normal_enu, sun_enu, time, self.neighbours_m.reshape(-1, 3)[pair])
        head = (time * receivers + pair // neighbours)[hit]  # ascending
        first = np.flatnonzero(np.diff(head, prepend=-1))
        if not first.size:
            return head, self.marks[cell]
        return head[first], np.bitwise_or.reduceat(self.marks[cell], first, axis=0)

    def _in_line(self, sun_enu: FloatArray) -> tuple[IntArray, IntArray]:
        """Times and pairs (of G K) that stand before each other along the sun: others cannot meet.

        Asked once for each run of the same sun, as a search hands them over.
        """
        new = np.concatenate([[True], np.any(sun_enu[1:] != sun_enu[:-1], axis=1)])
        apart_m = self.neighbours_m.reshape(-1, 3)
        reach_m = 2.0 * PIXELS / SHIFT_PIXELS * self.shift_m
        ahead_m = sun_enu[new] @ apart_m.T
        meets = ahead_m > -reach_m
        meets &= np.square(ahead_m, out=ahead_m) > np.sum(apart_m**2, axis=1) - reach_m**2
        runs, pairs = np.divmod(np.flatnonzero(meets), max(1, len(apart_m)))
        if new.all():
            return runs, pairs
        run = np.cumsum(new) - 1
        count = np.bincount(runs, minlength=run[-1] + 1)
        times = np.repeat(np.arange(len(run)), count[run])
        begins = np.cumsum(count) - count
        within = np.arange(len(times)) - np.repeat(np.cumsum(count[run]) - count[run], count[run])
        return times, pairs[begins[run[times]] + within]

    def _shifts(
        self, normal_enu: FloatArray, sun_enu: FloatArray, time: IntArray, apart_m: FloatArray
    ) -> tuple[IntArray, IntArray]:
        """Tabulated shifts of those of N pairs, at times (N,), whose shadows meet, and which these are."""
        axes = enu_from_normal(normal_enu)
        front = np.einsum("ti,ti->t", normal_enu, sun_enu)
        ray = sun_enu / np.where(front > 0.0, front, 1.0)[:, None]  # from a panel's plane to 1 m before it
        across = np.einsum("tij,ti->tj", axes[..., :2], ray)
        along = axes[..., :2] - normal_enu[:, :, None] * across[:, None]  # (T, 3, 2)
        side = round(np.sqrt(len(self.marks)))
        place = np.rint(np.einsum("nij,ni->nj", along[time], apart_m) / self.shift_m) + side // 2
        before = np.einsum("ni,ni->n", normal_enu[time], apart_m) > COPLANAR_M
        meets = before & (front[time] > 0.0) & np.all((place >= 0.0) & (place < side), axis=1)
        hit = np.flatnonzero(meets)
        return (place[hit] @ np.array([side, 1.0])).astype(np.int64), hit


@lru_cache(maxsize=8)
def common_shade(array: Array) -> CommonShade:
    """Prepare an array; obstacles are not in it. Of more than 64 heads an even sample stands for all."""
    feet = array.positions_enu_m
    receivers = _sample(len(feet))
    apart_m = feet[np.newaxis] - feet[receivers][:, np.newaxis]
    order = np.argsort(np.linalg.norm(apart_m, axis=-1), axis=1, kind="stable")
    nearest = order[:, 1 : MOST_NEIGHBOURS + 1]  # the first is the head itself
    return CommonShade(
        neighbours_m=np.take_along_axis(apart_m, nearest[..., np.newaxis], axis=1),
        marks=_kept_marks(array.head),
        shift_m=SHIFT_PIXELS * disk_radius_m(array.head) / PIXELS,
    )


def _sample(heads: int) -> IntArray:
    """Which heads are looked at: all, or a sample that repeats no pattern of rows (golden section)."""
    if heads <= MOST_RECEIVERS:
        return np.arange(heads)
    return distinct((np.arange(MOST_RECEIVERS) * GOLDEN % 1.0 * heads).astype(np.int64))


def _kept_marks(head: Head) -> Marks:
    """The marks of `_marks`, from the user's cache folder where they are: they take a third of a second."""
    code = state_of(Path(__file__).parent)
    return kept_arrays("shade", ("marks", head, code), lambda: {"marks": _marks(head)})["marks"]


def _marks(head: Head) -> Marks:
    """The table of `CommonShade.marks`, from a picture of the head and its sample points in pixels."""
    picture, points = _picture(head), _points(head)
    reach = 2 * PIXELS  # of the shift, either way
    shifts = np.arange(-reach, reach + 1, SHIFT_PIXELS)
    bits = np.zeros((len(shifts), len(shifts), head.petals), dtype=np.uint64)
    for petal, point in np.ndindex(head.petals, POINTS):
        rows, columns = (place - shifts + 3 * PIXELS for place in points[petal, point])
        bits[..., petal] |= picture[np.ix_(rows, columns)].astype(np.uint64) << np.uint64(point)
    return bits.reshape(-1, head.petals)


def _picture(head: Head) -> BoolArray:
    """Pixels (x, y) of the head within three radii of its centre: whether they are of any petal."""
    seen = np.zeros((6 * PIXELS + 1, 6 * PIXELS + 1), dtype=np.bool_)
    for pixels in _pixels_of_petals(head):
        seen[tuple((pixels + 3 * PIXELS).T)] = True
    return seen


def _points(head: Head) -> IntArray:
    """Sample points (P, POINTS, 2) in pixels: middles of groups of equal area, by angle, then by radius."""
    return np.array([_middles(pixels) for pixels in _pixels_of_petals(head)])


def _middles(pixels: IntArray) -> IntArray:
    mean = np.mean(pixels, axis=0)
    across = pixels @ np.array([-mean[1], mean[0]]) / np.linalg.norm(pixels, axis=1)
    groups = [
        group
        for wedge in np.array_split(pixels[np.argsort(across, kind="stable")], ANGLES)
        for group in np.array_split(wedge[np.argsort(np.linalg.norm(wedge, axis=1), kind="stable")], RADII)
    ]
    return np.array([np.rint(np.mean(group, axis=0)) for group in groups], dtype=np.int64)


def _pixels_of_petals(head: Head) -> list[IntArray]:
    """Pixels (N, 2) of each convex petal, counted from the disk's centre."""
    axis = np.arange(-PIXELS, PIXELS + 1)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    corners = petal_polygons(head) * (PIXELS / disk_radius_m(head))
    found = []
    for petal in corners:
        edges = np.roll(petal, -1, axis=0) - petal
        to = grid[:, np.newaxis] - petal
        left = edges[:, 0] * to[..., 1] - edges[:, 1] * to[..., 0] >= 0.0
        found.append(grid[np.all(left, axis=1)])
    return found
