"""When heads lean for the light of clouds, when they do not, and who has the last word."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.decision.machine import step
from tracker.decision.states import Event, State
from tracker.decision.values import PERSONS_EVENTS, DiffuseRules, Inputs, MachineState, Order
from tracker.frames import elevation_deg, enu_from_azel
from tracker.study.driven.sky_table import sky_table

SUN_DEG = 40.0
OUTSIDE_W_M2 = 1366.1 * np.sin(np.radians(SUN_DEG))
OVERCAST_W_M2, CLEAR_W_M2 = 0.15 * OUTSIDE_W_M2, 0.72 * OUTSIDE_W_M2


@pytest.fixture
def clouds(field_of):
    """Heads that track at 40 deg under a sky that a pyranometer tells of, minute by minute."""

    class Clouds:
        def __init__(self, diffuse=None):
            rules = field_of().rules
            self.diffuse = diffuse or DiffuseRules(table=sky_table(0.2))
            self.field = field_of(tick_s=10.0, rules=replace(rules, diffuse=self.diffuse))
            self.field.sun = (140.0, SUN_DEG)
            self.field.until(State.TRACKING)

        def minutes(self, count, ghi_w_m2, age_s=0.0):
            """Leaning of the first head, tick by tick."""
            self.field.ghi_w_m2, self.field.ghi_age_s = ghi_w_m2, age_s
            return np.array([self.field.tick().leaning[0] for _ in range(6 * count)])

    return Clouds


def changes(leaning):
    return int(np.sum(np.diff(leaning) != 0.0))


def test_under_a_closed_sky_heads_lie_much_flatter_and_face_the_sun_when_it_opens(clouds):
    sky = clouds()
    assert sky.minutes(30, OVERCAST_W_M2)[-1] > 0.8
    assert elevation_deg(enu_from_azel(*pose(sky))) > 75.0
    opened = sky.minutes(30, CLEAR_W_M2)
    assert opened[-1] == 0.0
    assert elevation_deg(enu_from_azel(*pose(sky))) == pytest.approx(SUN_DEG, abs=0.2)


def pose(sky):
    return sky.field.decision.target.azimuth_deg[0], sky.field.decision.target.elevation_deg[0]


def test_under_a_clear_sky_nobody_leans(clouds):
    assert not clouds().minutes(60, CLEAR_W_M2).any()


def test_the_azimuth_stays_with_the_sun(clouds):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    assert pose(sky)[0] == pytest.approx(140.0)


def test_heads_do_not_chase_clouds(clouds):
    """Sun and clouds in turn, three minutes each: the light is the sun's, so heads stay with it."""
    sky = clouds()
    sky.minutes(20, CLEAR_W_M2)
    told = np.concatenate([sky.minutes(3, ghi) for _ in range(20) for ghi in (OVERCAST_W_M2, CLEAR_W_M2)])
    assert not told.any()


def test_two_changes_are_never_closer_than_the_least_stay(clouds, rng):
    sky = clouds()
    told = np.concatenate(
        [
            sky.minutes(4, ghi)
            for ghi in rng.uniform(0.1, 1.0, 150) * rng.uniform(0.1, 1.0, 150) * OUTSIDE_W_M2
        ]
    )
    at_s = 10.0 * np.flatnonzero(np.diff(told) != 0.0)
    assert at_s.size > 3
    assert np.diff(at_s).min() >= sky.diffuse.least_stay_s


def test_what_is_worth_little_is_left(clouds):
    """A sky that grows a tenth brighter and darker again is no reason to move."""
    sky = clouds()
    sky.minutes(60, OVERCAST_W_M2)
    told = np.concatenate([sky.minutes(30, share * OVERCAST_W_M2) for share in (1.1, 0.9, 1.1, 0.9)])
    assert changes(told) == 0
    assert told[0] > 0.8


def test_without_a_reading_every_decision_is_that_of_facing_the_sun(clouds, field_of):
    sky, plain = clouds(), field_of(tick_s=10.0)
    plain.sun = sky.field.sun
    plain.until(State.TRACKING)
    for turn in range(100):
        sky.field.sun = plain.sun = (140.0 + 0.05 * turn, SUN_DEG)
        one, other = sky.field.tick(), plain.tick()
        np.testing.assert_array_equal(one.orders, other.orders)
        np.testing.assert_array_equal(one.target.elevation_deg, other.target.elevation_deg)
        np.testing.assert_array_equal(one.reason, other.reason)


def test_a_sensor_that_falls_silent_leads_back_to_the_sun_once_and_is_no_fault(clouds):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    soon = sky.minutes(5, np.nan)
    assert (soon > 0.8).all()
    late = np.concatenate([soon, sky.minutes(60, np.nan)])
    assert late[-1] == 0.0
    assert changes(late) == 1
    assert sky.field.names() == {"TRACKING"}


def test_an_old_reading_is_none(clouds):
    sky = clouds()
    assert not sky.minutes(30, OVERCAST_W_M2, age_s=sky.diffuse.stale_after_s + 1.0).any()


def test_a_reading_that_nobody_renews_counts_for_as_long_as_one_that_is_gone(clouds):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    told = []
    for age_s in np.arange(0.0, 720.0, sky.field.tick_s):
        sky.field.ghi_age_s = age_s
        told.append(sky.field.tick().leaning[0])
    assert sky.field.tick_s * np.flatnonzero(told)[-1] == sky.diffuse.stale_after_s


def test_a_sensor_that_comes_and_goes_lets_heads_lean_anew_no_sooner_than_clouds_would(clouds):
    """Silence leads back to the sun at once; what speaks again two minutes later has to wait its turn."""
    sky = clouds()
    told = np.concatenate([sky.minutes(7, ghi) for _ in range(12) for ghi in (OVERCAST_W_M2, np.nan)])
    at = np.flatnonzero(np.diff(told) != 0.0)
    anew = np.flatnonzero(told[at + 1] > 0.0)[1:]
    assert anew.size > 3
    assert (sky.field.tick_s * (at[anew] - at[anew - 1])).min() >= sky.diffuse.least_stay_s


def test_while_the_sun_is_low_nothing_changes_and_a_night_forgets(clouds):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    leaning = sky.field.decision.leaning[0]
    sky.field.sun = (260.0, 4.0)
    assert (sky.minutes(20, 500.0) == leaning).all()
    sky.field.sun = (265.0, -3.0)
    sky.minutes(2, 0.0)
    sky.field.until(State.NIGHT)
    sky.field.sun = (95.0, 2.0)
    assert not sky.minutes(10, 20.0).any()


@pytest.mark.parametrize("event", [Event.STOP, Event.STOW])
def test_a_persons_word_wins(clouds, ask, event):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    decision = sky.field.tick(ask(event))
    assert sky.field.names() == {"STOPPED" if event is Event.STOP else "STOWING"}
    assert not decision.leaning.any()
    assert not np.isin(decision.orders, [Order.MOVE]).any()


def test_wind_wins_and_afterwards_heads_lean_again_and_say_so(clouds):
    sky = clouds()
    sky.minutes(30, OVERCAST_W_M2)
    sky.field.gust_m_s = 20.0
    assert not sky.minutes(10, OVERCAST_W_M2).any()
    assert sky.field.names() == {"STOWED"}
    sky.field.gust_m_s = 3.0
    reasons = []
    for _ in range(6 * 45):
        reasons += sky.field.tick().reason[sky.field.decision.reason >= 0][:1].tolist()
    assert [Event(reason).name for reason in reasons] == ["CALM", "DIFFUSE"]


def test_the_reason_is_told_once_at_each_turn(clouds):
    sky = clouds()
    told = []
    for ghi in (CLEAR_W_M2, OVERCAST_W_M2, CLEAR_W_M2):
        sky.field.ghi_w_m2, sky.field.ghi_age_s = ghi, 0.0
        for _ in range(6 * 40):
            reason = sky.field.tick().reason
            told += [Event(r).name for r in reason[:1].tolist() if r >= 0]
    assert told == ["DIFFUSE", "DIRECT"]


def test_a_morning_of_low_sun_does_not_dull_the_first_look(clouds):
    """A sensor that spoke through the dawn counts whole at the first look: no ten minutes of warming up."""
    sky = clouds()
    sky.field.sun = (90.0, 4.0)
    sky.minutes(30, 15.0)
    sky.field.sun = (140.0, SUN_DEG)
    assert sky.minutes(1, OVERCAST_W_M2)[0] > 0.8


def test_whatever_the_light_says_every_state_and_every_safe_order_is_as_without_it(
    site_rules, still_heads, ask, rng
):
    """Gusts, faults, silence, lost positions, people at random: clouds change where heads look, no more."""
    quick = DiffuseRules(table=sky_table(0.2), memory_s=30.0, least_stay_s=20.0)
    leaning = replace(site_rules, diffuse=quick)
    one, other = MachineState.initial(3), MachineState.initial(3)
    light_w_m2 = rng.choice([60.0, 150.0, 900.0, np.nan], 30)
    people, seen, leaned_ticks = [e for e in PERSONS_EVENTS if e is not Event.JOG], set(), 0
    for tick in range(3000):
        heads = replace(
            still_heads(3),
            silent_s=rng.choice([0.0, 3.0, 9.0], 3, p=[0.97, 0.02, 0.01]),
            fault=rng.choice([0, 2], 3, p=[0.995, 0.005]),
            trusted=rng.random(3) > 0.005,
            emergency=rng.random(3) > 0.998,
        )
        said = (ask(people[rng.integers(len(people))], int(rng.integers(3))),) if rng.random() < 0.03 else ()
        sun = enu_from_azel(140.0, 30.0 + 40.0 * np.sin(tick / 400.0))
        inputs = Inputs(
            sun_enu=sun,
            aim_enu=sun,
            gust_m_s=rng.choice([3.0, 9.0, 14.0, np.nan], p=[0.98, 0.01, 0.005, 0.005]),
            wind_age_s=rng.choice([1.0, 60.0], p=[0.999, 0.001]),
            ghi_w_m2=light_w_m2[tick // 100],
            ghi_age_s=1.0,
            heads=heads,
            requests=said,
        )
        one, cloudy = step(one, inputs, 10.0 * tick, leaning)
        other, plain = step(other, inputs, 10.0 * tick, site_rules)
        np.testing.assert_array_equal(cloudy.states, plain.states)
        told = np.where(cloudy.reason >= Event.DIFFUSE, -1, cloudy.reason)
        np.testing.assert_array_equal(told, plain.reason)
        idle = ~np.isin(plain.states, [State.TRACKING, State.NIGHT, State.JOGGING])
        np.testing.assert_array_equal(cloudy.orders[idle], plain.orders[idle])
        seen |= set(plain.states.tolist())
        leaned_ticks += int(np.sum(cloudy.leaning > 0.0))
    assert {State.TRACKING, State.STOWED, State.STOPPED, State.FAULT, State.LOCKED} <= seen
    assert leaned_ticks > 100
