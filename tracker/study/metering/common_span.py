"""The intervals that every record knows: everything is compared over those, and over no others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np

from tracker.errors import InvalidInput
from tracker.pv import Shade
from tracker.study.mountings.orientation import Orientation
from tracker.study.mountings.recorded import (
    LONGEST_BRIDGED_S,
    Recording,
    bridged,
    drive_known,
    off_sun_deg,
)
from tracker.study.setting import Setting, relit
from tracker.sun import SunPosition
from tracker.units import BoolArray
from tracker.weather.series import Weather

FAR_OFF_DEG: Final = 20.0  # chosen: further off on average than limits, stow and dead bands keep a tracker


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSummary:
    """What a record knows of the T intervals of a weather, and what of it counts.

    outside_steps lie before or after the record; in unknown_steps of daylight some head was silent for
    longer than bridged_s. Without drive_counted neither moves nor standby are in its net energy. off_sun_deg
    is the mean angle from the sun, None by night; notes are sentences without their full stop.
    """

    name: str
    source: str
    heads: int
    samples: int
    first_utc: str
    last_utc: str
    bridged_s: float
    outside_steps: int
    unknown_steps: int
    drive_counted: bool
    off_sun_deg: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommonSpan:
    """The intervals that every record knows: rows (T,) of the whole setting, and the setting of those alone.

    Everything is compared over them. What decides with a memory, or for a whole year, is oriented by the
    whole setting and `taken`.
    """

    whole: Setting
    rows: BoolArray
    setting: Setting
    records: tuple[RecordSummary, ...]

    @property
    def left_out_steps(self) -> int:
        """Intervals of the weather that some record does not know."""
        return int(np.sum(~self.rows))

    def taken(self, orientation: Orientation) -> Orientation:
        """An orientation of the whole setting over the common intervals."""
        if self.setting is self.whole:
            return orientation
        daylight = self.rows[self.whole.daylight.up]
        ideal, limited = orientation.ideal_normal_enu, orientation.limited_normal_enu
        return replace(
            orientation,
            normal_enu=orientation.normal_enu[..., self.rows, :],
            ideal_normal_enu=None if ideal is None else ideal[..., self.rows, :],
            limited_normal_enu=None if limited is None else limited[..., self.rows, :],
            drive_wh=orientation.drive_wh[self.rows],
            standby_w=orientation.standby_w[self.rows],
            tracking_h=None,  # counts of the whole series are not those of these intervals
            stowed_h=None,
            moves=None,
            stowed=None if orientation.stowed is None else orientation.stowed[self.rows],
            off_rms_deg=None if orientation.off_rms_deg is None else orientation.off_rms_deg[self.rows],
            shade=None if orientation.shade is None else _taken_shade(orientation.shade, daylight),
        )


def common_span(whole: Setting, recordings: Sequence[Recording]) -> CommonSpan:
    """The intervals that every record knows; all of them without records.

    Raises InvalidInput for names given twice, for tracks that are neither one nor one a head, and for
    records that have no interval in common with the weather or with each other.
    """
    if not recordings:
        everything = np.ones(whole.intervals, dtype=np.bool_)
        return CommonSpan(whole=whole, rows=everything, setting=whole, records=())
    _demand_names(recordings)
    summaries = tuple(_summary(recording, whole) for recording in recordings)
    rows = np.logical_and.reduce([_known(recording, whole) for recording in recordings])
    if not rows.any():
        sources = ", ".join(recording.source for recording in recordings)
        raise InvalidInput(
            f"{sources}: no interval of {whole.weather.source} is known to all heads; give samples closer "
            f"together (at most {LONGEST_BRIDGED_S / 60.0:.0f} min apart), or compare records one by one"
        )
    return CommonSpan(whole=whole, rows=rows, setting=_of_rows(whole, rows), records=summaries)


def _demand_names(recordings: Sequence[Recording]) -> None:
    names = [recording.name for recording in recordings]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"two records are called {name!r}; name them: --recorded PATH=NAME")


def _summary(recording: Recording, setting: Setting) -> RecordSummary:
    tracks, heads = recording.tracks, setting.plant.array.size
    if len(tracks) not in (1, heads):
        raise InvalidInput(
            f"{recording.source}: {len(tracks)} heads are recorded, the array has {heads}; record one that "
            "stands for all, or each of them"
        )
    outside = _outside(recording, setting.weather)
    if outside.all():
        raise InvalidInput(_apart(recording, setting.weather))
    known = _known(recording, setting)
    off_deg = off_sun_deg(recording, setting, known)
    return RecordSummary(
        name=recording.name,
        source=recording.source,
        heads=len(tracks),
        samples=sum(track.utc.size for track in tracks),
        first_utc=_text(min(track.utc[0] for track in tracks)),
        last_utc=_text(max(track.utc[-1] for track in tracks)),
        bridged_s=max(track.bridged_s for track in tracks),
        outside_steps=int(np.sum(outside)),
        unknown_steps=int(np.sum(~known & ~outside)),
        drive_counted=drive_known(recording),
        off_sun_deg=off_deg,
        notes=tuple(_notes(off_deg)),
    )


def _notes(off_deg: float | None) -> Iterator[str]:
    """What a record's angle from the sun says of it; a stuck head is far off too, so nothing is refused."""
    if off_deg is None:
        return
    yield f"it is {off_deg:.1f} deg off the sun on average while the sun is up" + (
        f", more than {FAR_OFF_DEG:g} deg: are its times' zone, its unit (degrees) and its convention "
        "(azimuth from north clockwise) right? If so, this is what the heads really did"
        if off_deg > FAR_OFF_DEG
        else ""
    )


def _apart(recording: Recording, weather: Weather) -> str:
    first = min(track.utc[0] for track in recording.tracks)
    last = max(track.utc[-1] for track in recording.tracks)
    return (
        f"{recording.source} was recorded from {_text(first)} to {_text(last)}, {weather.source} "
        f"({weather.kind}) holds {_text(weather.utc[0])} to {_text(weather.utc[-1])}: they have no interval "
        "in common; give weather measured in that time with --weather, or put the record under this weather "
        "date by date with --recorded-any-year"
    )


def _outside(recording: Recording, weather: Weather) -> BoolArray:
    """Intervals (T,) before the first or after the last sample of some head."""
    begins = max(track.utc[0] for track in recording.tracks)
    ends = min(track.utc[-1] for track in recording.tracks)
    return np.asarray((weather.utc < begins) | (weather.utc > ends))


def _known(recording: Recording, setting: Setting) -> BoolArray:
    """Intervals (T,) of the record in which every head's normal is known, or the sun is down."""
    near = [bridged(track, setting.weather.utc) for track in recording.tracks]
    seen = np.logical_and.reduce(near) | ~setting.daylight.up
    return np.asarray(seen & ~_outside(recording, setting.weather))


def _of_rows(setting: Setting, rows: BoolArray) -> Setting:
    """The setting of some intervals alone, with the sun as it was."""
    if rows.all():
        return setting
    sun = SunPosition(**{part.name: getattr(setting.sun, part.name)[rows] for part in fields(SunPosition)})
    weather = _rows_of_weather(setting.weather, rows)
    return relit(replace(setting, sun=sun, hidden=setting.hidden[rows]), weather=weather)


def _rows_of_weather(weather: Weather, rows: BoolArray) -> Weather:
    parts = ((part.name, getattr(weather, part.name)) for part in fields(Weather))
    arrays: dict[str, Any] = {name: part[rows] for name, part in parts if isinstance(part, np.ndarray)}
    return replace(weather, **arrays)


def _taken_shade(shade: Shade, daylight: BoolArray) -> Shade:
    return replace(
        shade,
        petals=shade.petals[daylight],
        sky=shade.sky[..., daylight],
        ground=shade.ground[..., daylight],
    )


def _text(utc: np.datetime64) -> str:
    return f"{np.datetime_as_string(utc.astype('datetime64[s]'))}Z"
