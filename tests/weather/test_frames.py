"""What pvlib's readers return, as weather."""

import pandas as pd
import pytest
from pvlib import iotools

from tracker.errors import InvalidWeather
from tracker.weather import from_pvlib, read_weather
from tracker.weather.reading import Reading


@pytest.fixture
def phoenix(weather_file, site_at):
    path = weather_file("phoenix_nsrdb_psm3_tmy.csv")
    return path, site_at(33.45, -111.98, 358.0)


def test_a_pvlib_table_is_the_same_weather_as_its_file(phoenix):
    path, site = phoenix
    table, _ = iotools.read_nsrdb_psm4(str(path), map_variables=True)
    table["pressure"] *= 100.0
    made = from_pvlib(table, site, name="phoenix", label="centre", typical=True)
    read = read_weather(path)
    for name in ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s", "pressure_pa"):
        assert getattr(made, name) == pytest.approx(getattr(read, name))
    assert (made.utc == read.utc).all()
    assert (made.kind, made.utc_offset_h, made.source) == ("typical year", -7.0, "phoenix")


def test_a_measured_table_is_mended_as_a_file_is(phoenix):
    _, site = phoenix
    times = pd.date_range("2024-03-01 00:00", periods=24 * 4, freq="15min", tz="Etc/GMT+7")
    table = pd.DataFrame({"ghi": 500.0}, index=times)
    table["ghi"] = table["ghi"].where((times.hour > 7) & (times.hour < 17), 0.0) + times.minute
    reading = Reading(decomposition="engerer2", whole_years=False)
    made = from_pvlib(table, site, name="table", label="start", reading=reading)
    assert (made.kind, made.decomposition, made.step_s) == ("measured", "engerer2", 900.0)
    assert str(made.utc[0]) == "2024-03-01T07:07:30"
    assert made.counts.temp_assumed == 96


def test_times_without_a_zone_or_a_label_are_refused(phoenix):
    _, site = phoenix
    table = pd.DataFrame({"ghi": 1.0}, index=pd.date_range("2024-01-01", periods=48, freq="h"))
    with pytest.raises(ValueError, match="times need a zone"):
        from_pvlib(table, site, name="table", label="start")
    with pytest.raises(ValueError, match="label one of start, centre, end"):
        from_pvlib(table.tz_localize("UTC"), site, name="table", label="auto")
    with pytest.raises(InvalidWeather, match="no column ghi; it has dni"):
        from_pvlib(table.tz_localize("UTC").rename(columns={"ghi": "dni"}), site, name="t", label="end")
