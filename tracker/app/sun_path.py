"""What the sun-path figure shows, gathered from the sun, the mount and the skyline."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tracker.aiming.limits import inside, reach
from tracker.frames import AxisPose, angle_between_deg, enu_from_azel
from tracker.plant import Array, Horizon, Limits, Plant, Site
from tracker.report.sun_paths import Mark, Paths, Reach, ShadedSky, SunPaths
from tracker.report.tables import ReportTables
from tracker.study.field_shade import shade_of
from tracker.sun import Sun, sun_days
from tracker.sun.rates import keyhole_edge_deg
from tracker.units import FloatArray, UtcArray
from tracker.weather.series import Weather

MONTHS: Final = {12: "Dec", 1: "Jan", 2: "Feb", 3: "Mar", 4: "Apr", 5: "May", 6: "Jun"}  # and back again
DAY_OF_MONTH: Final = 21  # of the solstices and, to a day, the equinoxes
STEP_S: Final = 300
SKY_CELL_DEG: Final = 5.0
SKY_RATE_DEG_H: Final = 15.0
ZENITH_DEG: Final = 3.0  # chosen: a keyhole of 0.5 deg/s is 0.5 deg wide
PASS_POINTS: Final = 61
WORD_DEG: Final = 6.0  # of sky that a date's name covers


def sun_paths(site: Site, year: int, limits: Limits | None, horizon: Horizon | None) -> SunPaths:
    """Paths of seven dates of a year, whole hours of the site's standard time, and what stands in the way.

    Raises ValueError for years that the sun does not support.
    """
    sun, days = (
        Sun(site),
        np.array([f"{year:04d}-{month:02d}-{DAY_OF_MONTH}" for month in MONTHS], dtype="datetime64[D]"),
    )
    transit = sun_days(days, sun).transit_utc
    half_day = np.arange(-12 * 3600, 12 * 3600 + 1, STEP_S).astype("timedelta64[s]")
    dates = _above_ground(sun, transit[:, np.newaxis] + half_day)
    marks, offset = _date_marks(dates), _standard_offset(site.timezone, year)
    hours = np.arange(24).astype("timedelta64[h]")
    by_hour = _above_ground(sun, (days + hours[:, np.newaxis] - offset).astype("datetime64[us]"))
    edge = np.arange(0.0, 361.0)
    return SunPaths(
        title=_title(site, offset),
        dates=dates,
        date_marks=marks,
        hours=by_hour,
        hour_marks=_hour_marks(by_hour, marks),
        skyline=None if horizon is None else _skyline(horizon, edge),
        reach=None if limits is None else _reach(site.latitude_deg, limits, edge),
        near_zenith=_near_zenith(sun, year),
        zenith_radius_deg=ZENITH_DEG,
    )


def with_paths(tables: ReportTables, plant: Plant, weather: Weather) -> ReportTables:
    """A report's tables with the sun's paths in the weather's first year, and what shades the heads."""
    paths = sun_paths(plant.site, int(weather.local_year[0]), plant.array.mount.limits, plant.horizon)
    return replace(tables, sun_paths=replace(paths, shaded=_shaded_sky(plant.array)))


def _shaded_sky(array: Array) -> ShadedSky | None:
    """The mean shaded share of heads that face a sun in each cell's middle; None where nothing shades."""
    azimuth_deg = np.arange(0.0, 361.0, SKY_CELL_DEG)
    elevation_deg = np.arange(0.0, 90.1, SKY_CELL_DEG)
    middles = (edges[:-1] + SKY_CELL_DEG / 2.0 for edges in (azimuth_deg, elevation_deg))
    suns = enu_from_azel(*np.meshgrid(*middles, indexing="ij")).reshape(-1, 3)
    shade = shade_of(array, None, suns, suns)
    if shade is None:
        return None
    share = np.mean(shade.petals, axis=(1, 2)).reshape(azimuth_deg.size - 1, -1)
    return ShadedSky(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg, share=share)


def _above_ground(sun: Sun, utc: UtcArray) -> Paths:
    seen = sun.position(utc)
    shown = np.where(seen.apparent_elevation_deg >= 0.0, seen.apparent_elevation_deg, np.nan)
    return Paths(azimuth_deg=seen.azimuth_deg, elevation_deg=shown)


def _near_zenith(sun: Sun, year: int) -> Paths | None:
    """The paths of the days on which the sun comes near the zenith; None where it never does."""
    days = np.arange(f"{year:04d}-01-01", f"{year + 1:04d}-01-01", dtype="datetime64[D]")
    transit = sun_days(days, sun).transit_utc
    near_h = 1.1 * ZENITH_DEG / (SKY_RATE_DEG_H * np.cos(np.radians(23.5)))
    around_s = np.linspace(-near_h, near_h, PASS_POINTS) * 3600.0
    seen = sun.position(transit[:, np.newaxis] + around_s.astype("timedelta64[s]"))
    comes = seen.apparent_elevation_deg.max(axis=1) > 90.0 - ZENITH_DEG
    if not comes.any():
        return None
    return Paths(azimuth_deg=seen.azimuth_deg[comes], elevation_deg=seen.apparent_elevation_deg[comes])


def _date_marks(dates: Paths) -> tuple[Mark, ...]:
    """Each date's name at its path, an eighth of the visible way from an end, neighbours at the two ends."""
    marks = []
    lines = zip(MONTHS.values(), dates.azimuth_deg, dates.elevation_deg, strict=True)
    for number, (name, azimuth, elevation) in enumerate(lines):
        visible = np.flatnonzero(np.isfinite(elevation))
        if visible.size:
            from_end = visible.size // 8
            at = visible[from_end if number % 2 else -1 - from_end]
            marks.append(_mark(azimuth[at], elevation[at], f"{DAY_OF_MONTH} {name}"))
    return tuple(marks)


def _hour_marks(hours: Paths, taken: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Each hour's number at the lowest point of its line, where no date stands already."""
    marks = []
    for hour, (azimuth, elevation) in enumerate(zip(hours.azimuth_deg, hours.elevation_deg, strict=True)):
        if np.isfinite(elevation).any():
            at = int(np.nanargmin(elevation))
            marks.append(_mark(azimuth[at], elevation[at], f"{hour}"))
    return tuple(mark for mark in marks if all(_apart_deg(mark, other) > WORD_DEG for other in taken))


def _apart_deg(one: Mark, other: Mark) -> float:
    directions = (enu_from_azel(mark.azimuth_deg, mark.elevation_deg) for mark in (one, other))
    return float(angle_between_deg(*directions))


def _title(site: Site, offset: np.timedelta64) -> str:
    place = f"{site.latitude_deg:.4f}, {site.longitude_deg:.4f}"
    return f"Sun paths at {site.name} ({place}); hours {_zone_name(offset)}"


def _mark(azimuth_deg: float, elevation_deg: float, text: str) -> Mark:
    return Mark(azimuth_deg=float(azimuth_deg), elevation_deg=float(elevation_deg), text=text)


def _skyline(horizon: Horizon, azimuth_deg: FloatArray) -> Paths:
    return Paths(
        azimuth_deg=azimuth_deg[np.newaxis], elevation_deg=horizon.elevation_at_deg(azimuth_deg)[np.newaxis]
    )


def _reach(latitude_deg: float, limits: Limits, azimuth_deg: FloatArray) -> Reach:
    """Where the mount cannot face, by the limits that the controller keeps to."""
    elevation_deg = np.linspace(0.0, 90.0, 181)
    wanted_azimuth, wanted_elevation = np.meshgrid(azimuth_deg, elevation_deg, indexing="ij")
    wanted = AxisPose(azimuth_deg=wanted_azimuth, elevation_deg=wanted_elevation)
    got = reach(wanted, wanted, limits)
    turned_deg = (got.azimuth_deg - wanted_azimuth) % 360.0
    there = np.isclose(turned_deg, 0.0) | np.isclose(turned_deg, 360.0)
    there &= np.isclose(got.elevation_deg, wanted_elevation) & inside(got, limits)
    return Reach(
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        unreachable=~there,
        keyhole_edge_deg=keyhole_edge_deg(azimuth_deg, latitude_deg, limits.azimuth_rate_deg_s),
        azimuth_rate_deg_s=limits.azimuth_rate_deg_s,
    )


def _standard_offset(timezone: str, year: int) -> np.timedelta64:
    """Of the zone's winter time, so that summer time does not bend the lines of hours."""
    winters = (datetime(year, month, 1, tzinfo=ZoneInfo(timezone)).utcoffset() for month in (1, 7))
    return np.timedelta64(min(offset for offset in winters if offset is not None), "s")


def _zone_name(offset: np.timedelta64) -> str:
    minutes = int(offset / np.timedelta64(1, "m"))
    if minutes == 0:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:d}:{abs(minutes) % 60:02d}"
