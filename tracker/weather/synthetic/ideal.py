"""Years that nobody measured, whose yields can be worked out: no air, no cloud, no beam."""

from typing import Final

import numpy as np
from pvlib import atmosphere

from tracker.plant import Site
from tracker.units import SECONDS_PER_HOUR, FloatArray
from tracker.weather.series import Weather
from tracker.weather.splitting.decomposition import LOWEST_BEAM_COS
from tracker.weather.splitting.sunlight import DEGREES_PER_HOUR, Sunlight, sunlight
from tracker.weather.synthetic.clearness import clear_sky_w_m2

YEAR: Final = 2022  # as for typical years in files
TEMP_C, WIND_M_S = 20.0, 1.0  # chosen: where a data sheet's cell is hardly warmer than it says


def airless_year(site: Site, *, step_s: float = SECONDS_PER_HOUR, year: int = YEAR) -> Weather:
    """Only the extraterrestrial beam: DNI = E0 and GHI = E0 cos(zenith) while the sun's centre is up, no DHI.

    The insolation of a day has a closed form in declination and half day length (Duffie and Beckman, 1.10.3).
    """
    sun = _sun(site, step_s, year)
    dni = np.where(sun.lit, sun.extra_normal_w_m2, 0.0)
    return _year("airless", site, sun, ghi_w_m2=sun.extra_horizontal_w_m2, dni_w_m2=dni)


def cloudless_year(site: Site, *, step_s: float = SECONDS_PER_HOUR, year: int = YEAR) -> Weather:
    """A clean clear sky all year: GHI by Haurwitz (1945), DNI by Meinel and Meinel (1976), DHI the rest.

    GHI closes exactly; the beam is none below 3 deg and never more than GHI leaves.
    """
    sun = _sun(site, step_s, year)
    ghi = clear_sky_w_m2(sun.cos_zenith)
    cosine = np.maximum(sun.cos_zenith, LOWEST_BEAM_COS)
    beam = np.minimum(sun.extra_normal_w_m2 * 0.7 ** ((1.0 / cosine) ** 0.678), ghi / cosine)
    dni = np.where(sun.cos_zenith > LOWEST_BEAM_COS, beam, 0.0)
    return _year("cloudless", site, sun, ghi_w_m2=ghi, dni_w_m2=dni)


def overcast_year(
    site: Site, *, clearness: float = 0.3, step_s: float = SECONDS_PER_HOUR, year: int = YEAR
) -> Weather:
    """Diffuse light alone, all year the same share of the extraterrestrial horizontal: GHI = DHI."""
    sun = _sun(site, step_s, year)
    ghi = clearness * sun.extra_horizontal_w_m2
    return _year("overcast", site, sun, ghi_w_m2=ghi, dni_w_m2=np.zeros_like(ghi))


def _sun(site: Site, step_s: float, year: int) -> Sunlight:
    """The sun at the centres of the steps of a year on the clock of the site's meridian, whole hours."""
    step = np.timedelta64(round(step_s), "s")
    start, end = (np.datetime64(f"{y}-01-01T00:00:00") for y in (year, year + 1))
    centres = np.arange(start, end, step) + step // 2
    return sunlight(np.asarray(centres - np.timedelta64(_offset_h(site), "h")), step_s, site)


def _offset_h(site: Site) -> int:
    return round(site.longitude_deg / DEGREES_PER_HOUR)


def _year(name: str, site: Site, sun: Sunlight, *, ghi_w_m2: FloatArray, dni_w_m2: FloatArray) -> Weather:
    steps = sun.utc.size
    return Weather(
        utc=sun.utc,
        step_s=sun.step_s,
        ghi_w_m2=ghi_w_m2,
        dni_w_m2=dni_w_m2,
        dhi_w_m2=np.maximum(ghi_w_m2 - dni_w_m2 * np.maximum(sun.cos_zenith, 0.0), 0.0),
        temp_air_c=np.full(steps, TEMP_C),
        wind_speed_m_s=np.full(steps, WIND_M_S),
        pressure_pa=np.full(steps, float(atmosphere.alt2pres(site.altitude_m))),
        source=f"ideal:{name}",
        kind="synthetic year",
        latitude_deg=site.latitude_deg,
        longitude_deg=site.longitude_deg,
        altitude_m=site.altitude_m,
        utc_offset_h=float(_offset_h(site)),
        filled_steps=0,
    )
