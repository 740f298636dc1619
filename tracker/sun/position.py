"""Sun position at a site by the NREL Solar Position Algorithm in pvlib."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from pvlib import atmosphere, solarposition

from tracker.frames import enu_from_azel
from tracker.plant import Site
from tracker.units import FloatArray, UtcArray

DELTA_T_S: Final = 67.0  # TT - UT1, pvlib's default
AIR_TEMPERATURE_C: Final = 12.0  # for refraction, SPA's customary yearly mean
SUPPORTED_YEARS: Final = (1900, 2200)  # beyond, the day's length drifts away from a constant delta-T


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SunPosition:
    """The sun's topocentric position, every array of the same shape S.

    azimuth_deg in [0, 360); elevation_deg without refraction; apparent_elevation_deg with it;
    direction_enu S + (3,) is the unit vector toward the *apparent* sun, where its light comes from.
    """

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    apparent_elevation_deg: FloatArray
    direction_enu: FloatArray


def sun_position(utc: UtcArray, site: Site) -> SunPosition:
    """Where the sun is, seen from the site at UTC times of any shape.

    Reda and Andreas (2004, doi:10.1016/j.solener.2003.12.003) as in pvlib, delta-T 67 s, refraction with
    the standard atmosphere's pressure at the site's altitude and 12 C. UT1-UTC is taken as 0 (1e-3 deg).

    Raises ValueError for NaT, for times that are not datetime64, and outside the years 1900 to 2200.
    """
    times = _checked(utc)
    table = solarposition.spa_python(
        pd.DatetimeIndex(times.ravel()).tz_localize("UTC"),
        site.latitude_deg,
        site.longitude_deg,
        altitude=site.altitude_m,
        pressure=atmosphere.alt2pres(site.altitude_m),
        temperature=AIR_TEMPERATURE_C,
        delta_t=DELTA_T_S,
    )
    azimuth_deg, elevation_deg, apparent_elevation_deg = (
        table[name].to_numpy(dtype=np.float64).reshape(times.shape)
        for name in ("azimuth", "elevation", "apparent_elevation")
    )
    return SunPosition(
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        apparent_elevation_deg=apparent_elevation_deg,
        direction_enu=enu_from_azel(azimuth_deg, apparent_elevation_deg),
    )


def _checked(utc: UtcArray) -> UtcArray:
    times = np.asarray(utc)
    if times.dtype.kind != "M":
        raise ValueError(
            f"utc has dtype {times.dtype}; give numpy datetime64 in UTC, "
            "such as np.datetime64('2025-06-21T04:00') or index.tz_convert('UTC').tz_localize(None).values"
        )
    if np.isnat(times).any():
        raise ValueError("utc holds NaT; drop or fill the missing times first")
    if times.size:
        first, last = (int(t.astype("datetime64[Y]").astype(int)) + 1970 for t in (times.min(), times.max()))
        if first < SUPPORTED_YEARS[0] or last > SUPPORTED_YEARS[1]:
            raise ValueError(
                f"years {first} to {last} reach outside {SUPPORTED_YEARS[0]} to {SUPPORTED_YEARS[1]}"
            )
    return times
