"""What goes into a decision and what comes out, as frozen values over H heads."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.aiming.diffuse import SkyTable
from tracker.aiming.shade_avoidance import AimTable
from tracker.decision.states import Event, State
from tracker.frames import AxisPose
from tracker.plant import Horizon, Limits, Safety
from tracker.ports.mount import HeadReadings
from tracker.ports.pointing import Pointing
from tracker.units import BoolArray, FloatArray

StateArray = NDArray[np.int8]

SAME_PLACE_DEG: Final = 0.1  # chosen: a hundred motor counts, a fifth of the sun's disk


class Order(IntEnum):
    """What the drive of a head is told in a tick; values are stored in journals."""

    NONE = 0
    MOVE = 1
    STOP = 2
    STOW = 3
    HOME = 4
    FLATTEN = 5
    ENABLE = 6
    DISABLE = 7
    CLEAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something a person asked for. Heads by index; the pose is for JOG alone."""

    event: Event
    heads: tuple[int, ...]
    azimuth_deg: float = np.nan
    elevation_deg: float = np.nan


PERSONS_EVENTS: Final = (
    Event.JOG,
    Event.HOME,
    Event.STOW,
    Event.CLEARED,
    Event.LOCK,
    Event.UNLOCK,
    Event.RELEASE,
    Event.STOP,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiffuseRules:
    """When to lean toward the zenith for diffuse light: see `tracker.decision.sky`. All but the table chosen.

    worth_w_m2: 3 W/m2 are 6 W of a head of 18 m2, and pay for a way of 40 deg and back in an hour.
    """

    table: SkyTable
    memory_s: float = 600.0
    worth_w_m2: float = 3.0
    least_stay_s: float = 600.0
    stale_after_s: float = 300.0
    lowest_sun_deg: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rules:
    """What does not change while an array runs. Angles are on the axes.

    dead_band_deg: a tracking head is sent on when an axis of its target is off by more; 0.1, chosen, loses
    some 1e-6 of the beam and spares the brakes. What does not follow the sun is led to within SAME_PLACE_DEG.
    settled_deg: within this of its target, or within the dead band, a tracking head counts as settled.
    day_starts_deg, day_ends_deg: apparent elevation of the sun at which tracking starts and ends; where a
    horizon is known, the start is also that high above it, and the end is when it has hidden the sun for
    hidden_for_s (chosen: the sun passes 3.75 deg of sky, a house or a tree, and a day's way is not undone).
    avoidance says how far to look past the sun to stay out of each other's shade; None: heads face the sun.
    diffuse says when to lean toward the zenith under clouds; None: never.
    """

    limits: Limits
    safety: Safety
    pointing: Pointing
    dead_band_deg: float = SAME_PLACE_DEG
    settled_deg: float = 0.15
    day_starts_deg: float = 0.5
    day_ends_deg: float = 0.0
    horizon: Horizon | None = None
    hidden_for_s: float = 900.0
    avoidance: AimTable | None = None
    diffuse: DiffuseRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """All that is seen in a tick; recorded whole, so that the tick can be decided again.

    sun_enu (3,) is the apparent sun now, aim_enu (3,) where it will be when the ordered move is half used.
    gust_m_s is NaN without a reading; wind_age_s counts from the reading, or from the start without one.
    ghi_w_m2 is the light on level ground, NaN without a reading, ghi_age_s its age as the wind's.
    Where heads do not share sun and weather, being at different places or on different days, these are
    (H, 3) and (H,), and so is the time.
    """

    sun_enu: FloatArray
    aim_enu: FloatArray
    gust_m_s: float | FloatArray
    wind_age_s: float | FloatArray
    heads: HeadReadings
    requests: tuple[Request, ...] = ()
    ghi_w_m2: float | FloatArray = np.nan
    ghi_age_s: float | FloatArray = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class WindLatch:
    """Set by a high gust or stale data, let go after a calm long enough; () for a site, or (H,)."""

    latched: BoolArray | np.bool_ = np.False_
    calm_since_s: FloatArray | float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class SunWatch:
    """Whether the sun is high enough to begin a day, whether the day is over, when it was last seen.

    () for a site, or (H,).
    """

    up: BoolArray | np.bool_ = np.False_
    down: BoolArray | np.bool_ = np.False_
    seen_s: FloatArray | float = -np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyWatch:
    """How far heads lean from the sun to the zenith, 0 to 1, and since when; the light that they do it for.

    level and across are averages as in `SkyTable` up to learnt_s, seen_s is when the last reading was
    measured. () for a site, or (H,).
    """

    leaning: FloatArray | float = 0.0
    level_w_m2: FloatArray | float = 0.0
    across_w_m2: FloatArray | float = 0.0
    learnt_s: FloatArray | float = -np.inf
    seen_s: FloatArray | float = -np.inf
    changed_s: FloatArray | float = -np.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MachineState:
    """What is remembered from tick to tick.

    heads (H,) are `State` values; held (H,): a person's stow, until released; clearing (H,): a person asked
    to clear the fault; jog (H,): where the hand wants it; commanded (H,): the last target sent as a MOVE;
    leans (H,): who is known to lean for diffuse light.
    """

    heads: StateArray
    held: BoolArray
    clearing: BoolArray
    wind: WindLatch
    sun: SunWatch
    sky: SkyWatch
    leans: BoolArray
    jog: AxisPose
    commanded: AxisPose

    @staticmethod
    def initial(heads: int) -> "MachineState":
        """Nothing known, nothing asked, nothing commanded."""
        unknown = AxisPose(azimuth_deg=np.full(heads, np.nan), elevation_deg=np.full(heads, np.nan))
        return MachineState(
            heads=np.full(heads, State.STARTING, dtype=np.int8),
            held=np.zeros(heads, dtype=np.bool_),
            clearing=np.zeros(heads, dtype=np.bool_),
            wind=WindLatch(),
            sun=SunWatch(),
            sky=SkyWatch(),
            leans=np.zeros(heads, dtype=np.bool_),
            jog=unknown,
            commanded=unknown,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """What every head shall do, and why; every array is (H,).

    reason is the event that changed the state, or what a tracking head turns to, -1 where there is none;
    limited, that travel keeps the head from where it would be; settled, that it tracks and points where it
    should; leaning, 0 to 1, how far from the sun to the zenith it looks for diffuse light, 0 where it does
    not track.
    """

    states: StateArray
    reason: NDArray[np.int8]
    orders: NDArray[np.int8]
    target: AxisPose
    limited: BoolArray
    settled: BoolArray
    leaning: FloatArray
