"""Climbing to where the light is strongest: offsets from the sun at many nodes of its band, all at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.aiming.shade_avoidance import looking_past
from tracker.frames import elevation_deg
from tracker.plant import Limits
from tracker.units import BoolArray, FloatArray, IntArray

Worth = Callable[[FloatArray, FloatArray], FloatArray]  # light (N,) of normals (N, [H,] 3) under suns (N, 3)

WAYS: Final = 6
TOGETHER: Final = 12  # ways of all heads at once, drawn anew at each step
ROWS: Final = 4000  # handed to `worth` at a time: they stay in the cache


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """N nodes, each with the suns (N, M, 3) of its patch of sky.

    Offsets are (N, C, 2): C for each node, in degrees to the right and up as one faces the sun, or
    (N, C, H, 2) where each of H heads has its own.
    """

    suns_enu: FloatArray
    worth: Worth
    limits: Limits

    def light(self, past_deg: FloatArray) -> FloatArray:
        """Mean light (N, C) over the patches; 0 where a head would have to look out of its travel."""
        alone = (1,) * (past_deg.ndim - 3)  # the axis of heads, if there is one
        suns = self.suns_enu.reshape(*self.suns_enu.shape[:2], 1, *alone, 3)
        normal = looking_past(suns, past_deg[:, np.newaxis])  # (N, M, C, [H,] 3)
        rows = normal.reshape(-1, *normal.shape[3:])
        sun = np.repeat(self.suns_enu.reshape(-1, 3), past_deg.shape[1], axis=0)
        light = in_parts(self.worth, rows, sun)
        low, high = self.limits.elevation_range_deg
        up_deg = elevation_deg(normal)
        out = ((up_deg < low) | (up_deg > high)) & np.any(past_deg != 0.0, axis=-1)[:, np.newaxis]
        out = np.any(out.reshape(*normal.shape[:3], -1), axis=-1)
        return np.asarray(np.mean(np.where(out, 0.0, light.reshape(out.shape)), axis=1))

    def thinned(self) -> "Scene":
        """Two opposite suns of each patch instead of four."""
        return replace(self, suns_enu=self.suns_enu[:, ::3])

    def at(self, nodes: BoolArray | IntArray) -> "Scene":
        """Some of the nodes."""
        return replace(self, suns_enu=self.suns_enu[nodes])


def climbed(
    scene: Scene, past_deg: FloatArray, steps_deg: tuple[float, ...]
) -> tuple[FloatArray, FloatArray]:
    """Offsets (N, C, ...) after a search by steps around each, and their light (N, C)."""
    light = scene.light(past_deg)
    for turn, step_deg in enumerate(steps_deg):
        around = past_deg[:, :, np.newaxis] + step_deg * _moves(past_deg.shape[2:], turn)
        found = scene.light(around.reshape(len(light), -1, *past_deg.shape[2:])).reshape(around.shape[:3])
        past_deg, light = _higher(past_deg, light, around, found)
    return past_deg, light


def hilltops(
    past_deg: FloatArray, light: FloatArray, count: int, apart_deg: float
) -> tuple[FloatArray, FloatArray]:
    """The brightest (N, count, ...) of offsets (N, C, ...) no two of which are near each other, with light.

    Where there are not so many, the last ones have no light.
    """
    flat = past_deg.reshape(*past_deg.shape[:2], -1)
    left = light.copy()
    tops, lights = [], []
    for _ in range(count):
        best = np.argmax(left, axis=1)[:, np.newaxis]
        top = np.take_along_axis(flat, best[..., np.newaxis], axis=1)
        tops.append(top)
        lights.append(np.take_along_axis(left, best, axis=1))
        left = np.where(np.linalg.norm(flat - top, axis=-1) < apart_deg, 0.0, left)
    shape = (len(light), count, *past_deg.shape[2:])
    return np.concatenate(tops, axis=1).reshape(shape), np.concatenate(lights, axis=1)


def in_parts(worth: Worth, normal_enu: FloatArray, sun_enu: FloatArray) -> FloatArray:
    """The worth of many rows, some at a time."""
    parts = [slice(start, start + ROWS) for start in range(0, len(sun_enu), ROWS)]
    return np.concatenate([np.zeros(0), *(worth(normal_enu[part], sun_enu[part]) for part in parts)])


def _moves(shape: tuple[int, ...], seed: int) -> FloatArray:
    """Steps of 1 deg to all sides, (WAYS, 2); where heads have their own ways, one head after another.

    And then all together on ways drawn by lot: where two keep out of each other's way, none gains alone.
    """
    turn = 2.0 * np.pi * np.arange(WAYS) / WAYS
    ways = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    if len(shape) == 1:
        return ways
    alone = np.einsum("gh,wi->gwhi", np.eye(shape[0]), ways).reshape(-1, *shape)
    together = np.random.default_rng(seed).normal(size=(TOGETHER, *shape))
    return np.concatenate([alone, together])


def _higher(
    here: FloatArray, light: FloatArray, around: FloatArray, found: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The brightest of places (N, C, M, ...) around here (N, C, ...) where it is brighter than here."""
    best = np.argmax(found, axis=2, keepdims=True)
    most = np.take_along_axis(found, best, axis=2)[..., 0]
    there = np.take_along_axis(around, best.reshape(best.shape + (1,) * (around.ndim - 3)), axis=2)[:, :, 0]
    better = most > light
    return np.where(better.reshape(better.shape + (1,) * (here.ndim - 2)), there, here), np.where(
        better, most, light
    )
