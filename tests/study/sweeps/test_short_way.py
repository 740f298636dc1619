"""The loop of a sweep against the chain of a comparison, on real years."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tracker.pv import Models
from tracker.study.mountings.climb import highest
from tracker.study.result import result_of
from tracker.study.setting import setting_of
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.short_way import ShortWay, is_short, sums_of
from tracker.study.sweeps.sky_weather import clear_year
from tracker.sun import Places

SAME = 1e-12
AS_GOOD = 3e-6  # of a year's energy: what `best_fixed_normal` says of itself
AT_POLES = 1e-4  # ibid.
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


def short_sums(name, setting):
    spot = Places.of(setting.plant.site).rows()[0]
    return sums_of(ShortWay().raw_sums([name], setting.plant, setting.weather, spot, Models())[0])


def relative(sums, row, setting):
    ac_kwh = sum(sums.monthly_ac_w) * setting.plant.array.size / 1000.0
    return ac_kwh / row.ac_kwh - 1.0


def angles(row):
    return [np.nan if angle is None else angle for angle in (row.tilt_deg, row.azimuth_deg)]


STILL = ("flat", "latitude_tilt", "single_axis")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("name", "heads"),
    [*((name, 4) for name in STILL), *((name, 1) for name in (*STILL, "two_axis_sun_facing"))],
)
def test_sums_are_those_of_the_chain(setting_at, place, name, heads):
    setting = setting_at(place) if heads > 1 else alone(setting_at(place))
    sums, row = short_sums(name, setting), result_of(name, setting)
    assert abs(relative(sums, row, setting)) < SAME
    assert sums.poa_w_m2 / 1000.0 == pytest.approx(row.poa_kwh_m2, rel=SAME)
    assert [power * heads / 1000.0 for power in sums.monthly_ac_w] == pytest.approx(row.monthly_kwh, rel=SAME)
    np.testing.assert_array_equal((sums.tilt_deg, sums.azimuth_deg), angles(row))


def test_a_lone_row_turns_back_for_nobody(setting_at):
    lone = alone(setting_at("phoenix"))
    assert lone.plant.comparison.single_axis_backtrack
    true = result_of("single_axis_true", lone)
    assert abs(relative(short_sums("single_axis", lone), true, lone)) < SAME


@pytest.mark.parametrize("name", ["flat", "two_axis_sun_facing"])
def test_sums_have_the_temperature_that_the_plant_names(setting_at, name):
    usual = alone(setting_at("phoenix"))
    panels = replace(usual.plant.array.panels, temperature_model="pvsyst, semi-integrated")
    plant = replace(usual.plant, array=replace(usual.plant.array, panels=panels))
    warm = setting_of(plant, usual.weather, Models())
    assert is_short(name, plant, Models())
    row = result_of(name, warm)
    assert abs(relative(short_sums(name, warm), row, warm)) < SAME
    assert row.ac_kwh < 0.99 * result_of(name, usual).ac_kwh


@pytest.fixture(scope="module")
def cloudless_at(plant_of):
    """One head under a cloudless year on the Greenwich meridian."""

    def find(latitude_deg):
        place = Place(
            name="made up",
            latitude_deg=latitude_deg,
            longitude_deg=0.0,
            altitude_m=0.0,
            timezone="",
            weather="clear-sky",
        )
        weather = clear_year(place, 0.0)
        return alone(setting_of(plant_of(weather), weather, Models()))

    return find


def test_the_best_fixed_plane_is_that_of_the_chain(setting_at, cloudless_at):
    settings = [setting_at(place) for place in PLACES] + [cloudless_at(deg) for deg in (-89.9, 0.0, 89.9)]
    for setting in settings:
        sums, row = short_sums("best_fixed", setting), result_of("best_fixed", setting)
        assert abs(relative(sums, row, setting)) < SAME
        assert (sums.tilt_deg, sums.azimuth_deg) == pytest.approx(angles(row), abs=1e-6)


@pytest.mark.parametrize(
    ("latitude_deg", "tilts_deg", "as_good"),
    [
        (-89.9, (65.0, 67.5, 70.0), AT_POLES),
        (0.0, (1.75, 2.0, 2.25), AS_GOOD),
        (89.9, (65.0, 67.0), AT_POLES),
    ],
)
def test_no_plane_around_the_compass_is_better_where_all_are_nearly_as_good(
    cloudless_at, latitude_deg, tilts_deg, as_good
):
    setting = cloudless_at(latitude_deg)
    planes = [(tilt_deg, azimuth_deg) for tilt_deg in tilts_deg for azimuth_deg in range(0, 360, 10)]
    highest_kwh = max(result_of(f"fixed:{tilt}:{azimuth}", setting).ac_kwh for tilt, azimuth in planes)
    assert result_of("best_fixed", setting).ac_kwh > (1.0 - as_good) * highest_kwh


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
    assert not is_short("flat", plant, Models(head_temperature="pvsyst, free-standing"))
    assert not is_short("flat", plant, Models(temperature="faiman, open rack, wind at its height"))
    assert not is_short("sunflower", plant, Models())
    assert not is_short("two_axis_sun_facing", plant, Models())  # its four heads may shade each other


def cut(weather, kept):
    """Some of its intervals."""
    arrays = {
        part.name: getattr(weather, part.name)[kept]
        for part in fields(weather)
        if isinstance(getattr(weather, part.name), np.ndarray)
    }
    return replace(weather, **arrays)


@pytest.mark.parametrize(
    "kept",
    [
        slice(0, 29),  # a fraction of a block
        slice(1, 8760, 7),  # every seventh hour
        np.r_[0:2000, 2300:2301, 8000:8760],  # days left out
    ],
)
def test_any_length_and_days_left_out_are_those_of_the_chain(setting_at, kept):
    whole = setting_at("denver")
    weather = cut(whole.weather, kept)
    setting = setting_of(whole.plant, weather, Models())
    for name in (*STILL, "best_fixed"):
        assert abs(relative(short_sums(name, setting), result_of(name, setting), setting)) < SAME


def test_where_the_sun_stays_down_nothing_is_yielded(setting_at):
    whole = setting_at("denver")
    night = whole.weather.ghi_w_m2 == 0.0
    weather = cut(whole.weather, np.flatnonzero(night)[:24])
    setting = setting_of(whole.plant, weather, Models())
    assert not setting.daylight.up.any()
    for name in (*STILL, "best_fixed"):
        sums = short_sums(name, setting)
        assert sums.poa_w_m2 == 0.0
        assert not sums.monthly_ac_w.any()


def test_one_room_serves_series_of_any_length_in_any_order(setting_at):
    way, long = ShortWay(), setting_at("denver")
    short = setting_of(long.plant, cut(long.weather, slice(0, 500)), Models())
    spot = Places.of(long.plant.site).rows()[0]

    def sums(setting):
        return way.raw_sums(["flat", "best_fixed"], setting.plant, setting.weather, spot, Models())

    first = [sums(setting) for setting in (short, long)]
    np.testing.assert_array_equal([sums(setting) for setting in (short, long)], first)


@pytest.mark.parametrize("backtrack", [True, False])
@pytest.mark.parametrize("temperature", ["pvsyst, free-standing", "faiman, open rack"])
def test_what_a_plan_may_choose_is_chosen(setting_at, backtrack, temperature):
    whole = setting_at("phoenix")
    plan = replace(whole.plant.comparison, single_axis_backtrack=backtrack, ground_cover_ratio=0.6)
    plant, models = replace(whole.plant, comparison=plan), Models(temperature=temperature)
    setting = setting_of(plant, whole.weather, models)
    raw = ShortWay().raw_sums(["single_axis"], plant, whole.weather, Places.of(plant.site).rows()[0], models)
    assert is_short("single_axis", plant, models)
    assert abs(relative(sums_of(raw[0]), result_of("single_axis", setting), setting)) < SAME
