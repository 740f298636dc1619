"""What heads really did: recorded normals as a mounting like any other."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.frames import angle_between_deg
from tracker.study.metering.calendar_shift import in_year_of
from tracker.study.mountings.orientation import Orientation, without_cost
from tracker.study.setting import Setting
from tracker.units import BoolArray, FloatArray, IntArray, UtcArray
from tracker.weather.series import Weather

RECORDED: Final = "recorded"
LEVEL: Final = np.array([0.0, 0.0, 1.0])
BRIDGED_S: Final = 900.0  # chosen: the sun moves by 4 deg in it; slower recorders by their own pace:
BRIDGED_PACES: Final = 1.5  # one sample of a regular recorder may not be missing ...
LONGEST_BRIDGED_S: Final = 5400.0  # ... and what is known less than hourly is not known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """Where one head's panel looked: unit normals (N, 3) at N ascending times, each of them known.

    drive_wh (N,) is what the head's moves took since the sample before; None where nobody knows.
    """

    utc: UtcArray
    normal_enu: FloatArray
    drive_wh: FloatArray | None = None

    @property
    def bridged_s(self) -> float:
        """Samples further apart than this leave unknown what is between them."""
        pace_s = float(np.median(np.diff(seconds(self.utc)))) if self.utc.size > 1 else 0.0
        return min(max(BRIDGED_S, BRIDGED_PACES * pace_s), LONGEST_BRIDGED_S)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """A named record: one track that stands for all heads, or one for each in the array's order."""

    name: str
    source: str
    tracks: tuple[Track, ...]


def recorded_orientation(recording: Recording, setting: Setting) -> Orientation:
    """As recorded, over a setting whose intervals are all known; shaded as heads are.

    Between samples the normal turns at an even pace along the great circle; at night it does not matter.
    """
    normals = [_normals(track, setting) for track in recording.tracks]
    normal_enu = normals[0] if len(normals) == 1 else np.stack(normals)
    orientation = replace(without_cost(LEVEL, setting.intervals), normal_enu=normal_enu)
    orientation = replace(orientation, shade=setting.shade_on(normal_enu), on_heads=True)
    if not drive_known(recording):
        return orientation
    mount = setting.plant.array.mount
    return replace(
        orientation,
        drive_wh=np.mean([_drive_wh(track, setting.weather) for track in recording.tracks], axis=0),
        standby_w=np.full(setting.intervals, mount.standby_power_w),
    )


def off_sun_deg(recording: Recording, setting: Setting, rows: BoolArray) -> float | None:
    """Mean angle from sun to normals, over heads and those intervals (T,) with the sun up; None by night."""
    lit = rows & setting.daylight.up
    if not lit.any():
        return None
    sun_enu = setting.sun.direction_enu[lit]
    off = [angle_between_deg(_normals(track, setting)[lit], sun_enu) for track in recording.tracks]
    return float(np.mean(off))


def is_recorded(name: str) -> bool:
    """Whether a row of that name was recorded rather than modelled."""
    return name == RECORDED or name.startswith(f"{RECORDED}:")


def in_weather_year(recording: Recording, weather: Weather) -> Recording:
    """The same record moved, date by date, into the one calendar year of a weather.

    Raises InvalidInput as `calendar_shift.in_year_of` does.
    """

    def moved(track: Track) -> Track:
        utc = in_year_of(track.utc, weather, recording.source)
        kept = np.flatnonzero(~np.isnat(utc))
        order = kept[np.argsort(utc[kept], kind="stable")]
        drive_wh = None if track.drive_wh is None else track.drive_wh[order]
        return Track(utc=utc[order], normal_enu=track.normal_enu[order], drive_wh=drive_wh)

    return replace(recording, tracks=tuple(moved(track) for track in recording.tracks))


def bridged(track: Track, utc: UtcArray) -> BoolArray:
    """Times (T,) that are those of a sample, or lie between two that are near each other."""
    at, times = seconds(utc), seconds(track.utc)
    before, after = _around(times, at)
    inside = (at >= times[0]) & (at <= times[-1])
    exact = (at == times[before]) | (at == times[after])
    return np.asarray(inside & (exact | (times[after] - times[before] <= track.bridged_s)))


def _normals(track: Track, setting: Setting) -> FloatArray:
    """Normals (T, 3) at the intervals' centres; level at night, where nobody may have recorded any."""
    at, times = seconds(setting.weather.utc), seconds(track.utc)
    before, after = _around(times, at)
    span_s = times[after] - times[before]
    share = np.divide(at - times[before], span_s, out=np.zeros_like(at), where=span_s > 0.0)
    turned = _turned(track.normal_enu[before], track.normal_enu[after], np.clip(share, 0.0, 1.0))
    return np.where(setting.daylight.up[:, None], turned, LEVEL)


def _around(times: FloatArray, at: FloatArray) -> tuple[IntArray, IntArray]:
    """The samples before and after each time (T,); the outermost ones outside."""
    before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, times.size - 1)
    return before, np.minimum(before + 1, times.size - 1)


def _turned(from_enu: FloatArray, to_enu: FloatArray, share: FloatArray) -> FloatArray:
    """Part of the way (T,) along the great circle between unit vectors (T, 3): Shoemake (1985), slerp."""
    angle_rad = 2.0 * np.arctan2(
        np.linalg.norm(to_enu - from_enu, axis=-1), np.linalg.norm(to_enu + from_enu, axis=-1)
    )
    sine = np.sin(angle_rad)
    apart = sine > 1e-9  # nearer, or opposite, the straight line will do: it is as short, or as arbitrary
    safe = np.where(apart, sine, 1.0)
    first = np.where(apart, np.sin((1.0 - share) * angle_rad) / safe, 1.0 - share)
    second = np.where(apart, np.sin(share * angle_rad) / safe, share)
    return np.asarray(first[:, None] * from_enu + second[:, None] * to_enu)


def drive_known(recording: Recording) -> bool:
    """Whether it tells what every head's moves took."""
    return all(track.drive_wh is not None for track in recording.tracks)


def _drive_wh(track: Track, weather: Weather) -> FloatArray:
    """What the moves took in each interval (T,), even between samples."""
    spent_wh = np.cumsum(np.zeros(track.utc.size) if track.drive_wh is None else track.drive_wh)
    at, times = seconds(weather.utc), seconds(track.utc)
    begins, ends = (np.interp(at + side * weather.step_s / 2.0, times, spent_wh) for side in (-1.0, 1.0))
    return np.asarray(ends - begins)


def seconds(utc: UtcArray) -> FloatArray:
    """Seconds since 1970 of times, any shape."""
    return utc.astype("datetime64[ms]").astype(np.float64) / 1000.0
