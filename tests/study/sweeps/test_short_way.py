"""The loop of a sweep against the chain of a comparison, on real years."""

from dataclasses import replace

import pytest

from tracker.pv import Models
from tracker.study.climb import highest
from tracker.study.mountings import LEVEL
from tracker.study.result import result_of
from tracker.study.setting import setting_of
from tracker.study.sweeps.short_way import hours_of, is_short, sums_of

SAME = 1e-12
AS_GOOD = 1e-6  # of a year's energy: the two searches stop at slightly different planes
PLACES = ("shenzhen", "phoenix", "denver")


@pytest.fixture(scope="module")
def setting_at(weather_of, plant_of):
    made = {}

    def find(place):
        if place not in made:
            weather = weather_of(place)
            made[place] = setting_of(plant_of(weather), weather, Models())
        return made[place]

    return find


def alone(setting):
    """With one head, which nothing shades."""
    array = setting.plant.array
    one = replace(array, names=array.names[:1], positions_enu_m=array.positions_enu_m[:1])
    return replace(setting, plant=replace(setting.plant, array=one))


def relative(sums, row, setting):
    ac_kwh = sum(sums.monthly_ac_w) * setting.plant.array.size / 1000.0
    return ac_kwh / row.ac_kwh - 1.0


STILL = ("flat", "latitude_tilt", "single_axis")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("name", "heads"),
    [*((name, 4) for name in STILL), *((name, 1) for name in (*STILL, "two_axis_sun_facing"))],
)
def test_sums_are_those_of_the_chain(setting_at, place, name, heads):
    setting = setting_at(place) if heads > 1 else alone(setting_at(place))
    sums, row = sums_of(name, hours_of(setting)), result_of(name, setting)
    assert abs(relative(sums, row, setting)) < SAME
    assert sums.poa_w_m2 / 1000.0 == pytest.approx(row.poa_kwh_m2, rel=SAME)
    assert [power * heads / 1000.0 for power in sums.monthly_ac_w] == pytest.approx(row.monthly_kwh, rel=SAME)
    assert (sums.tilt_deg, sums.azimuth_deg) == (row.tilt_deg, row.azimuth_deg)


@pytest.mark.parametrize("place", PLACES)
def test_the_best_fixed_plane_is_as_good_as_a_search_over_all_hours_finds(setting_at, place):
    setting = setting_at(place)
    sums, row = sums_of("best_fixed", hours_of(setting)), result_of("best_fixed", setting)
    assert abs(relative(sums, row, setting)) < AS_GOOD
    assert sums.tilt_deg == pytest.approx(row.tilt_deg, abs=0.3)


@pytest.mark.parametrize(
    "top", [(0.0, 0.0, 1.0), (0.0, -0.6, 0.8), (0.6, 0.0, 0.8), (0.3, 0.3, 0.9055385138)]
)
def test_the_climb_ends_on_the_top_of_a_round_hill(top):
    found = highest(lambda normals, _stride: normals @ top)
    assert found @ top == pytest.approx(1.0, abs=AS_GOOD)


def test_what_is_special_goes_the_long_way(setting_at):
    plant = setting_at("shenzhen").plant
    array = plant.array
    special = (
        {"module": "Canadian_Solar_Inc__CS5P_220M"},
        {"bifaciality": 0.7},
        {"soiling_percent": (2.0,) * 12},
        {"spectral_model": "de soto, single-crystal silicon"},
        {"inverter_model": "pvwatts v8"},
    )
    assert is_short("flat", plant, Models())
    for change in special:
        panels = replace(array.panels, **change)
        assert not is_short("flat", replace(plant, array=replace(array, panels=panels)), Models())
    assert not is_short("flat", plant, Models(incidence="none"))
    assert not is_short("flat", plant, Models(spectrum="de soto, single-crystal silicon"))
    assert not is_short("sunflower", plant, Models())
    assert not is_short("two_axis_sun_facing", plant, Models())  # its four heads may shade each other


def test_a_stride_sees_a_share_of_the_hours(setting_at):
    hours = hours_of(setting_at("phoenix"))
    every, some = (hours.every(stride).power_on(LEVEL[None], 0.0)[0] for stride in (1, 19))
    assert some == pytest.approx(every / 19, rel=0.05)
