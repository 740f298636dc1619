"""Heads in each other's shade, in the yield."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.array import grid, head_names, vogel
from tracker.array.obstacles import wall
from tracker.pv import Models, Shade
from tracker.study import compare
from tracker.study.result import result_of
from tracker.study.setting import setting_of
from tracker.study.steps import ORDER

SUM_KWH = 1e-9


@pytest.fixture(scope="module")
def field_of(plant_of, weather_of):
    """The setting of a place whose heads stand on these feet."""

    def make(place, feet_m, **changes):
        weather = weather_of(place)
        plant = plant_of(weather)
        array = replace(plant.array, positions_enu_m=feet_m, names=head_names(len(feet_m)), **changes)
        return setting_of(replace(plant, array=array), weather, Models())

    return make


def week(weather, first_day):
    arrays = ("utc", "ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa")
    cut = slice(24 * first_day, 24 * (first_day + 7))
    return replace(weather, **{name: getattr(weather, name)[cut] for name in arrays})


@pytest.mark.parametrize(("place", "percent"), [("shenzhen", 2.5), ("phoenix", 4.7)])
def test_the_default_field_loses_as_much_beam_as_rays_say(field_of, place, percent):
    """19 heads 7 m apart, facing the sun: rays cast by somebody else lost 2.5 and 4.7 % of the beam."""
    setting = field_of(place, vogel(19, 7.0))
    shade = result_of("two_axis_sun_facing", setting).orientation.shade
    beam_w_m2 = setting.daylight.sky.beam_w_m2
    lost = np.sum(shade.petals.mean(axis=(1, 2)) * beam_w_m2) / np.sum(beam_w_m2)
    assert 100.0 * lost == pytest.approx(percent, abs=0.15)


def test_a_lone_head_has_no_shading_step_and_loses_nothing(field_of):
    setting = field_of("shenzhen", vogel(1, 7.0))
    row = result_of("two_axis_sun_facing", setting)
    assert row.orientation.shade is None
    assert "shading" not in {step.name for step in row.steps}
    assert row.net_wh == pytest.approx(setting.yield_of(row.orientation.normal_enu).ac_w)


@pytest.mark.parametrize("name", ["two_axis_sun_facing", "two_axis_optimal"])
def test_shading_is_a_step_of_heads_and_steps_still_sum(field_of, name):
    row = result_of(name, field_of("phoenix", grid(25, 6.0)))
    left = {step.name: step.kwh for step in row.steps}
    assert list(left) == [step for step in ORDER if step in left]
    assert left["shading"] < 0.85 * left["facing"]
    assert left["facing"] == pytest.approx(row.poa_kwh_m2 * 25 * 2.5)  # light is counted before shading
    changes = np.diff([step.kwh for step in row.steps])
    assert row.steps[0].kwh + changes.sum() == pytest.approx(row.net_kwh, abs=SUM_KWH)


def test_rows_do_not_care_where_heads_stand(field_of):
    apart, dense = (
        result_of("best_fixed", field_of("shenzhen", feet)) for feet in (vogel(4, 50.0), grid(8, 6.0))
    )
    assert dense.net_kwh == pytest.approx(2.0 * apart.net_kwh, rel=1e-12)


def test_the_mean_head_is_within_two_thousandths_of_every_head_on_its_own_inverter(field_of):
    setting = field_of("phoenix", vogel(19, 7.0))
    row = result_of("two_axis_sun_facing", setting)
    normal, shade = row.orientation.normal_enu, row.orientation.shade
    each_w = [
        setting.yield_of(
            normal, Shade(petals=shade.petals[:, [head]], sky=shade.sky, ground=shade.ground)
        ).ac_w
        for head in range(19)
    ]
    assert row.ac_kwh == pytest.approx(np.sum(each_w) / 1000.0, rel=2e-3)


def test_denser_fields_yield_less_a_head(field_of):
    spacings = (6.0, 8.0, 12.0, 30.0)
    per_head = [result_of("two_axis_sun_facing", field_of("phoenix", grid(9, m))).net_kwh for m in spacings]
    assert np.all(np.diff(per_head) > 0.0)


def test_strings_of_a_petal_each_lose_less_than_one_string(field_of, plant_of, weather_of):
    panels = plant_of(weather_of("phoenix")).array.panels
    own = replace(panels, strings=tuple((number,) for number in range(1, 13)))
    one, twelve = (
        result_of("two_axis_sun_facing", field_of("phoenix", grid(9, 6.0), panels=plan)).net_kwh
        for plan in (panels, own)
    )
    assert one < 0.99 * twelve


def test_a_wall_takes_the_morning_beam(plant_of, weather_of):
    """20 m high, 6 m to the east: the exact shading is used, and heads lose until the sun looks over it."""
    weather = week(weather_of("phoenix"), 170)
    plant = plant_of(weather)
    feet = np.array([[0.0, 0.0, 0.0], [0.0, 30.0, 0.0]])
    array = replace(plant.array, positions_enu_m=feet, names=head_names(2))
    east = wall("house", [6.0, -100.0, 0.0], [6.0, 130.0, 0.0], 20.0)
    walled = replace(plant, array=replace(array, obstacles=(east,)))
    setting = setting_of(walled, weather, Models())
    shade = result_of("two_axis_sun_facing", setting).orientation.shade
    sun = setting.daylight.sky.sun_enu
    over_deg = np.degrees(np.arctan2(sun[:, 2], sun[:, 0]))  # above the wall's foot, seen across it
    hidden, free = (over_deg < 60.0), (over_deg > 80.0)
    assert shade.petals[hidden].min() == pytest.approx(1.0)
    assert shade.petals[free].mean() < 0.01


def test_what_is_counted_is_no_longer_called_left_out(plant_of, weather_of):
    weather = week(weather_of("shenzhen"), 100)
    assert "shading" not in compare(plant_of(weather), weather).not_modelled
