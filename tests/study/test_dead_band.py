"""What the dead band costs the yield, held against the field's own decisions at the field's own pace."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.aiming.facing import AsDrawn
from tracker.decision.machine import step
from tracker.decision.states import State
from tracker.decision.values import Inputs, MachineState, Order, Rules
from tracker.frames import angle_between_deg
from tracker.study import compare
from tracker.study.driven.ideal_head import IdealHeads
from tracker.study.driven.sunflower import decided_orientation
from tracker.sun import sun_position

TICK_S = 4.0
FIRST_HOUR, LAST_HOUR = 5, 19
EQUINOX = 24 * 79  # hours into the year: midnight before 21 March at Shenzhen


@pytest.fixture(scope="module")
def day(weather_of):
    """A day of March about the equinox, without wind."""
    weather = weather_of("shenzhen")
    cut = slice(EQUINOX, EQUINOX + 24)
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    calm = replace(weather, **{name: getattr(weather, name)[cut] for name in arrays})
    return replace(calm, wind_speed_m_s=np.ones(24))


@pytest.fixture(scope="module")
def banded(plant_of, weather_of):
    """The plant with a dead band of so many degrees."""

    def make(dead_band_deg):
        plant = plant_of(weather_of("shenzhen"), mountings=("flat", "sunflower"), claim_over="flat")
        mount = replace(plant.array.mount, dead_band_deg=dead_band_deg)
        return replace(plant, array=replace(plant.array, mount=mount))

    return make


def in_the_field(plant, day):
    """Every tick of daylight decided: angles off the sun while tracking, their hours, moves, motor time."""
    rules = Rules(
        limits=plant.array.mount.limits,
        safety=plant.safety,
        pointing=AsDrawn(),
        dead_band_deg=plant.array.mount.dead_band_deg,
    )
    ticks = round((LAST_HOUR - FIRST_HOUR) * 3600.0 / TICK_S)
    begins = day.utc[FIRST_HOUR] - np.timedelta64(1800, "s")
    half_s = TICK_S / 2.0
    utc = begins + (np.arange(2 * ticks + 1) * round(half_s * 1000)).astype("timedelta64[ms]")
    sun = sun_position(utc, plant.site).direction_enu
    state, heads = MachineState.initial(1), IdealHeads.at_rest(rules.limits, 1)
    off_deg, hour, moves, motor_s = [], [], 0, 0.0
    for tick in range(ticks):
        seen = Inputs(
            sun_enu=sun[2 * tick],
            aim_enu=sun[2 * tick + 1],
            gust_m_s=1.0,
            wind_age_s=0.0,
            heads=heads.readings,
        )
        state, decision = step(state, seen, tick * TICK_S, rules)
        heads, ran_s = heads.obeying(decision, rules.limits, TICK_S)
        motor_s += float(ran_s[0])
        if decision.states[0] == State.TRACKING:
            moves += int(decision.orders[0] == Order.MOVE)
            looks = AsDrawn().to_sky(heads.readings.pose)[0]
            off_deg.append(float(angle_between_deg(looks, sun[2 * tick + 2])))
            hour.append(FIRST_HOUR + int(tick * TICK_S // 3600.0))
    return np.array(off_deg), np.array(hour), moves, motor_s


@pytest.mark.parametrize("dead_band_deg", [1.0, 2.0])
def test_hour_by_hour_the_formula_is_what_the_real_decisions_leave(banded, day, dead_band_deg):
    plant = banded(dead_band_deg)
    expected = decided_orientation(plant, day, sun_position(day.utc, plant.site)).off_rms_deg
    off_deg, hour, _, _ = in_the_field(plant, day)
    full = range(hour[0] + 1, hour[-1])  # from sunrise till dusk, when the cable is unwound
    real = np.array([np.sqrt(np.mean(off_deg[hour == h] ** 2)) for h in full])
    assert len(full) >= 10
    assert np.mean(real**2) == pytest.approx(np.mean(expected[full] ** 2), rel=0.05)
    np.testing.assert_allclose(real, expected[full], rtol=0.2)  # an hour holds few teeth of the saw


def test_the_yield_counts_it_as_pointing_and_the_steps_still_sum(banded, day):
    free, wide = (compare(banded(band), day).result("sunflower") for band in (0.0, 2.0))
    before, after = ({step.name: step.kwh for step in row.steps} for row in (free, wide))
    assert "pointing" not in before
    assert {name: after[name] for name in ("facing", "limits", "stow")} == {
        name: before[name] for name in ("facing", "limits", "stow")
    }
    expected = decided_orientation(banded(2.0), day, sun_position(day.utc, banded(2.0).site)).off_rms_deg
    most = np.radians(expected.max()) ** 2 / 2.0
    assert 0.0 < 1.0 - after["pointing"] / after["stow"] < most
    steps = [step.kwh for step in wide.steps]
    assert steps[0] + sum(np.diff(steps)) == pytest.approx(wide.net_kwh, abs=1e-9)
    assert wide.net_kwh < free.net_kwh


def test_errors_of_pointing_and_the_dead_band_add_in_squares(banded, day):
    plain, both = banded(2.0), banded(2.0)
    both = replace(both, comparison=replace(both.comparison, pointing_error_deg=1.5))
    rows = [compare(plant, day).result("sunflower") for plant in (banded(0.0), plain, both)]
    lost = [{s.name: s.kwh for s in row.steps} for row in rows[1:]]
    alone = banded(0.0)
    alone = replace(alone, comparison=replace(alone.comparison, pointing_error_deg=1.5))
    error = {s.name: s.kwh for s in compare(alone, day).result("sunflower").steps}
    band_kwh, both_kwh, error_kwh = (each["stow"] - each["pointing"] for each in (*lost, error))
    assert both_kwh == pytest.approx(band_kwh + error_kwh, rel=1e-6)


def test_a_wide_dead_band_starts_motors_less_often_and_saves_no_way(banded, day):
    """The way is the sun's: an eighth of the starts, the same seconds at full rate."""
    _, _, often, long_s = in_the_field(banded(0.1), day)
    off_deg, hour, seldom, short_s = in_the_field(banded(0.8), day)
    assert seldom < often / 4
    assert short_s == pytest.approx(long_s, rel=0.02)
    assert off_deg[(hour > hour[0]) & (hour < hour[-1])].max() < np.hypot(0.8, 0.8) + 0.1
