"""sunflower compare over a month of measured weather, as people run it."""

import json

import numpy as np
import pytest

from tracker.weather.synthetic.ideal import cloudless_year

SITE = """
[array]
heads = 1
[comparison]
mountings = ["flat", "best_fixed", "sunflower"]
claim_over = "flat"
claim_percent = 1.0
[economics]
energy_price_per_kwh = 0.5
"""


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    return path


@pytest.fixture
def month(tmp_path, default_site):
    """Cloudless days from 10 March on at Shenzhen, without wind on the first of them."""
    weather = cloudless_year(default_site)
    first = int(np.searchsorted(weather.utc, np.datetime64("2022-03-09T16:00")))
    rows = range(first, first + 24 * 30)
    lines = [
        f"{weather.utc[i]}Z,{weather.ghi_w_m2[i]:.2f},{weather.dni_w_m2[i]:.2f},{weather.dhi_w_m2[i]:.2f},20,"
        f"{'' if i < first + 24 else 2.0}"
        for i in rows
    ]
    path = tmp_path / "march.csv"
    head = "# interval_label: centre\nutc,ghi,dni,dhi,temp_air,wind_speed\n"
    path.write_text(head + "\n".join(lines) + "\n")
    return path


@pytest.fixture
def default_site():
    from tracker.app.config import default_plant

    return default_plant().site


def test_a_month_is_compared_and_says_that_it_is_no_year(tmp_path, site, month, inside):
    report, data = tmp_path / "report.html", tmp_path / "data"
    arguments = ("compare", site, "--weather", month)
    code, out, _ = inside(*arguments, "--report", report, "--data", data)
    assert code == 0
    says = "30 days from 2022-03-09 to 2022-04-08, and not a year"
    assert says in out
    assert "year to year) is left out" in out
    assert "at what cost tracking breaks even is not told" in out
    assert "the claim of +1 % is one of years, which these days neither show nor refute" in out
    page = report.read_text()
    for said in (
        says,
        "This is no year",
        "30 days, tracked against fixed",
        "hours of 30 days",
        "Apr, 7.67 d",
    ):
        assert said in page
    for wrong in ("/year", "hours a year", "One year of", "The year of", ">Jan<", "breaks even with"):
        assert wrong not in page
    assert (data / "months.csv").read_text().splitlines()[0].startswith("month,")
    assert [line[:3] for line in (data / "months.csv").read_text().splitlines()[1:]] == ["Mar", "Apr"]
    assert (data / "hours.csv").read_text().splitlines()[0] == "hour,Mar_kwh,Apr_kwh"
    assert len((data / "carbon.csv").read_text().splitlines()) == 3


def test_its_document_tells_the_part_the_stow_and_no_break_even(site, month, inside):
    code, out, _ = inside("compare", site, "--weather", month, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["part_year"]["days"] == 30.0
    assert document["break_even"] is None
    assert len(document["mountings"][0]["monthly_kwh"]) == 12
    assert document["claim"]["verdict"] == "within uncertainty"
    stow = document["stow"]
    assert (stow["unknown_wind_steps"], stow["stowed_steps"], stow["gust_factor"]) == (24, 0, 1.5)


def test_a_month_is_enough_to_say_what_a_stuck_head_cost(tmp_path, site, month, inside):
    record = tmp_path / "stuck.csv"
    hours = (f"2022-03-{day:02d}T{hour:02d}:00:00Z,90,30\n" for day in range(12, 16) for hour in range(24))
    record.write_text("utc,azimuth_deg,elevation_deg\n" + "".join(hours))
    code, out, _ = inside("compare", site, "--weather", month, "--recorded", f"{record}=stuck", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["recordings"]["compared_steps"] == 96 - 1  # the last hour's middle lies past the record
    assert document["part_year"]["days"] == pytest.approx(95 / 24)
    cost = {(gain["of"], gain["over"]): gain for gain in document["gains"]}["recorded:stuck", "sunflower"]
    assert cost["p10_percent"] < -20.0
    assert "year to year" not in {cause["cause"] for cause in cost["causes"]}


def test_a_claim_that_must_hold_fails_over_a_month(site, month, inside):
    code, _, err = inside("compare", site, "--weather", month, "--require-claim")
    assert code == 1
    assert "is claimed of years and stays open" in err


def test_a_sweep_still_wants_whole_years(tmp_path, month):
    from tracker.errors import InvalidWeather
    from tracker.study.sweeps.places import Place
    from tracker.study.sweeps.site_weather import weather_at

    place = Place(
        name="a",
        latitude_deg=22.6097,
        longitude_deg=114.0296,
        altitude_m=80.0,
        timezone="",
        weather=month.name,
    )
    with pytest.raises(InvalidWeather, match="more complete series"):
        weather_at(place, tmp_path)
