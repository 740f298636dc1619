"""A comparison over a stretch says that it is none over a year, and nothing that takes one."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tracker.frames import enu_from_azel
from tracker.plant import Economics
from tracker.pv import Models
from tracker.study import compare, to_json_dict
from tracker.study.frames import to_frames
from tracker.study.mountings.by_name import mounting
from tracker.study.mountings.recorded import Recording, Track
from tracker.study.mountings.row_shade import rows_shade
from tracker.study.setting import setting_of
from tracker.weather import read_weather

SUM_KWH = 1e-6
PRICE = Economics(
    energy_price_per_kwh=0.1,
    currency="USD",
    lifetime_years=25.0,
    discount_rate_percent=5.0,
    extra_upkeep_per_kwp_year=0.0,
)


@pytest.fixture(scope="module")
def golden(weather_folder):
    return read_weather(weather_folder / "golden_srrl_2020_measured_sam.csv")


@pytest.fixture(scope="module")
def plant(plant_of, golden):
    made = plant_of(golden, mountings=("flat", "best_fixed", "two_axis_sun_facing"))
    return replace(made, economics=PRICE)


def days(weather, first, count):
    rows = slice(24 * first, 24 * (first + count))
    arrays = {
        each.name: getattr(weather, each.name)[rows]
        for each in fields(weather)
        if isinstance(getattr(weather, each.name), np.ndarray)
    }
    return replace(weather, **arrays)


@pytest.fixture(scope="module")
def stretch(plant, golden):
    """20 June to 14 July."""
    return compare(plant, days(golden, 170, 25))


def test_a_whole_year_has_no_such_part(plant, golden):
    year = compare(plant, golden)
    assert year.part_year is None
    assert year.break_even is not None
    assert "part_year" not in to_json_dict(year)
    assert "year to year" in {effect.cause for effect in year.gains[0].spread.effects}


def test_it_tells_its_days_and_months(stretch):
    part = stretch.part_year
    assert (part.days, part.first_date, part.last_date) == (25.0, "2020-06-20", "2020-07-14")
    assert [(month.month, month.days) for month in part.months] == [(6, 11.0), (7, 14.0)]
    assert part.says == "25 days from 2020-06-20 to 2020-07-14, and not a year"
    said = to_json_dict(stretch)["part_year"]
    assert said["months"] == [{"month": 6, "days": 11.0}, {"month": 7, "days": 14.0}]
    assert said["not_told"] == ["year to year", "claim", "break-even"]


def test_a_single_day_is_told_by_its_date(plant, golden):
    part = compare(plant, days(golden, 170, 1)).part_year
    assert part.says == "1 day on 2020-06-20, and not a year"


def test_months_that_are_not_there_are_0_and_not_in_tables(stretch):
    for row in stretch.mountings:
        assert sum(row.monthly_kwh) == pytest.approx(row.net_kwh, abs=SUM_KWH)
        assert [month for month, kwh in enumerate(row.monthly_kwh, 1) if kwh != 0.0] == [6, 7]
    assert to_frames(stretch)["monthly"].index.tolist() == [6, 7]


def test_nothing_is_told_that_takes_a_year(stretch):
    assert stretch.break_even is None
    for gain in stretch.gains:
        causes = {effect.cause for effect in gain.spread.effects}
        assert "year to year" not in causes
        assert {"transposition", "beam and diffuse"} <= causes
    kwh = stretch.result("two_axis_sun_facing").net_kwh
    assert stretch.carbon.avoided_kg == pytest.approx(0.4042 * kwh)  # of these days, and no more


@pytest.mark.parametrize("percent", [-40.0, 10.0, 300.0])
def test_a_claim_stays_open_however_far_off_it_is(plant, golden, percent):
    claimed = replace(plant, comparison=replace(plant.comparison, claim_percent=percent))
    claim = compare(claimed, days(golden, 170, 25)).claim
    assert claim.verdict == "within uncertainty"
    assert claim.probability_percent is None
    assert (claim.judgements, claim.only_if) == ((), ())
    assert "in 25 days from 2020-06-20 to 2020-07-14, and not a year: " in claim.says
    assert claim.says.endswith("% is claimed of years and stays open.")


@pytest.mark.parametrize("first", [171, 172, 333])
def test_the_best_plane_of_a_day_is_the_best_of_that_day(plant, golden, first):
    """A thinned search saw one hour of it and chose a plane that yields less than a level one."""
    setting = setting_of(plant, days(golden, first, 1), Models())
    share = plant.comparison.ground_cover_ratio

    def ac_w(normal):
        return setting.yield_of(normal, rows_shade(setting, normal, ground_cover_ratio=share)).ac_w.sum()

    best = ac_w(mounting("best_fixed").orient(setting).normal_enu[0])
    azimuth_deg, tilt_deg = np.meshgrid(np.arange(0.0, 360.0, 15.0), np.arange(0.0, 90.0, 10.0))
    others = [ac_w(normal) for normal in enu_from_azel(azimuth_deg, 90.0 - tilt_deg).reshape(-1, 3)]
    assert best >= max(others) * (1.0 - 1e-6)


def test_a_years_best_plane_is_told_as_the_years_where_only_days_were_recorded(plant, golden, stretch):
    utc = golden.utc[24 * 170 : 24 * 195]
    track = Track(utc=utc, normal_enu=np.broadcast_to([0.0, 0.0, 1.0], (utc.size, 3)))
    record = Recording(name="recorded", source="a.csv", tracks=(track,))
    of_days = compare(plant, golden, recordings=[record])
    year_best = compare(plant, golden).result("best_fixed").orientation.normal_enu
    assert of_days.result("best_fixed").orientation.normal_enu[0] == pytest.approx(year_best[0])
    assert "best_fixed is the year's best plane, not these days'" in of_days.part_year.notes
    assert not any("best in this weather" in note for note in of_days.part_year.notes)
    assert any("best in this weather" in note for note in stretch.part_year.notes)
