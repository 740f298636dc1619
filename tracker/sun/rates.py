"""How fast the sun moves over a place: what a motion planner must keep up with."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tracker.frames import elevation_deg
from tracker.sun.formula import BEND_DEG, BEND_DEG2, BEND_OFFSET_DEG, refraction_argument_deg
from tracker.sun.instants import as_ticks
from tracker.sun.nodes import END_DAY, FIRST_DAY
from tracker.sun.sky import Sun
from tracker.units import FloatArray, UtcArray

SKY_RATE_DEG_S: Final = 360.0 / 86_400.0  # of the mean sun's hour angle
STEP: Final = np.timedelta64(1, "s")  # to either side: the difference is good to 1e-9 of the rate
FIRST: Final = np.datetime64(FIRST_DAY, "D").astype("datetime64[us]")
LAST: Final = np.datetime64(END_DAY, "D") - np.timedelta64(1, "us")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunRates:
    """Angular rates of the sun, every array of one shape; azimuth's has no bound toward the zenith.

    elevation_deg_s without refraction, apparent_elevation_deg_s with it (a fifth slower at the horizon).
    """

    azimuth_deg_s: FloatArray
    elevation_deg_s: FloatArray
    apparent_elevation_deg_s: FloatArray


def sun_rates(utc: UtcArray, sun: Sun) -> SunRates:
    """Rates at UTC times T over the places S of a `Sun`, shape (S,) + T. Raises ValueError as `Sun` does.

    From the unit vector (e, n, u) and its rate: azimuth' = (n e' - e n') / (e^2 + n^2) and elevation' =
    u' / level, since level part and up part are cosine and sine of the elevation. Azimuth' is infinite, with
    its sign lost, where the sun stands exactly in the zenith.
    """
    times = as_ticks(utc)[0].astype("datetime64[us]")
    bare = sun.without_air()
    before: UtcArray = np.maximum(times - STEP, FIRST)
    after: UtcArray = np.minimum(times + STEP, LAST)
    here = bare.direction_enu(times)
    span_s = np.expand_dims((after - before) / np.timedelta64(1, "s"), -1)
    rate = (bare.direction_enu(after) - bare.direction_enu(before)) / span_s
    level_square = here[..., 0] ** 2 + here[..., 1] ** 2
    around = here[..., 1] * rate[..., 0] - here[..., 0] * rate[..., 1]
    with np.errstate(divide="ignore"):
        azimuth_rad_s = np.where(level_square > 0.0, around, 1.0) / level_square
        elevation_rad_s = rate[..., 2] / np.sqrt(level_square)
    gain = 1.0 + _bending(elevation_deg(here), sun)
    return SunRates(
        azimuth_deg_s=np.degrees(azimuth_rad_s),
        elevation_deg_s=np.degrees(elevation_rad_s),
        apparent_elevation_deg_s=np.degrees(elevation_rad_s) * gain,
    )


def keyhole_edge_deg(azimuth_deg: ArrayLike, latitude_deg: float, azimuth_rate_deg_s: float) -> FloatArray:
    """Elevation above which the sun's azimuth outruns a drive of that rate, at azimuths of any shape.

    Azimuth changes by w (sin(lat) - cos(lat) cos(A) tan(E)) while the sky turns by w (the sun's own motion, a
    hundredth of a percent of it near the zenith, is left out), so the edge is where that is the drive's rate.
    90 where there is no keyhole. Raises ValueError for a drive slower than the sky itself turns.
    """
    ratio = azimuth_rate_deg_s / SKY_RATE_DEG_S
    if not ratio > 1.0:
        raise ValueError(
            f"azimuth_rate_deg_s = {azimuth_rate_deg_s}: give more than {SKY_RATE_DEG_S:.5f} deg/s"
        )
    latitude_rad, azimuth_rad = np.radians(latitude_deg), np.radians(azimuth_deg)
    toward_pole = np.cos(azimuth_rad) * np.cos(latitude_rad)
    needed = np.where(toward_pole > 0.0, ratio + np.sin(latitude_rad), ratio - np.sin(latitude_rad))
    return np.asarray(np.degrees(np.arctan2(needed, np.abs(toward_pole))))


def _bending(geometric_deg: FloatArray, sun: Sun) -> FloatArray:
    """Change of refraction per change of elevation: the derivative of `formula.refraction_deg`."""
    air, cut_off_deg = (np.expand_dims(part, (-1,) * (geometric_deg.ndim - part.ndim)) for part in sun.air)
    seen_deg = np.maximum(geometric_deg, cut_off_deg)
    argument_rad = np.radians(refraction_argument_deg(seen_deg))
    per_degree = np.radians(1.0 - BEND_DEG2 / (seen_deg + BEND_OFFSET_DEG) ** 2)
    slope = -air * BEND_DEG / np.sin(argument_rad) ** 2 * per_degree
    return np.where(geometric_deg >= cut_off_deg, slope, 0.0)
