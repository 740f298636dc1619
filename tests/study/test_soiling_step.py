from dataclasses import replace

import pytest

from tracker.study import compare

MONTHLY_PERCENT = (5.0,) * 6 + (0.0,) * 6
SUM_KWH = 1e-9


@pytest.fixture
def dirty(weather_of, plant_of):
    weather = weather_of("shenzhen")
    plant = plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")
    panels = replace(plant.array.panels, soiling_percent=MONTHLY_PERCENT, bifaciality=0.7)
    return compare(replace(plant, array=replace(plant.array, panels=panels)), weather)


def test_dirt_is_a_step_of_its_own_between_incidence_and_temperature(dirty):
    for row in dirty.mountings:
        names = [step.name for step in row.steps]
        at = names.index("soiling")
        assert (names[at - 1], names[at + 1]) == ("incidence", "temperature")
        lost = 1.0 - row.steps[at].kwh / row.steps[at - 1].kwh
        assert 0.015 < lost < 0.03  # 5 % of the first half-year's light on the front
        assert sum(row.monthly_kwh) == pytest.approx(row.net_kwh, abs=SUM_KWH * row.net_kwh)
    assert "soiling" not in dirty.not_modelled


def test_steps_of_bifacial_dirty_panels_still_lead_to_the_net(dirty):
    for row in dirty.mountings:
        changes = [after.kwh - before.kwh for before, after in zip(row.steps, row.steps[1:], strict=False)]
        assert row.steps[0].kwh + sum(changes) == pytest.approx(row.net_kwh, abs=SUM_KWH)
