"""Damaged, incomplete and foreign weather: each refused with its place, its value and what to do."""

import numpy as np
import pytest

from tracker.errors import InvalidWeather
from tracker.weather import check_site, load, read_weather

EPW_HEAD, GHI, DRY_BULB = 8, 13, 6


def _refused(path, pattern, **where):
    with pytest.raises(InvalidWeather, match=pattern) as caught:
        read_weather(path, **where)
    assert str(path) in str(caught.value)


def _with_field(row, column, text):
    """A change of one field of one data row (0 is the first) of an EPW file."""

    def change(lines):
        fields = lines[EPW_HEAD + row].split(",")
        fields[column] = text
        return [*lines[: EPW_HEAD + row], ",".join(fields), *lines[EPW_HEAD + row + 1 :]]

    return change


def _columns(change, head):
    """Applies `change` to the fields of every line after `head` lines."""
    return lambda lines: [*lines[:head], *(",".join(change(line.split(","))) for line in lines[head:])]


def _without(name, lines, header):
    at = lines[header].split(",").index(name)
    return _columns(lambda fields: fields[:at] + fields[at + 1 :], header)(lines)


def test_missing_file(tmp_path):
    _refused(tmp_path / "none.epw", "no such file; give the path relative to the site file")


def test_directory_instead_of_a_file(tmp_path):
    _refused(tmp_path, "is a directory; give one weather file inside it")


def test_binary_file(tmp_path):
    path = tmp_path / "weather.epw"
    path.write_bytes(b"LOCATION,\x00\x01\x02" * 100)
    _refused(path, r"byte 9 is 0, so this is no text file")


@pytest.mark.parametrize("text", ["", "\n\n", "a,b,c\n1,2,3\n", "{}\n", "Latitude,Longitude\n"])
def test_text_that_is_no_weather(text, tmp_path):
    path = tmp_path / "weather.csv"
    path.write_text(text)
    _refused(path, "not a weather format known here; give one of EPW, NSRDB PSM, PVGIS TMY")


@pytest.mark.parametrize(
    ("name", "header", "column"),
    [
        ("phoenix_nsrdb_psm3_tmy.csv", 2, "GHI"),
        ("golden_srrl_2020_measured_sam.csv", 2, "GHI"),
        ("pvgis_tmy_sample.csv", 0, "Gd(h)"),
        ("723170TYA.CSV", 1, "GHI (W/m^2)"),
        ("phoenix_nsrdb_psm3_tmy.csv", 2, "Temperature"),
    ],
)
def test_missing_column_is_named(name, header, column, damaged):
    path = damaged(name, lambda lines: _without(column, lines, header))
    with pytest.raises(InvalidWeather) as caught:
        read_weather(path)
    assert f"{path}: no column {column};" in str(caught.value)


def test_missing_column_of_an_epw_shows_by_their_count(damaged):
    drop_ghi = _columns(lambda fields: fields[:GHI] + fields[GHI + 1 :], EPW_HEAD)
    _refused(damaged("shenzhen_swera.epw", drop_ghi), "line 9 has 34 columns, an EPW row has 35")


def test_missing_wind_and_pressure_are_unknown_and_no_error(damaged):
    weather = read_weather(
        damaged("phoenix_nsrdb_psm3_tmy.csv", lambda lines: _without("Wind Speed", lines, 2))
    )
    assert np.all(np.isnan(weather.wind_speed_m_s))
    assert np.all(np.isfinite(weather.pressure_pa))


@pytest.mark.parametrize(
    "name", ["shenzhen_swera.epw", "phoenix_nsrdb_psm3_tmy.csv", "12839.tm2", "723170TYA.CSV"]
)
def test_a_row_short_is_no_year(name, damaged):
    path = damaged(name, lambda lines: lines[:-1])
    _refused(path, r"8,759 rows, a typical year has 8,760 or 8,784; they run from .*; get a whole copy")


def test_a_row_missing_inside_is_placed(damaged):
    path = damaged("shenzhen_swera.epw", lambda lines: lines[:1008] + lines[1009:])
    _refused(path, r"8,759 rows.*line 1009 is 02-11 17:00 where 02-11 16:00 is due")


def test_a_pvgis_year_a_row_short(pvgis_tmy_with_head):
    lines = pvgis_tmy_with_head.read_text().splitlines()
    pvgis_tmy_with_head.write_text("\n".join(lines[:5000] + lines[5001:]) + "\n")
    _refused(pvgis_tmy_with_head, "8,759 rows, a PVGIS typical year has 8,760")


def test_rows_out_of_order_are_placed(damaged):
    path = damaged("shenzhen_swera.epw", lambda lines: [*lines[:100], lines[101], lines[100], *lines[102:]])
    _refused(path, r"line 101 is 01-04 21:00 where 01-04 20:00 is due")


@pytest.mark.parametrize("text", ["", "nan", "9999", "n/a"])
def test_missing_irradiance_is_placed_and_counted(text, damaged):
    path = damaged("shenzhen_swera.epw", _with_field(12, GHI, text))
    _refused(path, r"line 21: GHI is missing or no number; a typical year must be whole")


def test_missing_irradiance_is_counted(damaged):
    change = _columns(lambda fields: [*fields[:GHI], "9999", *fields[GHI + 1 :]], EPW_HEAD)
    _refused(
        damaged("shenzhen_swera.epw", change),
        r"line 9: GHI is missing or no number \(and on 8,759 more lines\)",
    )


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        (GHI, "-50", r"GHI is -50 W/m2; GHI lies within -4 to 1500 W/m2"),
        (GHI, "5000", r"GHI is 5000 W/m2"),
        (GHI + 1, "1600", r"DNI is 1600 W/m2"),
        (GHI + 2, "1200", r"DHI is 1200 W/m2"),
        (DRY_BULB, "85", r"air temperature is 85 C"),
        (9, "10", r"pressure is 10 Pa"),
        (21, "-3", r"wind speed is -3 m/s"),
    ],
)
def test_impossible_values_are_placed(column, text, says, damaged):
    _refused(damaged("shenzhen_swera.epw", _with_field(12, column, text)), "line 21: " + says)


def test_small_negative_night_offsets_are_zero(damaged):
    weather = read_weather(damaged("shenzhen_swera.epw", _with_field(0, GHI, "-2.5")))
    assert weather.ghi_w_m2[0] == 0.0


def test_dark_column_is_refused(damaged):
    change = _columns(lambda fields: [*fields[: GHI + 1], "0", *fields[GHI + 2 :]], EPW_HEAD)
    _refused(damaged("shenzhen_swera.epw", change), "DNI is never above 0")


def test_stuck_sensor_is_placed(damaged):
    def change(lines):
        stuck = [_with_field(0, GHI, "333")([*lines[:EPW_HEAD], line])[EPW_HEAD] for line in lines[100:130]]
        return [*lines[:100], *stuck, *lines[130:]]

    _refused(damaged("shenzhen_swera.epw", change), r"line 101: GHI stays at 333 W/m2 for 24 h")


@pytest.mark.parametrize(
    ("zone", "says"), [("0.0", "8.0 h after"), ("-8.0", "8.0 h before"), ("9.0", "1.0 h before")]
)
def test_wrong_time_zone_names_the_one_that_fits(zone, says, damaged):
    def change(lines):
        return [lines[0].replace(",8.0,18.0", f",{zone},18.0"), *lines[1:]]

    path = damaged("shenzhen_swera.epw", change)
    _refused(path, rf"{says} solar noon.*UTC\+8 would fit: correct the time zone")


def test_longitude_of_the_wrong_sign_is_seen_at_noon(damaged):
    path = damaged("denver_tmy3.epw", lambda lines: [lines[0].replace("-104.65", "104.65"), *lines[1:]])
    _refused(path, "solar noon at longitude 104.65 deg")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",22.55,", ",95.0,", "latitude_deg in its head is 95, it lies within -90 to 90 deg"),
        (",114.10,", ",214.10,", "longitude_deg in its head is 214.1"),
        (",8.0,18.0", ",20.0,18.0", "utc_offset_h in its head is 20, it lies within -12 to 14 h"),
        (",8.0,18.0", ",8.0,18000.0", "altitude_m in its head is 18000"),
    ],
)
def test_a_place_off_the_earth_is_refused(old, new, says, damaged):
    path = damaged("shenzhen_swera.epw", lambda lines: [lines[0].replace(old, new), *lines[1:]])
    _refused(path, says)


def test_text_among_tmy3_numbers_is_placed(damaged):
    path = damaged("723170TYA.CSV", lambda lines: _text_at(lines, 5000))
    _refused(path, "line 5001: GHI is missing or no number")


def _text_at(lines, at):
    fields = lines[at].split(",")
    fields[4] = "Z"
    return [*lines[:at], ",".join(fields), *lines[at + 1 :]]


def test_a_damaged_head_is_reported_as_the_formats(damaged):
    path = damaged("shenzhen_swera.epw", lambda lines: [lines[0].replace("22.55", "north"), *lines[1:]])
    _refused(path, "looks like EPW but cannot be read as such .*north")


def test_other_hemisphere_has_its_own_sentence(weather_file, site_at):
    weather = read_weather(weather_file("shenzhen_swera.epw"))
    with pytest.raises(InvalidWeather, match=r"22.55 N.* 33.90 S.*in the other hemisphere: its summer"):
        check_site(weather, site_at(-33.9, 151.2))


def test_a_far_site_is_told_the_distance(weather_file, site_at):
    weather = read_weather(weather_file("shenzhen_swera.epw"))
    with pytest.raises(InvalidWeather, match=r"1,9\d\d km away; at most 300 km"):
        check_site(weather, site_at(39.9, 116.4))


def test_a_near_site_is_accepted(weather_file, site_at):
    check_site(read_weather(weather_file("shenzhen_swera.epw")), site_at(22.6097, 114.0296))


def test_a_file_without_a_place_is_held_against_the_sites_noon(weather_file, site_at):
    weather = read_weather(weather_file("pvgis_tmy_sample.csv"))
    check_site(weather, site_at(45.0, 8.0))
    with pytest.raises(InvalidWeather, match="solar noon at longitude 114 deg"):
        check_site(weather, site_at(45.0, 114.0))


def test_load_reads_relative_to_the_site_file_and_checks_the_site(weather_folder, site_at):
    weather = load("shenzhen_swera.epw", weather_folder, site_at(22.6, 114.0))
    assert weather.source == "shenzhen_swera.epw"
    with pytest.raises(InvalidWeather, match="other hemisphere"):
        load("shenzhen_swera.epw", weather_folder, site_at(-22.6, 114.0))
    with pytest.raises(InvalidWeather, match="km away"):
        load("climate:shenzhen", weather_folder, site_at(52.5, 13.4))
