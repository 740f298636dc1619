"""What a file becomes: years, gaps, units and places."""

import subprocess
import sys

import numpy as np
import pytest

from tracker.errors import InvalidWeather
from tracker.weather import read_weather
from tracker.weather.formats import detect

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


def test_the_measured_year_keeps_its_dates_and_its_missing_leap_day_is_filled(weather_file):
    """Golden 2020 has 8,760 rows: 29 February is not in the file."""
    weather = read_weather(weather_file(GOLDEN))
    assert (weather.kind, weather.utc.size, weather.filled_steps) == ("measured", 8784, 24)
    leap, before, after = (slice(24 * day, 24 * day + 24) for day in (59, 58, 60))
    assert weather.utc[leap][0] == np.datetime64("2020-02-29T07:30:00")
    for values in (weather.ghi_w_m2, weather.dni_w_m2, weather.temp_air_c):
        assert values[leap] == pytest.approx((values[before] + values[after]) / 2.0)


def test_measured_gaps_are_filled_and_counted(damaged):
    def with_gaps(lines):
        first, second = GOLDEN_HEAD + 24 * 100 + 12, GOLDEN_HEAD + 24 * 200 + 10
        fields = lines[second].split(",")
        fields[7] = ""
        kept = [*lines[:second], ",".join(fields), *lines[second + 1 :]]
        return kept[:first] + kept[first + 3 :]

    weather = read_weather(damaged(GOLDEN, with_gaps))
    assert weather.filled_steps == 24 + 3 + 1
    assert np.all(np.isfinite(weather.ghi_w_m2))


def test_measured_gaps_beyond_two_days_are_refused(damaged):
    path = damaged(GOLDEN, lambda lines: lines[:2000] + lines[2049:])
    with pytest.raises(InvalidWeather, match=r"49 h of them from 2020-03-.*at most 48 h in a row"):
        read_weather(path)


def test_a_measured_half_year_is_refused(damaged):
    with pytest.raises(InvalidWeather, match=r"steps of its calendar years lack .*more complete year"):
        read_weather(damaged(GOLDEN, lambda lines: lines[:4400]))


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
