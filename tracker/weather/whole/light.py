"""Global, beam and diffuse of every step, from what is known of them."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from tracker.units import BoolArray, FloatArray
from tracker.weather.reading import Decomposition
from tracker.weather.splitting.decomposition import LOWEST_BEAM_COS, Air, beam_w_m2
from tracker.weather.splitting.sunlight import Sunlight

Columns: TypeAlias = dict[str, FloatArray]
GHI, DNI, DHI = "ghi_w_m2", "dni_w_m2", "dhi_w_m2"
DARK: Final = {GHI: 0.0, DNI: 0.0, DHI: 0.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Light:
    """GHI, DNI and DHI by name, (T,) each, and which steps were closed and which decomposed, (T,)."""

    columns: Columns
    closed: BoolArray
    decomposed: BoolArray


def completed(given: Columns, sun: Sunlight, air: Air, model: Decomposition) -> Light:
    """All three of each step where GHI, or two of them, are known; NaN remains where neither is.

    What is unknown at night is 0. One that is missing follows from GHI = DHI + DNI cos(zenith); beam and
    diffuse that are both missing from the decomposition.
    """
    dark = {name: np.where(np.isnan(given[name]) & ~sun.lit, 0.0, given[name]) for name in DARK}
    closed = _closed(dark, sun)
    alone = np.isfinite(closed[GHI]) & np.isnan(closed[DNI]) & np.isnan(closed[DHI])
    known = {name: np.isfinite(column) for name, column in dark.items()}
    by_closure = np.any([np.isfinite(closed[name]) & ~known[name] for name in DARK], axis=0)
    if not alone.any():
        return Light(columns=closed, closed=by_closure, decomposed=alone)
    split = closed | {DNI: np.where(alone, beam_w_m2(closed[GHI], sun, air, model), closed[DNI])}
    return Light(columns=_closed(split, sun), closed=by_closure, decomposed=alone)


def _closed(light: Columns, sun: Sunlight) -> Columns:
    """The third of each step from the two others; beam only while the sun is above 3 deg."""
    ghi, dni, dhi = light[GHI], light[DNI], light[DHI]
    cosine = np.maximum(sun.cos_zenith, 0.0)
    beam = (ghi - dhi) / np.maximum(cosine, LOWEST_BEAM_COS)
    beam = np.where(cosine > LOWEST_BEAM_COS, np.clip(beam, 0.0, sun.extra_normal_w_m2), 0.0 * beam)
    return {
        GHI: np.where(np.isnan(ghi), dhi + dni * cosine, ghi),
        DNI: np.where(np.isnan(dni), beam, dni),
        DHI: np.where(np.isnan(dhi), np.maximum(ghi - dni * cosine, 0.0), dhi),
    }


def interpolated(light: Columns, sun: Sunlight) -> Columns:
    """The light with unknown steps from their known neighbours in clearness, so that the sun's path is kept.

    GHI over the extraterrestrial horizontal and DNI over the extraterrestrial normal run straight from the
    last known step in sunlight to the next; DHI closes. NaN remains where nothing is known at all.
    """
    unknown = np.any([np.isnan(light[name]) for name in DARK], axis=0)
    if not unknown.any() or unknown.all():
        return light
    anchors = sun.lit & ~unknown & (sun.cos_zenith > LOWEST_BEAM_COS)
    if not anchors.any():
        return light
    ghi = _along(light[GHI], sun.extra_horizontal_w_m2, anchors, unknown)
    cosine = np.maximum(sun.cos_zenith, LOWEST_BEAM_COS)
    dni = np.minimum(_along(light[DNI], sun.extra_normal_w_m2, anchors, unknown), ghi / cosine)
    filled = {GHI: ghi, DNI: dni, DHI: ghi - dni * np.maximum(sun.cos_zenith, 0.0)}
    return {name: np.where(unknown, filled[name], light[name]) for name in DARK}


def _along(values: FloatArray, scale: FloatArray, anchors: BoolArray, unknown: BoolArray) -> FloatArray:
    """Values over their scale, straight between anchors, at unknown steps; as they are elsewhere."""
    steps = np.arange(values.size)
    ratio = np.interp(steps[unknown], steps[anchors], values[anchors] / scale[anchors])
    filled = values.copy()
    filled[unknown] = ratio * scale[unknown]
    return filled
