"""How far heads lean from the sun toward the zenith for the light of clouds, and for how long.

What the sky is like is averaged over memory_s, light for light, so that sun and clouds in turn count
as what they bring: heads do not chase clouds. They lean anew where that brings worth_w_m2 more than how
they stand, and no sooner than least_stay_s after the last time. A sensor that is silent for stale_after_s
counts as no clouds: heads face the sun, once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.aiming.diffuse import TiltLight
from tracker.decision.states import TRACKS_IN, Event
from tracker.decision.values import DiffuseRules, Inputs, MachineState, Rules, SkyWatch, StateArray
from tracker.frames import elevation_deg
from tracker.units import BoolArray, FloatArray

DIFFUSE, DIRECT = np.int8(Event.DIFFUSE), np.int8(Event.DIRECT)


def sky_after(watch: SkyWatch, inputs: Inputs, now_s: ArrayLike, rules: DiffuseRules) -> SkyWatch:
    """What is known of the clouds after this tick, and how far to lean for them; a night forgets it all.

    While the sun is low nothing is learnt and nothing changed: a pyranometer tells little then.
    """
    now_s, sun_deg = np.asarray(now_s, dtype=np.float64), elevation_deg(inputs.sun_enu)
    known = np.isfinite(inputs.ghi_w_m2) & np.less_equal(inputs.ghi_age_s, rules.stale_after_s)
    judged = known & (sun_deg >= rules.lowest_sun_deg)
    sky = _averaged(watch, rules.table.light(sun_deg, inputs.ghi_w_m2), now_s, rules.memory_s)
    may_change = judged & (now_s - watch.changed_s >= rules.least_stay_s)
    leaning = np.where(may_change, _wanted(watch.leaning, sky, 90.0 - sun_deg, rules), watch.leaning)
    seen_s = np.where(known, now_s - inputs.ghi_age_s, watch.seen_s)
    leaning = np.where(now_s - seen_s > rules.stale_after_s, 0.0, leaning)
    changed_s = np.where(leaning != watch.leaning, now_s, watch.changed_s)
    night, forgotten = sun_deg < 0.0, SkyWatch()

    def by_day(at_night: FloatArray | float, value: FloatArray) -> FloatArray:
        return np.where(night, at_night, value)

    return SkyWatch(
        leaning=by_day(forgotten.leaning, leaning),
        level_w_m2=by_day(forgotten.level_w_m2, np.where(judged, sky.level_w_m2, watch.level_w_m2)),
        across_w_m2=by_day(forgotten.across_w_m2, np.where(judged, sky.across_w_m2, watch.across_w_m2)),
        learnt_s=by_day(forgotten.learnt_s, np.where(judged, now_s, watch.learnt_s)),
        seen_s=by_day(forgotten.seen_s, seen_s),
        changed_s=by_day(forgotten.changed_s, changed_s),
    )


def _averaged(watch: SkyWatch, seen: TiltLight, now_s: FloatArray, memory_s: float) -> TiltLight:
    """The sky so far with what is seen now, old light fading exponentially; the first sight counts whole."""
    share = 1.0 - np.exp(-(now_s - watch.learnt_s) / memory_s)
    return TiltLight(
        level_w_m2=(1.0 - share) * watch.level_w_m2 + share * seen.level_w_m2,
        across_w_m2=(1.0 - share) * watch.across_w_m2 + share * seen.across_w_m2,
    )


def _wanted(leaning: ArrayLike, sky: TiltLight, zenith_deg: FloatArray, rules: DiffuseRules) -> FloatArray:
    """How far to lean: as is best for this sky, or not at all, or as before, by what is worth a move."""
    best = sky.best(zenith_deg)
    pays = sky.at(best, zenith_deg) - sky.at(0.0, zenith_deg) > rules.worth_w_m2
    best = np.where(pays, best, 0.0)
    better = sky.at(best, zenith_deg) - sky.at(leaning, zenith_deg) > rules.worth_w_m2
    return np.where(better, best, leaning)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lean:
    """How far heads (H,) lean, who is known to, and the reasons of the tick with who begins or ends it."""

    leaning: FloatArray
    known: BoolArray
    reason: NDArray[np.int8]


def lean_of(state: MachineState, states: StateArray, reason: NDArray[np.int8], rules: Rules) -> Lean:
    """What the sky of this tick means to heads in these states.

    A head that changes its state tells that first, and in the next tick that it leans.
    """
    if rules.diffuse is None:
        return Lean(leaning=np.zeros(states.shape), known=state.leans, reason=reason)
    tracking = TRACKS_IN[states]
    leaning = tracking * np.asarray(state.sky.leaning)
    quiet, leans = tracking & (reason < 0), leaning > 0.0
    told = np.where(quiet & (leans != state.leans), np.where(leans, DIFFUSE, DIRECT), reason)
    return Lean(leaning=leaning, known=np.where(quiet, leans, state.leans & tracking), reason=told)
