"""A synthetic hourly year from a monthly climate table."""

from typing import Final

import numpy as np
from pvlib import atmosphere, irradiance

from tracker.plant import Site
from tracker.units import SECONDS_PER_HOUR, FloatArray, UtcArray
from tracker.weather.series import Weather, month_at
from tracker.weather.synthetic.ambient import air_temperature, wind_speed
from tracker.weather.synthetic.clearness import HOURS, Light, global_irradiance
from tracker.weather.synthetic.climates import MonthlyClimate
from tracker.weather.synthetic.diffuse import beam_w_m2, diffuse_irradiance
from tracker.weather.whole.closure import cos_zenith

YEAR: Final = "2022"  # as for typical years in files
DAYS: Final = 365
SEED: Final = 2024  # chosen: any seed passes the tests, the default one only has to stay


def synthetic_year(climate: MonthlyClimate, seed: int = SEED) -> Weather:
    """A year of hours with the climate's monthly GHI, DHI, temperature and wind, DNI following from closure.

    Clearness by `clearness`, diffuse by `diffuse`, the rest by `ambient`; GHI = DHI + DNI cos(zenith) in each
    hour at its centre. The same seed gives the same year (PCG64), on any machine to the rounding of its
    mathematical library. Pressure is the standard atmosphere's at the climate's altitude.
    """
    utc = _centres(climate)
    light = _light(climate, utc)
    clear_rng, diffuse_rng, air_rng, wind_rng = (
        np.random.Generator(np.random.PCG64(child)) for child in np.random.SeedSequence(seed).spawn(4)
    )
    ghi_w_m2 = global_irradiance(climate, light, clear_rng)
    dhi_w_m2 = diffuse_irradiance(climate, light, ghi_w_m2, diffuse_rng)
    daily = _daily(ghi_w_m2) / _daily(light.extra_horizontal_w_m2)
    return Weather(
        utc=utc,
        step_s=SECONDS_PER_HOUR,
        ghi_w_m2=ghi_w_m2,
        dni_w_m2=beam_w_m2(light, ghi_w_m2, dhi_w_m2),
        dhi_w_m2=dhi_w_m2,
        temp_air_c=air_temperature(climate, daily, light.month_index, air_rng),
        wind_speed_m_s=wind_speed(climate, light.month_index, wind_rng),
        pressure_pa=np.full(utc.size, float(atmosphere.alt2pres(climate.altitude_m))),
        source=f"climate:{climate.name}",
        kind="synthetic year",
        latitude_deg=climate.latitude_deg,
        longitude_deg=climate.longitude_deg,
        altitude_m=climate.altitude_m,
        utc_offset_h=climate.utc_offset_h,
        filled_steps=0,
    )


def _centres(climate: MonthlyClimate) -> UtcArray:
    local = np.datetime64(f"{YEAR}-01-01T00:30:00") + np.arange(DAYS * HOURS) * np.timedelta64(1, "h")
    return np.asarray(local - np.timedelta64(round(climate.utc_offset_h * SECONDS_PER_HOUR), "s"))


def _light(climate: MonthlyClimate, utc: UtcArray) -> Light:
    site = Site(
        name=climate.name,
        latitude_deg=climate.latitude_deg,
        longitude_deg=climate.longitude_deg,
        altitude_m=climate.altitude_m,
        timezone="UTC",
    )
    day_of_year = (utc.astype("datetime64[D]") - utc.astype("datetime64[Y]")).astype(np.float64) + 1.0
    return Light(
        sine=cos_zenith(utc, site),
        extra_normal_w_m2=np.asarray(irradiance.get_extra_radiation(day_of_year), dtype=np.float64),
        month_index=month_at(utc, climate.utc_offset_h) - 1,
    )


def _daily(values: FloatArray) -> FloatArray:
    return np.asarray(values.reshape(-1, HOURS).sum(axis=1))
