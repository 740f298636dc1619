"""Beam shading over numpy arrays: exact without compiling, and the compiled kernel's oracle.

Everything is projected on the plane normal to the sun, where a shadow is the outline of what throws it. What
stands partly behind a panel's plane is cut at that plane first: only what is nearer to the sun shades.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.array.shading.cutting import Polygons, areas_m2, cut, lit_area_m2, widened
from tracker.array.shading.field import ShadingField, corner_counts
from tracker.array.shading.sunplane import sun_axes
from tracker.units import BoolArray, FloatArray, IntArray

COPLANAR_M: Final = 1e-9  # what stands out less than this before a panel's plane throws no shadow on it
EDGE_ON_RELATIVE: Final = 1e-14  # of its extent squared: outlines of less area throw no shadow
CHUNK_NUMBERS: Final = (
    100_000  # corners and pairs of heads in one chunk of times: some 70 MB with all that follows
)


def fill(field: ShadingField, turn: FloatArray, sun: FloatArray, closed: BoolArray, out: FloatArray) -> None:
    """Fill out (T, H, P), or (T, H, 1) with whole heads, from checked arguments; see `beam.beam_shading`.

    closed (T, H, P) is empty when nothing is folded.
    """
    per_time = field.heads * (field.heads + field.parts_m[..., 0].size) + 1
    step = max(1, CHUNK_NUMBERS // per_time)
    for start in range(0, len(sun), step):
        now = slice(start, start + step)
        opened = (
            ~closed[now] if closed.size else np.ones((len(sun[now]), field.heads, field.petals), np.bool_)
        )
        share = _share(field, turn[now], sun[now], opened)
        out[now] = share if out.shape[2] == field.petals else _of_heads(field, share, opened)


def _share(field: ShadingField, turn: FloatArray, sun: FloatArray, opened: BoolArray) -> FloatArray:
    """Shaded share (T, H, P) of every petal."""
    with np.errstate(invalid="ignore"):
        front = np.einsum("thi,ti->th", turn[..., 2], sun)
        up = sun[:, np.newaxis, 2] > 0.0
    known = np.all(np.isfinite(turn), axis=(-2, -1)) & np.all(np.isfinite(sun), axis=-1)[:, np.newaxis]
    lit = known & up & (front > 0.0) & np.any(opened, axis=-1)
    share = _share_of_petals(field, _scene(field, turn, sun, opened), lit)
    share[known & up & (front <= 0.0)] = 1.0
    share[~opened] = 0.0
    share[~known] = np.nan
    return share


def _of_heads(field: ShadingField, share: FloatArray, opened: BoolArray) -> FloatArray:
    """Shaded share (T, H, 1) of each head's unfolded petals, 0 where there are none."""
    open_m2 = opened * field.petal_area_m2
    whole_m2 = np.sum(open_m2, axis=-1)
    shaded_m2 = np.sum(share * open_m2, axis=-1)
    of_heads: FloatArray = np.divide(shaded_m2, whole_m2, out=shaded_m2, where=whole_m2 > 0.0)
    return of_heads[..., np.newaxis]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scene:
    """Heads seen from the sun at T times; u right, v up, metres."""

    axes: FloatArray  # (T, 3, 3) rows u, v, s
    normal_enu: FloatArray  # (T, H, 3)
    centre_enu_m: FloatArray  # (T, H, 3) of the disks
    centre_m: FloatArray  # (T, H, 2) in the sun's plane
    corners_enu_m: FloatArray  # (T, H, Q, V, 3) from the disk's centre
    corners_m: FloatArray  # (T, H, Q, V, 2) in the sun's plane, from the disk's centre
    throws: BoolArray  # (T, H, Q)
    radius_m: float


def _scene(
    field: ShadingField, enu_from_head: FloatArray, sun_enu: FloatArray, open_petal: BoolArray
) -> _Scene:
    axes = sun_axes(sun_enu)
    centre_enu_m = field.pivots_enu_m + enu_from_head @ field.panel_offset_m
    corners_enu_m = np.einsum("thij,qvj->thqvi", enu_from_head[..., :2], field.parts_m)
    known = np.all(np.isfinite(enu_from_head), axis=(-2, -1))
    return _Scene(
        axes=axes,
        normal_enu=enu_from_head[..., 2],
        centre_enu_m=centre_enu_m,
        centre_m=np.einsum("tai,thi->tha", axes[:, :2], centre_enu_m),
        corners_enu_m=corners_enu_m,
        corners_m=np.einsum("tai,thqvi->thqva", axes[:, :2], corners_enu_m),
        throws=open_petal[..., field.petal_of_part] & known[..., np.newaxis],
        radius_m=field.radius_m,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shadows:
    """Outlines (N, W, 2) relative to the centre of the disk of head (N,) at time (N,), which they reach."""

    outline_m: FloatArray
    time: IntArray
    head: IntArray
    distance_m: FloatArray


def _share_of_petals(field: ShadingField, scene: _Scene, lit: BoolArray) -> FloatArray:
    shadows = _both(_from_heads(scene, lit), _from_faces(field, scene, lit))
    times, heads, parts = scene.throws.shape
    xy_m = scene.corners_m[shadows.time, shadows.head]  # (N, Q, V, 2)
    low, high = np.min(xy_m, axis=2), np.max(xy_m, axis=2)
    own_low = np.min(shadows.outline_m, axis=1)[:, np.newaxis]
    own_high = np.max(shadows.outline_m, axis=1)[:, np.newaxis]
    shadow, q = np.nonzero(np.all((low < own_high) & (high > own_low), axis=-1))
    part = (shadows.time[shadow] * heads + shadows.head[shadow]) * parts + q
    order = np.lexsort((shadows.distance_m[shadow], part))
    shaded, index = np.unique(part[order], return_inverse=True)
    polygons = _outlines(scene.corners_m.reshape(-1, *scene.corners_m.shape[-2:])[shaded])
    whole_m2 = areas_m2(polygons.xy_m)
    lit_m2 = lit_area_m2(polygons, index, shadow[order], shadows.outline_m)
    share = np.zeros((times * heads, field.petals))
    own_m2 = areas_m2(field.parts_m)
    weight = (own_m2 / field.petal_area_m2[field.petal_of_part])[shaded % parts]
    cover = weight * np.clip(1.0 - lit_m2 / whole_m2, 0.0, 1.0)
    np.add.at(share, (shaded // parts, field.petal_of_part[shaded % parts]), cover)
    return share.reshape(times, heads, field.petals)


def _from_heads(scene: _Scene, lit: BoolArray) -> _Shadows:
    """What heads throw on other heads."""
    gap_m = scene.centre_m[:, np.newaxis] - scene.centre_m[:, :, np.newaxis]  # (T, receiver, caster, 2)
    with np.errstate(invalid="ignore"):
        near = np.hypot(gap_m[..., 0], gap_m[..., 1]) < 2.0 * scene.radius_m
    near &= lit[:, :, np.newaxis] & np.any(scene.throws, axis=2)[:, np.newaxis]
    near &= ~np.eye(lit.shape[1], dtype=np.bool_)
    time, head, caster = np.nonzero(near)
    from_centre_enu_m = scene.centre_enu_m[time, caster] - scene.centre_enu_m[time, head]
    corners_enu_m = scene.corners_enu_m[time, caster] + from_centre_enu_m[:, np.newaxis, np.newaxis]
    ahead_m = np.einsum("nqvi,ni->nqv", corners_enu_m, scene.normal_enu[time, head])
    outline_m = scene.corners_m[time, caster] + gap_m[time, head, caster][:, np.newaxis, np.newaxis]
    pair, q = np.nonzero(scene.throws[time, caster] & (np.max(ahead_m, axis=-1) > COPLANAR_M))
    return _ahead(
        outline_m[pair, q],
        ahead_m[pair, q],
        time[pair],
        head[pair],
        np.linalg.norm(gap_m[time, head, caster], axis=-1)[pair],
    )


def _from_faces(field: ShadingField, scene: _Scene, lit: BoolArray) -> _Shadows:
    """What obstacles throw on heads."""
    face = np.arange(len(field.faces_enu_m))
    time, head = (np.repeat(index, len(face)) for index in np.nonzero(lit))
    face = np.resize(face, time.shape)
    corners_enu_m = field.faces_enu_m[face] - scene.centre_enu_m[time, head][:, np.newaxis]
    ahead_m = np.einsum("nvi,ni->nv", corners_enu_m, scene.normal_enu[time, head])
    outline_m = np.einsum("nai,nvi->nva", scene.axes[time, :2], corners_enu_m)
    near = np.all(
        (np.min(outline_m, axis=1) < scene.radius_m) & (np.max(outline_m, axis=1) > -scene.radius_m), axis=-1
    ) & (np.max(ahead_m, axis=-1) > COPLANAR_M)
    distance_m = np.zeros(int(np.sum(near)))  # buildings first: they take most
    return _ahead(outline_m[near], ahead_m[near], time[near], head[near], distance_m)


def _ahead(
    outline_m: FloatArray, ahead_m: FloatArray, time: IntArray, head: IntArray, distance_m: FloatArray
) -> _Shadows:
    """Outlines (N, V, 2) without what lies behind the receiver's plane, turned anticlockwise."""
    polygons = cut(_outlines(outline_m), ahead_m)
    xy_m = polygons.xy_m
    area_m2 = areas_m2(xy_m)
    xy_m = np.where((area_m2 < 0.0)[:, np.newaxis, np.newaxis], xy_m[:, ::-1], xy_m)
    extent_m = np.max(np.ptp(xy_m, axis=1), axis=-1, initial=0.0)
    seen = (polygons.corners > 2) & (np.abs(area_m2) > EDGE_ON_RELATIVE * extent_m**2)
    return _Shadows(outline_m=xy_m[seen], time=time[seen], head=head[seen], distance_m=distance_m[seen])


def _both(a: _Shadows, b: _Shadows) -> _Shadows:
    width = max(a.outline_m.shape[1], b.outline_m.shape[1])
    return _Shadows(
        outline_m=np.concatenate([widened(a.outline_m, width), widened(b.outline_m, width)]),
        time=np.concatenate([a.time, b.time]),
        head=np.concatenate([a.head, b.head]),
        distance_m=np.concatenate([a.distance_m, b.distance_m]),
    )


def _outlines(xy_m: FloatArray) -> Polygons:
    return Polygons(xy_m=xy_m, corners=corner_counts(xy_m))
