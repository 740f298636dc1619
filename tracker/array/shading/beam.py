"""The shaded share of petals and heads under the sun's beam."""

import numpy as np
from numpy.typing import ArrayLike

from tracker.array.shading import by_array
from tracker.array.shading.field import ShadingField, field_of
from tracker.plant import Array
from tracker.units import BoolArray, FloatArray


def shaded_fraction(
    array: Array, enu_from_head: FloatArray, sun_enu: FloatArray, folded: ArrayLike | None = None
) -> FloatArray:
    """Shaded area over the area of all unfolded panels, seen from the sun, (T, H).

    enu_from_head (T, H, 3, 3) turns the head's frame (`tracker.array.head`) into east-north-up; sun_enu
    (T, 3) points at the sun; folded: see `beam_shading`. 1 where the sun is behind the panel, 0 where it is
    not above the horizontal (no beam) or where all petals are folded, NaN where the orientation or the sun
    is unknown. A head of unknown orientation throws no shadow: how many there are, the NaN count.

    Raises ValueError for other shapes and sun vectors without length.
    """
    return head_shading(field_of(array), enu_from_head, sun_enu, folded)


def head_shading(
    field: ShadingField, enu_from_head: FloatArray, sun_enu: FloatArray, folded: ArrayLike | None = None
) -> FloatArray:
    """As `shaded_fraction`, for a field prepared once, (T, H)."""
    shaded = beam_shading(field, enu_from_head, sun_enu, folded)
    open_m2 = _open_petals(field, len(sun_enu), folded) * field.petal_area_m2
    whole_m2 = np.sum(open_m2, axis=-1)
    shaded_m2 = np.sum(shaded * open_m2, axis=-1)
    fraction: FloatArray = np.divide(shaded_m2, whole_m2, out=shaded_m2, where=whole_m2 > 0.0)
    return fraction


def beam_shading(
    field: ShadingField, enu_from_head: FloatArray, sun_enu: FloatArray, folded: ArrayLike | None = None
) -> FloatArray:
    """Shaded share of every petal, (T, H, P); conventions and errors as `shaded_fraction`.

    folded says which heads (H,) or (T, H), or which petals (T, H, P), are folded: they have no area, throw
    no shadow and are given as 0. Any direction may stand for the sun; T may be anything, directions of a
    sky dome or orientations to choose from. Exact but for rounding: no raster, no common representative.
    """
    sun = _unit(sun_enu)
    if enu_from_head.shape != (len(sun), field.heads, 3, 3):
        raise ValueError(
            f"enu_from_head has shape {enu_from_head.shape}; give ({len(sun)}, {field.heads}, 3, 3), "
            "a rotation for each sun direction and head"
        )
    open_petal = _open_petals(field, len(sun), folded)
    with np.errstate(invalid="ignore"):
        front = np.einsum("thi,ti->th", enu_from_head[..., 2], sun)
        up = sun[:, np.newaxis, 2] > 0.0
    known = np.all(np.isfinite(enu_from_head), axis=(-2, -1)) & np.isfinite(front)
    lit = known & up & (front > 0.0) & np.any(open_petal, axis=-1)
    shaded = by_array.covered(field, enu_from_head, sun, open_petal, lit)
    shaded[known & up & (front <= 0.0)] = 1.0
    shaded[~open_petal] = 0.0
    shaded[~known] = np.nan
    return shaded


def _unit(sun_enu: FloatArray) -> FloatArray:
    sun = np.asarray(sun_enu, dtype=np.float64)
    if sun.ndim != 2 or sun.shape[1] != 3:
        raise ValueError(f"sun_enu has shape {sun.shape}; give (times, 3)")
    length = np.linalg.norm(sun, axis=-1, keepdims=True)
    if np.any(length == 0.0):
        raise ValueError("sun_enu has a vector without length; give unit vectors, NaN where unknown")
    unit: FloatArray = sun / length
    return unit


def _open_petals(field: ShadingField, times: int, folded: ArrayLike | None) -> BoolArray:
    """Which petals (T, H, P) are unfolded."""
    shape = (times, field.heads, field.petals)
    if folded is None:
        return np.ones(shape, dtype=np.bool_)
    closed = np.asarray(folded, dtype=np.bool_)
    if closed.shape not in {shape, shape[:2], shape[1:2]}:
        raise ValueError(f"folded has shape {closed.shape}; give {shape[1:2]}, {shape[:2]} or {shape}")
    if closed.ndim < 3:
        closed = closed[..., np.newaxis]
    return np.broadcast_to(~closed, shape)
