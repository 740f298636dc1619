"""The shaded share of petals and heads under the sun's beam."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tracker.array.shading import by_array, compiled
from tracker.array.shading.field import ShadingField, field_of
from tracker.plant import Array
from tracker.units import BoolArray, FloatArray

How = Literal["auto", "numpy", "numba"]


def shaded_fraction(
    array: Array,
    enu_from_head: FloatArray,
    sun_enu: FloatArray,
    folded: ArrayLike | None = None,
    *,
    how: How = "auto",
    threads: int = 1,
) -> FloatArray:
    """Shaded area over the area of all unfolded panels, seen from the sun, (T, H).

    enu_from_head (T, H, 3, 3) turns the head's frame (`tracker.array.head`) into east-north-up; sun_enu
    (T, 3) points at the sun; folded, how and threads: see `beam_shading`. 1 where the sun is behind the
    panel, 0 where it is not above the horizontal (no beam) or where all petals are folded, NaN where the
    orientation or the sun is unknown. A head of unknown orientation throws no shadow; count the NaN.

    Raises ValueError for other shapes, sun vectors without length, and how = "numba" without numba.
    """
    return head_shading(field_of(array), enu_from_head, sun_enu, folded, how=how, threads=threads)


def head_shading(
    field: ShadingField,
    enu_from_head: FloatArray,
    sun_enu: FloatArray,
    folded: ArrayLike | None = None,
    *,
    how: How = "auto",
    threads: int = 1,
) -> FloatArray:
    """As `shaded_fraction`, for a field prepared once, (T, H)."""
    return _filled(field, enu_from_head, sun_enu, folded, 1, how, threads)[..., 0]


def beam_shading(
    field: ShadingField,
    enu_from_head: FloatArray,
    sun_enu: FloatArray,
    folded: ArrayLike | None = None,
    *,
    how: How = "auto",
    threads: int = 1,
) -> FloatArray:
    """Shaded share of every petal, (T, H, P); conventions and errors as `shaded_fraction`.

    folded says which heads (H,) or (T, H), or which petals (T, H, P), are folded: they have no area, throw
    no shadow and are given as 0. Any direction may stand for the sun, and any list of orientations for the
    times. Exact but for rounding: no raster and no representative head. `enu_from_head` may be broadcast from
    one orientation for all heads; it is never copied whole, and the working memory does not grow with T.

    how: "numpy" takes 10 us to 1 ms a head and time, "numba" 1/30 of that after a start of half a second (the
    first time after an installation 15 s); "auto" loads numba, where installed, once numpy has taken about a
    second in this process. Both agree to 1e-12. threads: numba's loops spread the times over so many.
    """
    return _filled(field, enu_from_head, sun_enu, folded, field.petals, how, threads)


def _filled(
    field: ShadingField,
    enu_from_head: FloatArray,
    sun_enu: FloatArray,
    folded: ArrayLike | None,
    columns: int,
    how: How,
    threads: int,
) -> FloatArray:
    sun = _unit(sun_enu)
    turn = np.asarray(enu_from_head, dtype=np.float64)
    if turn.shape != (len(sun), field.heads, 3, 3):
        raise ValueError(
            f"enu_from_head has shape {turn.shape}; give ({len(sun)}, {field.heads}, 3, 3), "
            "a rotation for each sun direction and head"
        )
    if threads < 1:
        raise ValueError(f"threads is {threads}; give 1 or more")
    closed = _closed_petals(field, len(sun), folded)
    out = np.empty((len(sun), field.heads, columns))
    if _by_numba(how, len(sun) * field.heads * len(field.parts_m)):
        compiled.fill(field, turn, sun, closed, out, threads)
    else:
        by_array.fill(field, turn, sun, closed, out)
    return out


def _by_numba(how: How, parts: int) -> bool:
    if how not in ("auto", "numpy", "numba"):
        raise ValueError(f"how = {how!r}; give 'auto', 'numpy' or 'numba'")
    if how == "numba" and not compiled.available():
        raise ValueError("how = 'numba' needs numba; install sunflower-tracker[fast], or give 'auto'")
    return how == "numba" or (how == "auto" and compiled.WORK.numba_pays(parts))


def _unit(sun_enu: FloatArray) -> FloatArray:
    sun = np.asarray(sun_enu, dtype=np.float64)
    if sun.ndim != 2 or sun.shape[1] != 3:
        raise ValueError(f"sun_enu has shape {sun.shape}; give (times, 3)")
    length = np.linalg.norm(sun, axis=-1, keepdims=True)
    if np.any(length == 0.0):
        raise ValueError("sun_enu has a vector without length; give unit vectors, NaN where unknown")
    return np.ascontiguousarray(sun / length)


def _closed_petals(field: ShadingField, times: int, folded: ArrayLike | None) -> BoolArray:
    """Which petals (T, H, P) are folded; (T, H, 0) when there are none."""
    shape = (times, field.heads, field.petals)
    if folded is None:
        return np.zeros((times, field.heads, 0), dtype=np.bool_)
    closed = np.asarray(folded, dtype=np.bool_)
    if closed.shape not in {shape, shape[:2], shape[1:2]}:
        raise ValueError(f"folded has shape {closed.shape}; give {shape[1:2]}, {shape[:2]} or {shape}")
    return np.broadcast_to(closed if closed.ndim == 3 else closed[..., np.newaxis], shape)
