"""The sun that belongs to a series: its height and what it would send without an atmosphere."""

from dataclasses import dataclass

import numpy as np
from pvlib import irradiance

from tracker.plant import Site
from tracker.sun import sun_position
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray

DEGREES_PER_HOUR = 15.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sunlight:
    """At T instants: cosine of the geometric zenith (negative at night), extraterrestrial normal irradiance.

    solar_time_h is apparent solar time, 0 to 24 with 12 at noon; solar_day counts days from midnight to
    midnight of the site's meridian, in whole hours of longitude.
    """

    utc: UtcArray
    step_s: float
    cos_zenith: FloatArray
    extra_normal_w_m2: FloatArray
    day_of_year: FloatArray
    solar_time_h: FloatArray
    solar_day: IntArray

    @property
    def lit(self) -> BoolArray:
        """Whether the sun's centre is above the horizon, (T,)."""
        return np.asarray(self.cos_zenith > 0.0)

    @property
    def extra_horizontal_w_m2(self) -> FloatArray:
        """Extraterrestrial irradiance on the horizontal plane (T,), 0 at night."""
        return np.maximum(self.extra_normal_w_m2 * self.cos_zenith, 0.0)


def sunlight(utc: UtcArray, step_s: float, site: Site) -> Sunlight:
    """The sun at a site at instants (T,); the extraterrestrial light is Spencer's, as pvlib has it."""
    position = sun_position(utc, site)
    direction = position.direction_enu
    latitude_rad = np.radians(site.latitude_deg)
    toward_equator = np.cos(latitude_rad) * direction[:, 2] - np.sin(latitude_rad) * direction[:, 1]
    after_noon_h = np.degrees(np.arctan2(-direction[:, 0], toward_equator)) / DEGREES_PER_HOUR
    day_of_year = (utc.astype("datetime64[D]") - utc.astype("datetime64[Y]")).astype(np.float64) + 1.0
    meridian_h = round(site.longitude_deg / DEGREES_PER_HOUR)
    return Sunlight(
        utc=utc,
        step_s=step_s,
        cos_zenith=np.sin(np.radians(position.elevation_deg)),
        extra_normal_w_m2=np.asarray(irradiance.get_extra_radiation(day_of_year), dtype=np.float64),
        day_of_year=day_of_year,
        solar_time_h=12.0 + after_noon_h,
        solar_day=(utc + np.timedelta64(meridian_h, "h")).astype("datetime64[D]").astype(np.int64),
    )
