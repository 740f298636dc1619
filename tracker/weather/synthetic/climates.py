"""Climates that ship with the program, as monthly tables."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.errors import InvalidWeather


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyClimate:
    """Twelve months of a place, January first: insolation sums, and means and scatter of the rest.

    clearness_std and temp_air_std_c are of daily means within a month, wind_std_m_s of hourly means; the
    lags are correlations of one day with the next, wind_lag1 of one hour with the next.
    """

    name: str
    source: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    utc_offset_h: float
    ghi_kwh_m2: tuple[float, ...]
    dni_kwh_m2: tuple[float, ...]
    dhi_kwh_m2: tuple[float, ...]
    clearness_std: tuple[float, ...]
    clearness_lag1: float
    temp_air_c: tuple[float, ...]
    temp_air_std_c: tuple[float, ...]
    temp_air_lag1: float
    wind_speed_m_s: tuple[float, ...]
    wind_std_m_s: tuple[float, ...]
    wind_lag1: float


# Lags: those within the months of the file (0.39, 0.64) plus what removing a mean over 30 days takes away;
# the wind's fits its correlation over 1 h (0.85) and 6 h (0.52).
SHENZHEN: Final = MonthlyClimate(
    name="shenzhen",
    source="monthly statistics of the SWERA typical year, Shenzhen 594930 (UNEP/NREL), modelled radiation",
    latitude_deg=22.55,
    longitude_deg=114.10,
    altitude_m=18.0,
    utc_offset_h=8.0,
    ghi_kwh_m2=(98.9, 91.5, 116.1, 129.0, 147.7, 146.4, 153.9, 149.5, 131.9, 131.9, 110.7, 102.1),
    dni_kwh_m2=(69.4, 41.3, 34.7, 41.5, 49.3, 56.1, 72.8, 74.6, 76.2, 101.9, 89.9, 86.4),
    dhi_kwh_m2=(59.3, 64.8, 90.0, 96.6, 108.0, 102.5, 98.4, 92.8, 78.5, 66.7, 56.6, 54.5),
    clearness_std=(0.139, 0.144, 0.111, 0.098, 0.110, 0.099, 0.104, 0.096, 0.108, 0.130, 0.125, 0.141),
    clearness_lag1=0.46,
    temp_air_c=(15.3, 15.1, 19.9, 21.9, 26.7, 27.9, 28.4, 27.9, 27.7, 24.1, 21.6, 18.0),
    temp_air_std_c=(3.05, 3.25, 3.86, 2.91, 2.10, 1.49, 1.48, 1.00, 1.35, 3.21, 2.04, 2.21),
    temp_air_lag1=0.72,
    wind_speed_m_s=(2.7, 3.2, 3.2, 2.6, 3.1, 1.6, 2.3, 1.8, 2.8, 2.5, 2.3, 3.3),
    wind_std_m_s=(1.59, 1.55, 1.60, 1.65, 1.60, 1.50, 2.26, 1.95, 1.27, 1.90, 1.38, 1.56),
    wind_lag1=0.88,
)

CLIMATES: Final[Mapping[str, MonthlyClimate]] = {climate.name: climate for climate in (SHENZHEN,)}


def climate_named(name: str) -> MonthlyClimate:
    """A climate that ships with the program; InvalidWeather with the nearest name and the list otherwise."""
    if name in CLIMATES:
        return CLIMATES[name]
    near = difflib.get_close_matches(name, CLIMATES, n=1, cutoff=0.0)
    raise InvalidWeather(
        f"climate:{name}: no such climate; the nearest name is climate:{near[0]}, "
        f"known are {', '.join(sorted(CLIMATES))}; or give the path of a weather file"
    )
