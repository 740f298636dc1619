"""Finding where to look past the sun, once for a site.

Of an exact instant the best orientation clings to the edge of a shadow: a twentieth of a degree further, and
two fifths of its gain are gone. So each node of the table maximises the light expected over its whole patch
of sky, which is what interpolation, the sun's disk and the errors of real heads leave open anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.aiming.shade_avoidance import AimTable, looking_past
from tracker.aiming.sun_band import BandNodes
from tracker.frames import elevation_deg
from tracker.plant import Limits
from tracker.units import BoolArray, FloatArray

Worth = Callable[[FloatArray, FloatArray], FloatArray]  # light (N,) of normals (N, [H,] 3) under suns (N, 3)

STEP_DEG: Final = 2.5  # between nodes; chosen: 3 deg gains 0.2 % less in a dense field, 2 deg 0.1 % more
OWN_STEP_DEG: Final = 5.0  # where every head is searched for; chosen for the time it takes
COARSENESS: Final = 3.0  # of the first look, whether there is anything to gain
RIGHT_DEG: Final = (0.0, 6.0, 13.0, 21.0, 30.0, 40.0, 52.0, 66.0)
UP_DEG: Final = (0.0, 5.0, 11.0, 18.0, 26.0, 36.0, 48.0, 62.0, 78.0)
MOST_DEG: Final = 80.0  # past the sun
STARTS: Final = 3
REFINED_DEG: Final = (4.0, 2.0)
WAYS: Final = 6
ROUNDS: Final = 2  # over the heads, where each is searched for
NEAR_ENOUGH: Final = 0.005  # to the light of heads far apart; chosen: then each has its own way already
WORTHWHILE: Final = 0.02  # of the light at a node; chosen: for less, heads keep facing the sun there
FIELD_GAIN: Final = 0.01  # of all nodes' light; chosen: for less, they do so everywhere
PER_DEGREE: Final = 2e-4  # of the light: a change of branch must earn its way, 60 W for 2 s/deg in 12 minutes
CONFIRMED: Final = 2  # times: what one node gives up its neighbours lean on
ROWS: Final = 1000  # handed to `worth` at a time


def searched(latitude_deg: float, worth: Worth, limits: Limits) -> AimTable | None:
    """The table for heads at a latitude that all look alike, by what light common orientations are worth.

    None where a first look finds little to gain: heads then face the sun.
    """
    return _table(latitude_deg, STEP_DEG, _Search(worth=worth, limits=limits, best=_best_common))


def searched_each(
    latitude_deg: float, worth: Worth, alone: Worth, limits: Limits, heads: int
) -> AimTable | None:
    """The same where each of a few heads has its own way, turned one after another until none gains.

    alone says what light a head with nobody around has: where the best common orientation comes close to
    that, there is nothing left to search for.
    """

    def best_each(scene: "_Scene") -> tuple[FloatArray, FloatArray]:
        return _best_each(scene, replace(scene, worth=alone), heads)

    return _table(latitude_deg, OWN_STEP_DEG, _Search(worth=worth, limits=limits, best=best_each))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scene:
    """N nodes, each with the suns (N, M, 3) of its patch."""

    suns_enu: FloatArray
    worth: Worth
    limits: Limits

    def light(self, past_deg: FloatArray) -> FloatArray:
        """Mean light (N, C) over the patch when heads look past the sun by (N, C, 2) or (N, C, H, 2).

        None where that is out of reach.
        """
        alone = (1,) * (past_deg.ndim - 3)  # the axis of heads, if there is one
        suns = self.suns_enu.reshape(*self.suns_enu.shape[:2], 1, *alone, 3)
        normal = looking_past(suns, past_deg[:, np.newaxis])  # (N, M, C, [H,] 3)
        rows = normal.reshape(-1, *normal.shape[3:])
        sun = np.repeat(self.suns_enu.reshape(-1, 3), past_deg.shape[1], axis=0)
        light = _in_parts(self.worth, rows, sun)
        high = elevation_deg(rows) > self.limits.elevation_range_deg[1]
        past = np.any(past_deg != 0.0, axis=-1)[:, np.newaxis]
        out = np.any((high.reshape(normal.shape[:-1]) & past).reshape(*normal.shape[:3], -1), axis=-1)
        return np.asarray(np.mean(np.where(out, 0.0, light.reshape(out.shape)), axis=1))

    def thinned(self) -> "_Scene":
        """Two opposite suns of each patch instead of four."""
        return replace(self, suns_enu=self.suns_enu[:, ::3])

    def at(self, nodes: BoolArray) -> "_Scene":
        """Some of the nodes."""
        return replace(self, suns_enu=self.suns_enu[nodes])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """What is searched, and how: offsets (N, K, ...) of each node, facing the sun first, and their light."""

    worth: Worth
    limits: Limits
    best: Callable[[_Scene], tuple[FloatArray, FloatArray]]

    def over(self, nodes: BandNodes) -> tuple[FloatArray, FloatArray]:
        """The offsets for these nodes, and their light (N, K)."""
        return self.best(_Scene(suns_enu=nodes.patches(), worth=self.worth, limits=self.limits))


def _table(latitude_deg: float, step_deg: float, search: _Search) -> AimTable | None:
    _, light = search.over(BandNodes.every(COARSENESS * step_deg, latitude_deg))
    if np.sum(np.max(light, axis=1)) < (1.0 + FIELD_GAIN) * np.sum(light[:, 0]):
        return None
    nodes = BandNodes.every(step_deg, latitude_deg)
    past_deg, light = search.over(nodes)
    table = AimTable(
        latitude_deg=latitude_deg,
        declination_deg=nodes.declination_deg,
        hour_deg=nodes.hour_deg,
        past_sun_deg=_walked(nodes.spread(past_deg), nodes.spread(light), nodes.day),
    )
    for _ in range(CONFIRMED):
        table = _confirmed(table, nodes, search.worth)
    return table if np.any(table.past_sun_deg) else None


def _confirmed(table: AimTable, nodes: BandNodes, worth: Worth) -> AimTable:
    """The table with those nodes facing the sun around which looking past it does not pay after all.

    The best of many looks better than it is, so it is tried at suns that had no part in the choice, as it
    will be used: interpolated.
    """
    third = np.array([-1.0, 0.0, 1.0]) / 3.0
    suns = nodes.patches(np.stack(np.meshgrid(third, third), axis=-1).reshape(-1, 2))
    sun = suns.reshape(-1, 3)
    facing = sun if table.heads is None else _for_all(sun, table.heads)
    past, plain = (
        _in_parts(worth, normal, sun).reshape(suns.shape[:2]) for normal in (table.normals(sun), facing)
    )
    pays = np.mean(past, axis=1) > (1.0 + WORTHWHILE / 2.0) * np.mean(plain, axis=1)
    keep = (nodes.spread(pays) > 0.0) | ~nodes.day
    return replace(
        table,
        past_sun_deg=np.where(
            keep.reshape(*keep.shape, *(1,) * (table.past_sun_deg.ndim - 2)), table.past_sun_deg, 0.0
        ),
    )


def _in_parts(worth: Worth, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """The worth of many rows, some at a time: they stay in the cache."""
    parts = [slice(start, start + ROWS) for start in range(0, len(sun_enu), ROWS)]
    return np.concatenate([worth(normal_enu[part], sun_enu[part]) for part in parts])


def _best_common(scene: _Scene) -> tuple[FloatArray, FloatArray]:
    """Facing the sun and the tops of the most promising hills: (N, 1 + STARTS, 2) with light."""
    net = np.broadcast_to(_net(), (len(scene.suns_enu), *_net().shape))
    best = np.argsort(-scene.thinned().light(net), axis=1, kind="stable")[:, :STARTS]
    facing = np.zeros((len(net), 1, 2))
    past_deg = np.concatenate([facing, np.take_along_axis(net, best[..., np.newaxis], axis=1)], axis=1)
    light = scene.light(past_deg)
    for step_deg in REFINED_DEG:
        around = past_deg[:, 1:, np.newaxis] + step_deg * _ways()
        found = scene.light(around.reshape(len(net), -1, 2)).reshape(around.shape[:-1])
        past_deg[:, 1:], light[:, 1:] = _climbed(past_deg[:, 1:], light[:, 1:], around, found)
    return past_deg, light


def _best_each(scene: _Scene, alone: _Scene, heads: int) -> tuple[FloatArray, FloatArray]:
    """Facing the sun and the best that turning head after head finds: (N, 2, H, 2) with light."""
    common, light = _best_common(
        replace(scene, worth=lambda normal, sun: scene.worth(_for_all(normal, heads), sun))
    )
    best = np.argmax(light, axis=1)[:, np.newaxis]
    past_deg = _for_all(np.take_along_axis(common, best[..., np.newaxis], axis=1)[:, 0], heads).copy()
    facing, light = light[:, 0], np.take_along_axis(light, best, axis=1)[:, 0]
    most = np.max(alone.light(np.broadcast_to(_net(), (len(light), *_net().shape))), axis=1)
    left = light < (1.0 - NEAR_ENOUGH) * most
    past_deg[left], light[left] = _turned(scene.at(left), past_deg[left], light[left])
    return np.stack([np.zeros_like(past_deg), past_deg], axis=1), np.stack([facing, light], axis=1)


def _turned(scene: _Scene, past_deg: FloatArray, light: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Offsets (N, H, 2) after every head in turn has taken the best place for it, and their light (N,)."""
    for head in [*range(past_deg.shape[1])] * ROUNDS:
        net = _with_head(past_deg, head, np.broadcast_to(_net(), (len(light), *_net().shape)))
        best = np.argmax(scene.thinned().light(net), axis=1)[:, np.newaxis, np.newaxis, np.newaxis]
        place = np.take_along_axis(net, best, axis=1)
        past_deg, light = _climbed(past_deg, light, place, scene.light(place))
        for step_deg in REFINED_DEG:
            around = _with_head(past_deg, head, past_deg[:, np.newaxis, head] + step_deg * _ways())
            past_deg, light = _climbed(past_deg, light, around, scene.light(around))
    return past_deg, light


def _with_head(past_deg: FloatArray, head: int, offsets_deg: FloatArray) -> FloatArray:
    """Offsets (N, C, H, 2) of all heads, (N, H, 2), but for one that has those of (N, C, 2)."""
    varied = np.repeat(past_deg[:, np.newaxis], offsets_deg.shape[1], axis=1)
    varied[:, :, head] = offsets_deg
    return varied


def _climbed(
    here: FloatArray, light: FloatArray, around: FloatArray, found: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The brightest of places (S, C, ...) around here (S, ...) where it is brighter than light (S)."""
    axis = light.ndim
    best = np.argmax(found, axis=axis, keepdims=True)
    higher = np.take_along_axis(found, best, axis=axis)[..., 0]
    further = best.reshape(best.shape + (1,) * (around.ndim - best.ndim))
    there = np.take_along_axis(around, further, axis=axis).squeeze(axis)
    better = higher > light
    spread = better.reshape(better.shape + (1,) * (here.ndim - better.ndim))
    return np.where(spread, there, here), np.where(better, higher, light)


def _net() -> FloatArray:
    """A coarse net of offsets (C, 2)."""
    right = np.concatenate([-np.array(RIGHT_DEG[:0:-1]), RIGHT_DEG])
    net = np.stack(np.meshgrid(right, UP_DEG, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.asarray(net[np.hypot(net[:, 0], net[:, 1]) < MOST_DEG])


def _ways() -> FloatArray:
    """Steps of 1 deg to all sides, (WAYS, 2)."""
    turn = 2.0 * np.pi * np.arange(WAYS) / WAYS
    return np.stack([np.cos(turn), np.sin(turn)], axis=-1)


def _for_all(values: FloatArray, heads: int) -> FloatArray:
    """The same value (N, H, ...) for each head."""
    return np.repeat(values[:, np.newaxis], heads, axis=1)


def _walked(past_deg: FloatArray, light: FloatArray, day: BoolArray) -> FloatArray:
    """Of the offsets (D, W, K, ...) one for each node (D, W, ...), day by day from dawn to dusk.

    A day stays on its branch until another is better by more than the way there costs. Before dawn and after
    dusk the offset is that of the nearest node of the day.
    """
    days, hours, _, *shape = past_deg.shape
    past = past_deg.reshape(*past_deg.shape[:3], -1)
    facing = light[:, :, :1]
    light = np.concatenate([facing * (1.0 + WORTHWHILE), light[:, :, 1:]], axis=2)
    chosen = np.zeros((days, hours, past.shape[-1]))
    here, begun = chosen[:, 0], np.zeros(days, dtype=np.bool_)
    for hour in range(hours):
        way_deg = np.linalg.norm(past[:, hour] - here[:, np.newaxis], axis=-1) * begun[:, np.newaxis]
        best = np.argmax(light[:, hour] - PER_DEGREE * way_deg * facing[:, hour], axis=1)
        there = np.take_along_axis(past[:, hour], best[:, np.newaxis, np.newaxis], axis=1)[:, 0]
        here = np.where(day[:, hour, np.newaxis], there, here)
        begun |= day[:, hour]
        chosen[:, hour] = here
    dawn = np.argmax(day, axis=1)
    before = (np.arange(hours) < dawn[:, np.newaxis])[..., np.newaxis]
    return np.where(before, chosen[np.arange(days), dawn][:, np.newaxis], chosen).reshape(days, hours, *shape)
