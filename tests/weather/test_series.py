"""What a file becomes: years, gaps, units and places."""

import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest

import tracker.weather as weather_package
from tracker.errors import InvalidWeather
from tracker.weather import read_weather
from tracker.weather.files.formats import detect
from tracker.weather.reading import Reading

GOLDEN = "golden_srrl_2020_measured_sam.csv"
GOLDEN_HEAD = 3
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TYPICAL = [
    "shenzhen_swera.epw",
    "denver_tmy3.epw",
    "phoenix_nsrdb_psm3_tmy.csv",
    "12839.tm2",
    "723170TYA.CSV",
]


@pytest.mark.parametrize("name", TYPICAL)
def test_typical_years_run_forward_through_one_local_year(name, weather_file):
    weather = read_weather(weather_file(name))
    local = weather.utc + np.timedelta64(round(weather.utc_offset_h * 3600), "s")
    assert (weather.kind, weather.filled_steps, weather.step_s) == ("typical year", 0, 3600.0)
    assert np.all(np.diff(weather.utc) == np.timedelta64(3600, "s"))
    assert set(local.astype("datetime64[Y]").astype(str)) == {"2022"}
    assert np.bincount(weather.local_month)[1:].tolist() == [24 * days for days in DAYS]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shenzhen_swera.epw", "EPW"),
        ("12839.tm2", "TMY2"),
        ("723170TYA.CSV", "TMY3"),
        ("703165TY.csv", "TMY3"),
        ("phoenix_nsrdb_psm3_tmy.csv", "NSRDB PSM"),
        (GOLDEN, "SAM CSV"),
        ("pvgis_tmy_sample.csv", "PVGIS TMY"),
    ],
)
def test_the_format_is_known_by_content(name, expected, weather_file):
    assert detect(weather_file(name).read_text(encoding="latin-1")).name == expected


def test_the_suffix_does_not_matter(weather_file, tmp_path):
    copy = tmp_path / "weather.txt"
    copy.write_bytes(weather_file("phoenix_nsrdb_psm3_tmy.csv").read_bytes())
    assert read_weather(copy).latitude_deg == 33.45


@pytest.mark.parametrize(
    ("name", "ghi", "dni", "dhi"),
    [
        ("shenzhen_swera.epw", 1510, 794, 969),
        ("phoenix_nsrdb_psm3_tmy.csv", 2115, 2678, 492),
        ("12839.tm2", 1793, 1505, 810),
    ],
)
def test_insolation_is_the_files(name, ghi, dni, dhi, weather_file):
    weather = read_weather(weather_file(name))
    sums = [weather.energy_kwh_m2(x) for x in (weather.ghi_w_m2, weather.dni_w_m2, weather.dhi_w_m2)]
    assert sums == pytest.approx([ghi, dni, dhi], abs=0.6)


@pytest.mark.parametrize(
    ("name", "pressure_pa", "temp_air_c", "wind_speed_m_s"),
    [
        ("shenzhen_swera.epw", 101026, 22.9, 2.61),
        ("phoenix_nsrdb_psm3_tmy.csv", 96137, 21.9, 1.79),
        ("12839.tm2", 101744, 24.3, 4.34),
        ("723170TYA.CSV", 98691, 14.4, 3.05),
        ("pvgis_tmy_sample.csv", 99855, 13.6, 1.21),
    ],
)
def test_units_are_pascal_celsius_and_metres_per_second(
    name, pressure_pa, temp_air_c, wind_speed_m_s, weather_file
):
    weather = read_weather(weather_file(name))
    assert weather.pressure_pa.mean() == pytest.approx(pressure_pa, abs=1.0)
    assert weather.temp_air_c.mean() == pytest.approx(temp_air_c, abs=0.06)
    assert weather.wind_speed_m_s.mean() == pytest.approx(wind_speed_m_s, abs=0.01)


def test_the_place_is_the_files(weather_file):
    weather = read_weather(weather_file("12839.tm2"))
    assert (weather.latitude_deg, weather.longitude_deg) == pytest.approx((25.8, -80.2667), abs=1e-3)
    assert (weather.altitude_m, weather.utc_offset_h) == (2.0, -5.0)


def test_a_leap_year_keeps_its_day(damaged):
    def with_leap_day(lines):
        march = 8 + 59 * 24
        leap = ["2000,2,29," + line.split(",", 3)[3] for line in lines[march - 24 : march]]
        return lines[:march] + leap + lines[march:]

    weather = read_weather(damaged("shenzhen_swera.epw", with_leap_day))
    assert weather.utc.size == 8784
    assert weather.utc[-1] == np.datetime64("2024-12-31T15:30:00")


def test_the_measured_year_keeps_its_dates_and_its_missing_leap_day_is_left_out(weather_file):
    """Golden 2020 has 8,760 rows: 29 February is not in the file."""
    weather = read_weather(weather_file(GOLDEN))
    assert (weather.kind, weather.utc.size, weather.filled_steps) == ("measured", 8760, 0)
    assert weather.counts.left_out == 24
    jump = np.diff(weather.utc) > np.timedelta64(3600, "s")
    assert weather.utc[:-1][jump].astype(str).tolist() == ["2020-02-29T06:30:00"]


def test_short_gaps_of_a_measured_day_are_filled_and_counted(damaged, weather_file):
    def with_gaps(lines):
        first, second = GOLDEN_HEAD + 24 * 100 + 12, GOLDEN_HEAD + 24 * 200 + 10
        fields = lines[second].split(",")
        fields[5] = ""  # air temperature
        kept = [*lines[:second], ",".join(fields), *lines[second + 1 :]]
        return kept[:first] + kept[first + 3 :]

    weather, whole = read_weather(damaged(GOLDEN, with_gaps)), read_weather(weather_file(GOLDEN))
    assert (weather.filled_steps, weather.counts.left_out) == (3 + 1, 24)
    assert np.array_equal(weather.utc, whole.utc)
    assert np.all(np.isfinite(weather.ghi_w_m2) & np.isfinite(weather.temp_air_c))
    assert np.all(np.isnan(weather.wind_speed_m_s) == np.isin(np.arange(8760), 24 * 100 + 12 + np.arange(3)))
    assert weather.unknown_wind_steps == 3


def test_a_day_with_four_hours_of_sun_missing_is_left_out_whole(damaged, weather_file):
    first = GOLDEN_HEAD + 24 * 100 + 10
    weather = read_weather(damaged(GOLDEN, lambda lines: lines[:first] + lines[first + 4 :]))
    assert (weather.filled_steps, weather.counts.left_out) == (0, 24 + 24)
    whole = read_weather(weather_file(GOLDEN))
    kept = np.isin(whole.utc, weather.utc)
    assert np.flatnonzero(~kept).tolist() == list(range(24 * 100, 24 * 101))
    assert np.array_equal(weather.ghi_w_m2, whole.ghi_w_m2[kept])


def test_a_night_without_rows_lacks_no_light(damaged, weather_file):
    first = GOLDEN_HEAD + 24 * 100 + 20
    weather = read_weather(damaged(GOLDEN, lambda lines: lines[:first] + lines[first + 8 :]))
    assert (weather.filled_steps, weather.counts.left_out) == (0, 24)
    whole = read_weather(weather_file(GOLDEN))
    assert weather.ghi_w_m2 == pytest.approx(whole.ghi_w_m2, abs=1e-12)


def test_a_month_that_loses_more_than_a_third_is_refused(damaged):
    march = GOLDEN_HEAD + 24 * 59
    path = damaged(GOLDEN, lambda lines: lines[:march] + lines[march + 24 * 12 :])
    with pytest.raises(InvalidWeather, match=r"39 % of 2020-03 among them; at most 33 % of it"):
        read_weather(path)


def test_a_measured_half_year_is_refused_unless_asked_for(damaged):
    path = damaged(GOLDEN, lambda lines: lines[: GOLDEN_HEAD + 24 * 90])
    with pytest.raises(InvalidWeather, match=r"100 % of 2020-.*more complete series"):
        read_weather(path)
    part = read_weather(path, reading=Reading(whole_years=False))
    assert part.utc.size == 24 * 90


def test_measured_time_running_back_is_refused(damaged):
    path = damaged(GOLDEN, lambda lines: [*lines[:50], lines[51], lines[50], *lines[52:]])
    with pytest.raises(InvalidWeather, match=r"line 52 .* is not after line 51"):
        read_weather(path)


def test_the_value_alone_costs_no_pandas_and_no_pvlib():
    code = (
        "import sys; import tracker.weather.series; "
        "print([name for name in ('pandas', 'pvlib', 'scipy') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_name_of_the_package_is_the_same_however_often_it_is_asked():
    for name in weather_package.__all__:
        first = getattr(weather_package, name)
        assert not isinstance(first, ModuleType), name
        assert getattr(weather_package, name) is first
