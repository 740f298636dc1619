"""Which days make the gain: each local day by how clear its sky was."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.pv.daylight import extraterrestrial_on
from tracker.study.gain.uncertainty import gain_percent
from tracker.study.setting import Setting
from tracker.units import BoolArray, FloatArray, IntArray
from tracker.weather.series import Weather, standard_time

SKIES: Final = ("overcast", "mixed", "clear")
OVERCAST_DIFFUSE: Final = 0.8  # more of a day's light than this is diffuse
CLEAR_DIFFUSE, CLEAR_INDEX = 0.3, 0.6  # less of it is, and more of what the air could let through arrives


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClass:
    """The days of one kind of sky: how many, what two mountings yield in them, the gain between the two.

    share_percent is of all days; the gain is None where the baseline yields nothing.
    """

    sky: str
    days: int
    share_percent: float
    of_kwh: float
    over_kwh: float
    gain_percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """N local days: which of them each interval belongs to (T,), their class (N,), an index into SKIES."""

    of_interval: IntArray
    sky: IntArray

    def energy_kwh(self, energy_wh: FloatArray) -> FloatArray:
        """Sums (N,) of energies (T,)."""
        return np.bincount(self.of_interval, weights=energy_wh, minlength=self.sky.size) / 1000.0


def local_days(weather: Weather) -> tuple[IntArray, IntArray]:
    """Which of N local days each interval belongs to (T,), and each day's first interval (N,)."""
    dates = standard_time(weather.utc, weather.utc_offset_h).astype("datetime64[D]")
    _, first, day = np.unique(dates, return_index=True, return_inverse=True)
    return day, first


def days_of(setting: Setting) -> Days:
    """Every local day with its class, from its diffuse fraction and clearness index.

    Both are those of the day's sums, after Liu and Jordan (1960). Days without any light are overcast.
    """
    weather = setting.weather
    day, _ = local_days(weather)
    level = np.maximum(setting.sun.direction_enu[:, 2], 0.0)
    outside = np.bincount(day, weights=level * extraterrestrial_on(weather.utc))
    light, diffuse = (np.bincount(day, weights=part) for part in (weather.ghi_w_m2, weather.dhi_w_m2))
    clear = (diffuse < CLEAR_DIFFUSE * light) & (light > CLEAR_INDEX * outside)
    overcast = diffuse >= OVERCAST_DIFFUSE * light
    return Days(of_interval=day, sky=np.select([overcast, clear], [0, 2], default=1))


def by_sky(days: Days, of_wh: FloatArray, over_wh: FloatArray) -> tuple[DayClass, ...]:
    """The classes that occur, dullest first, for the net energies (T,) of two mountings."""
    of_kwh, over_kwh = days.energy_kwh(of_wh), days.energy_kwh(over_wh)
    return tuple(
        _class(name, days.sky == number, of_kwh, over_kwh)
        for number, name in enumerate(SKIES)
        if np.any(days.sky == number)
    )


def reached_share_percent(days: Days, of_wh: FloatArray, over_wh: FloatArray, percent: float) -> float:
    """Share of days on which one mounting yields at least so much more than the other, percent of all."""
    of_kwh, over_kwh = days.energy_kwh(of_wh), days.energy_kwh(over_wh)
    reached = (over_kwh > 0.0) & (of_kwh >= over_kwh * (1.0 + percent / 100.0))
    return 100.0 * float(np.mean(reached))


def _class(name: str, which: BoolArray, of_kwh: FloatArray, over_kwh: FloatArray) -> DayClass:
    of, over = float(np.sum(of_kwh[which])), float(np.sum(over_kwh[which]))
    return DayClass(
        sky=name,
        days=int(np.sum(which)),
        share_percent=100.0 * float(np.mean(which)),
        of_kwh=of,
        over_kwh=over,
        gain_percent=gain_percent(of, over) if over > 0.0 else None,
    )
