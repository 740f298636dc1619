"""Weather where nobody has a file: pvlib's clear sky, alone or dimmed as a monthly climate table has it."""

import warnings
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from pvlib import atmosphere, clearsky

from tracker.errors import InvalidWeather
from tracker.plant import Site
from tracker.pv.daylight import extraterrestrial_w_m2
from tracker.study.sweeps.places import CLEAR_SKY_KIND, Place
from tracker.sun import sun_position
from tracker.sun.observer import standard_pressure_pa
from tracker.units import MONTHS_PER_YEAR, SECONDS_PER_HOUR, FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather, month_at
from tracker.weather.synthetic.climate import synthetic_year
from tracker.weather.synthetic.climates import MonthlyClimate, climate_named

YEAR: Final = "2022"  # as for typical years
HOURS: Final = 8760
HORIZON_DEG: Final = 90.0
SEA_LEVEL_C: Final = 15.0  # of the standard atmosphere
LAPSE_C_M: Final = 0.0065  # ibid.
LARGEST_MOVE_KM: Final = 1000.0  # chosen: a province and its neighbours; beyond, the seasons' clouds differ
EARTH_RADIUS_KM: Final = 6371.0


def clear_year(place: Place, utc_offset_h: float) -> Weather:
    """A cloudless year: Ineichen and Perez (2002) with pvlib's monthly maps of Linke turbidity.

    An upper bound of what a place can yield. Air as in the standard atmosphere at the altitude, wind unknown.
    """
    utc = _centres(utc_offset_h)
    sky = _clear_sky(place.latitude_deg, place.longitude_deg, place.altitude_m, utc_offset_h)
    return Weather(
        utc=utc,
        step_s=SECONDS_PER_HOUR,
        ghi_w_m2=sky[0],
        dni_w_m2=sky[1],
        dhi_w_m2=sky[2],
        temp_air_c=np.full(HOURS, SEA_LEVEL_C - LAPSE_C_M * place.altitude_m),
        wind_speed_m_s=np.full(HOURS, np.nan),
        pressure_pa=np.full(HOURS, float(standard_pressure_pa(place.altitude_m))),
        source="clear-sky",
        kind=CLEAR_SKY_KIND,
        latitude_deg=place.latitude_deg,
        longitude_deg=place.longitude_deg,
        altitude_m=place.altitude_m,
        utc_offset_h=utc_offset_h,
        filled_steps=0,
    )


def moved_year(place: Place, name: str, utc_offset_h: float) -> Weather:
    """A synthetic year of a climate table moved here: each month's light as it is there to the clear sky's.

    Temperatures change by the standard lapse rate. Raises InvalidWeather farther than LARGEST_MOVE_KM.
    """
    table = climate_named(name)
    distance_km = _distance_km(place, table)
    if distance_km > LARGEST_MOVE_KM:
        raise InvalidWeather(
            f"{place.name}: {distance_km:,.0f} km from climate:{name}, at most {LARGEST_MOVE_KM:,g} km is "
            "moved; give clear-sky, or a table of sites with a weather file each"
        )
    here = _monthly_clear(place.latitude_deg, place.longitude_deg, place.altitude_m, utc_offset_h)
    there = _monthly_clear(table.latitude_deg, table.longitude_deg, table.altitude_m, table.utc_offset_h)
    brighter = here / there
    cooler_c = LAPSE_C_M * (place.altitude_m - table.altitude_m)
    year = synthetic_year(
        replace(
            table,
            latitude_deg=place.latitude_deg,
            longitude_deg=place.longitude_deg,
            altitude_m=place.altitude_m,
            utc_offset_h=utc_offset_h,
            temp_air_c=tuple(month_c - cooler_c for month_c in table.temp_air_c),
            ghi_kwh_m2=_times(table.ghi_kwh_m2, brighter[0]),
            dni_kwh_m2=_times(table.dni_kwh_m2, brighter[1]),
            dhi_kwh_m2=_times(table.dhi_kwh_m2, brighter[0]),
        )
    )
    return replace(year, source=f"climate:{name} moved {distance_km:.0f} km")


def _times(monthly: tuple[float, ...], factors: FloatArray) -> tuple[float, ...]:
    return tuple((np.array(monthly) * factors).tolist())


@cache
def _months(utc_offset_h: float) -> IntArray:
    return month_at(_centres(utc_offset_h), utc_offset_h) - 1


def _monthly_clear(
    latitude_deg: float, longitude_deg: float, altitude_m: float, utc_offset_h: float
) -> FloatArray:
    """Clear-sky GHI and DNI by month, (2, 12)."""
    sky = _clear_sky(latitude_deg, longitude_deg, altitude_m, utc_offset_h)
    months = _months(utc_offset_h)
    return np.stack([np.bincount(months, weights=light, minlength=MONTHS_PER_YEAR) for light in sky[:2]])


def _clear_sky(
    latitude_deg: float, longitude_deg: float, altitude_m: float, utc_offset_h: float
) -> FloatArray:
    """GHI, DNI and DHI of hours, (3, T)."""
    utc = _centres(utc_offset_h)
    site = Site(
        name="", latitude_deg=latitude_deg, longitude_deg=longitude_deg, altitude_m=altitude_m, timezone="UTC"
    )
    zenith_deg = 90.0 - sun_position(utc, site).apparent_elevation_deg
    up = zenith_deg < HORIZON_DEG
    utc, zenith_deg = utc[up], zenith_deg[up]
    air_mass = atmosphere.get_absolute_airmass(
        atmosphere.get_relative_airmass(zenith_deg), float(standard_pressure_pa(altitude_m))
    )
    days = (utc.astype("datetime64[D]") - utc.astype("datetime64[Y]")).astype(np.float64) + 1.0
    turbidity = _turbidity(utc, latitude_deg, longitude_deg)
    sky = clearsky.ineichen(zenith_deg, air_mass, turbidity, altitude_m, extraterrestrial_w_m2(days))
    light = np.zeros((3, HOURS))
    light[:, up] = [sky[name] for name in ("ghi", "dni", "dhi")]
    return light


def _turbidity(utc: UtcArray, latitude_deg: float, longitude_deg: float) -> FloatArray:
    times = pd.DatetimeIndex(utc).tz_localize("UTC")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, for pvlib to heed
        found = clearsky.lookup_linke_turbidity(times, latitude_deg, longitude_deg)
    return np.asarray(found, dtype=np.float64)


def _centres(utc_offset_h: float) -> UtcArray:
    local = np.datetime64(f"{YEAR}-01-01T00:30:00") + np.arange(HOURS) * np.timedelta64(1, "h")
    return np.asarray(local - np.timedelta64(round(utc_offset_h * SECONDS_PER_HOUR), "s"))


def _distance_km(place: Place, table: MonthlyClimate) -> float:
    """Along the great circle, by the haversine formula."""
    lat_1, lat_2 = np.radians([place.latitude_deg, table.latitude_deg])
    half_lat, half_lon = (lat_2 - lat_1) / 2.0, np.radians(place.longitude_deg - table.longitude_deg) / 2.0
    chord = np.sin(half_lat) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin(half_lon) ** 2
    return float(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))
