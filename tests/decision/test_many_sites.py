"""Heads that share neither sun, wind nor time, in one call."""

import numpy as np
import pytest

from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Inputs, MachineState
from tracker.frames import enu_from_azel


@pytest.mark.parametrize("seed", range(5))
def test_heads_at_different_places_and_times_decide_as_each_would_alone(site_rules, still_heads, seed):
    """One call for many sites or many days gives, to the bit, what a call for each gives."""
    random = np.random.default_rng(seed)
    count, ticks = 24, 40
    shape = (ticks, count)
    sun = enu_from_azel(random.uniform(60, 300, shape), random.uniform(-5, 70, shape))
    gust_m_s = random.choice([3.0, 9.0, 14.0, np.nan], size=shape, p=[0.8, 0.1, 0.05, 0.05])
    age_s = np.where(np.isnan(gust_m_s), np.inf, random.uniform(0, 10.05, shape))
    start_s = random.uniform(0.0, 1e5, count)
    together, alone = MachineState.initial(count), [MachineState.initial(1) for _ in range(count)]
    states_seen = set()
    for tick in range(ticks):
        now_s = start_s + 600.0 * tick
        seen = Inputs(
            sun_enu=sun[tick],
            aim_enu=sun[tick],
            gust_m_s=gust_m_s[tick],
            wind_age_s=age_s[tick],
            heads=still_heads(count),
        )
        together, decided = step(together, seen, now_s, site_rules)
        states_seen |= set(decided.states.tolist())
        for head in range(count):
            one = Inputs(
                sun_enu=sun[tick, head],
                aim_enu=sun[tick, head],
                gust_m_s=float(gust_m_s[tick, head]),
                wind_age_s=float(age_s[tick, head]),
                heads=still_heads(1),
            )
            alone[head], single = step(alone[head], one, float(now_s[head]), site_rules)
            for name in ("states", "orders", "reason", "limited", "settled"):
                assert getattr(single, name)[0] == getattr(decided, name)[head], name
            assert single.target.azimuth_deg[0] == decided.target.azimuth_deg[head]
            assert single.target.elevation_deg[0] == decided.target.elevation_deg[head]
    assert {State.TRACKING, State.NIGHT, State.STOWED} <= states_seen
