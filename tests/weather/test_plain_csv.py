"""A plain measured table: what its stamps mean, what it may lack, and what is wrong with it."""

import numpy as np
import pandas as pd
import pytest

from tracker.errors import InvalidWeather
from tracker.weather import load, read_weather
from tracker.weather.reading import Reading
from tracker.weather.synthetic.ideal import cloudless_year
from tracker.weather.whole.closure import cos_zenith

SPAN = Reading(whole_years=False)
MIDDLE = Reading(whole_years=False, interval_label="centre")
EIGHT_H = np.timedelta64(8, "h")


@pytest.fixture
def shenzhen(site_at):
    return site_at(22.6, 114.0, 80.0)


@pytest.fixture
def table(shenzhen):
    """Ten cloudless days of March at a step: stamps on the local clock at interval centres, and columns."""

    def make(step_s=3600.0, days=10):
        year = cloudless_year(shenzhen, step_s=step_s)
        local = year.utc + EIGHT_H
        span = slice(int(np.searchsorted(local, np.datetime64("2022-03-01"))), None)
        count = round(days * 86400 / step_s)
        columns = {
            "time": pd.Series(local[span][:count]).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "ghi": year.ghi_w_m2[span][:count],
            "dni": year.dni_w_m2[span][:count],
            "dhi": year.dhi_w_m2[span][:count],
            "temp_air": np.full(count, 21.0),
            "wind_speed": np.full(count, 3.0),
        }
        return pd.DataFrame(columns)

    return make


@pytest.fixture
def written(tmp_path):
    def write(table, *head):
        path = tmp_path / "measured.csv"
        path.write_text("".join(f"# {line}\n" for line in head) + table.to_csv(index=False))
        return path

    return write


ZONE, CENTRE = "utc_offset_h: 8", "interval_label: centre"


def test_a_plain_table_is_the_weather_it_was_written_from(table, written, shenzhen):
    given = table()
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert (weather.kind, weather.utc.size, weather.step_s) == ("measured", 240, 3600.0)
    assert weather.utc[0] == np.datetime64("2022-02-28T16:30:00")
    assert weather.ghi_w_m2 == pytest.approx(given["ghi"].to_numpy())
    assert weather.dni_w_m2 == pytest.approx(given["dni"].to_numpy())
    assert (weather.filled_steps, weather.counts.left_out, weather.counts.unclosed) == (0, 0, 0)
    assert weather.gust_m_s is None


@pytest.mark.parametrize(("label", "shift_s"), [("start", -1800), ("centre", 0), ("end", 1800)])
@pytest.mark.parametrize("by", ["head", "reading"])
def test_the_stated_label_puts_the_sun_at_the_centre(label, shift_s, by, table, written, shenzhen):
    given = table()
    stamps = pd.to_datetime(given["time"]) + pd.Timedelta(shift_s, "s")
    given["time"] = stamps.dt.strftime("%Y-%m-%d %H:%M")
    head, reading = [ZONE], SPAN
    if by == "head":
        head.append(f"interval_label: {label}")
    else:
        reading = Reading(whole_years=False, interval_label=label)
    assert read_weather(written(given, *head), shenzhen, reading).utc[0] == np.datetime64("2022-02-28T16:30")


def test_stamps_with_a_zone_need_no_offset_and_utc_is_one(table, written, shenzhen):
    given = table()
    zoned = given.assign(time=given["time"].str.replace(" ", "T") + "+08:00")
    local = read_weather(written(zoned), shenzhen, MIDDLE)
    utc_stamps = (pd.to_datetime(given["time"]) - pd.Timedelta(8, "h")).dt.strftime("%Y-%m-%d %H:%M")
    utc = read_weather(
        written(given.rename(columns={"time": "utc"}).assign(utc=utc_stamps)), shenzhen, MIDDLE
    )
    assert np.array_equal(local.utc, utc.utc)
    assert (local.utc_offset_h, utc.utc_offset_h) == (8.0, 0.0)


def test_a_label_that_nobody_states_is_refused(table, written, shenzhen):
    with pytest.raises(InvalidWeather, match=r"start, centre or end .* set weather\.interval_label"):
        read_weather(written(table(), ZONE), shenzhen, SPAN)


def test_a_zone_that_nobody_states_is_refused(table, written, shenzhen):
    with pytest.raises(InvalidWeather, match=r"stamps without a time zone; .*utc_offset_h"):
        read_weather(written(table(), CENTRE), shenzhen, SPAN)


def test_a_label_is_not_stated_for_formats_that_have_their_own(weather_file):
    with pytest.raises(InvalidWeather, match=r'EPW, whose stamps .* leave it at "auto"'):
        read_weather(weather_file("shenzhen_swera.epw"), reading=Reading(interval_label="end"))


def test_a_stamp_that_is_none_is_placed(table, written, shenzhen):
    given = table()
    given.loc[7, "time"] = "yesterday"
    with pytest.raises(InvalidWeather, match=r'line 11: "yesterday" is no time'):
        read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)


def test_one_stamp_of_another_century_is_refused_before_it_costs_memory(table, written, shenzhen):
    given = table(60.0, days=2)
    given.loc[given.index[-1], "time"] = "2122-03-02 23:59:30"
    with pytest.raises(InvalidWeather, match=r"2,880 rows from 2022-.* to 2122-.*; check the stamps"):
        read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)


def test_rows_with_more_fields_than_names_are_refused(table, written, shenzhen):
    path = written(table(), ZONE, CENTRE)
    path.write_text(path.read_text().replace(",wind_speed", ""))
    with pytest.raises(InvalidWeather, match="line 4 has 6 fields, 5 have names; name every column"):
        read_weather(path, shenzhen, SPAN)


def test_without_a_place_anywhere_it_is_refused_and_its_head_can_give_one(table, written, shenzhen):
    given = table()
    with pytest.raises(InvalidWeather, match="does not say where it is"):
        read_weather(written(given, ZONE, CENTRE), reading=SPAN)
    placed = written(given, ZONE, CENTRE, "latitude_deg: 22.6", "longitude_deg: 114.0", "altitude_m: 80")
    weather = read_weather(placed, reading=SPAN)
    assert (weather.latitude_deg, weather.longitude_deg, weather.altitude_m) == (22.6, 114.0, 80.0)
    half = written(given, ZONE, CENTRE, "latitude_deg: 22.6")
    with pytest.raises(InvalidWeather, match="half a place"):
        read_weather(half, reading=SPAN)


@pytest.mark.parametrize("step_s", [60.0, 300.0, 600.0, 900.0, 1800.0, 3600.0])
@pytest.mark.parametrize("model", ["erbs", "dirint", "engerer2"])
def test_global_light_alone_is_split_at_every_step(step_s, model, table, written, shenzhen):
    given = table(step_s, days=2)[["time", "ghi"]]
    reading = Reading(decomposition=model, whole_years=False)
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, reading)
    assert (weather.decomposition, weather.step_s) == (model, step_s)
    assert weather.counts.decomposed == int(np.sum(cos_zenith(weather.utc, shenzhen) > 0.0))
    together = weather.dhi_w_m2 + weather.dni_w_m2 * cos_zenith(weather.utc, shenzhen)
    assert together == pytest.approx(weather.ghi_w_m2, abs=1e-9)
    assert weather.dni_w_m2.max() > 500.0


def test_a_table_without_temperature_is_taken_at_20_c_and_counted(table, written, shenzhen):
    weather = read_weather(written(table().drop(columns="temp_air"), ZONE, CENTRE), shenzhen, SPAN)
    assert np.all(weather.temp_air_c == 20.0)
    assert weather.counts.temp_assumed == 240


def test_a_table_without_wind_leaves_it_unknown_and_counted(table, written, shenzhen):
    weather = read_weather(written(table().drop(columns="wind_speed"), ZONE, CENTRE), shenzhen, SPAN)
    assert np.all(np.isnan(weather.wind_speed_m_s))
    assert weather.unknown_wind_steps == 240


def test_measured_gusts_and_plane_are_kept_and_make_wind_known(table, written, shenzhen):
    given = table().drop(columns="wind_speed").assign(gust=9.5, poa=np.arange(240.0), T_mod=30.0)
    given.loc[7, "T_mod"] = 400.0
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert np.flatnonzero(weather.temp_module_c != 30.0).tolist() == [7]
    assert (np.isnan(weather.temp_module_c[7]), weather.counts.beyond_limits) == (True, 1)
    assert np.all(weather.gust_m_s == 9.5)
    assert weather.poa_w_m2.tolist() == list(range(240))
    assert weather.unknown_wind_steps == 0


def test_humidity_moves_the_beam_of_dirint(table, written, shenzhen):
    given = table()[["time", "ghi", "temp_air"]]
    reading = Reading(decomposition="dirint", whole_years=False)
    dry, humid = (
        read_weather(written(given.assign(rh=percent), ZONE, CENTRE), shenzhen, reading)
        for percent in (10.0, 95.0)
    )
    assert np.abs(dry.dni_w_m2 - humid.dni_w_m2).max() > 10.0


def test_a_cloudless_gap_of_three_hours_is_filled_as_if_nothing_were_missing(table, written, shenzhen):
    """Clearness barely changes over a cloudless noon, so the interpolated light is the true one."""
    given = table(600.0)
    gap = slice(6 * 24 * 4 + 6 * 10 + 1, 6 * 24 * 4 + 6 * 13)
    holed = given.copy()
    holed.loc[gap, ["ghi", "dni", "dhi"]] = np.nan
    weather = read_weather(written(holed, ZONE, CENTRE), shenzhen, SPAN)
    assert weather.filled_steps == 18
    assert weather.ghi_w_m2 == pytest.approx(given["ghi"].to_numpy(), rel=0.03, abs=1e-6)
    assert weather.dni_w_m2 == pytest.approx(given["dni"].to_numpy(), rel=0.05, abs=1e-6)
    together = weather.dhi_w_m2 + weather.dni_w_m2 * cos_zenith(weather.utc, shenzhen)
    assert together == pytest.approx(weather.ghi_w_m2, abs=1e-6)


def test_scattered_gaps_of_one_day_add_up_against_it(table, written, shenzhen):
    """Every second hour of a day is no three hours in a row, but more than the day can spare."""
    given = table()
    given.loc[24 * 4 + 7 : 24 * 4 + 16 : 2, ["ghi", "dni", "dhi"]] = np.nan
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert (weather.filled_steps, weather.counts.left_out, weather.utc.size) == (0, 24, 216)


@pytest.mark.parametrize(
    ("column", "value"),
    [("ghi", 1900.0), ("dni", 1500.0), ("dhi", 1400.0), ("temp_air", 99.0), ("wind_speed", 200.0)],
)
def test_impossible_values_are_taken_as_missing_and_counted(column, value, table, written, shenzhen):
    given = table()
    given.loc[24 * 4 + 12, column] = value
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert weather.counts.beyond_limits == 1
    assert weather.ghi_w_m2 == pytest.approx(table()["ghi"].to_numpy(), abs=0.01)
    assert weather.unknown_wind_steps == (column == "wind_speed")


def test_a_table_of_impossible_values_has_the_wrong_unit(table, written, shenzhen):
    given = table()
    given["ghi"] *= 3.6
    with pytest.raises(InvalidWeather, match=r"values that cannot be, most of them ghi_w_m2; .*check units"):
        read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)


@pytest.mark.parametrize("nothing", ["", "NaN", "-99", "-999", "-9999"])
def test_what_loggers_write_for_nothing_is_missing_and_no_fault(nothing, table, written, shenzhen):
    given = table().astype({"ghi": object})
    given.loc[24 * 4 + 12, "ghi"] = nothing
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert (weather.counts.beyond_limits, weather.counts.closed, weather.filled_steps) == (0, 1, 0)
    assert weather.ghi_w_m2 == pytest.approx(table()["ghi"].to_numpy(), abs=1e-6)


def test_night_offsets_are_zero_and_counted(table, written, shenzhen):
    given = table()
    given.loc[:4, "ghi"] = -2.0
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert weather.counts.negative == 5
    assert np.all(weather.ghi_w_m2[:5] == 0.0)


def test_light_that_disagrees_is_counted_and_left_as_measured(table, written, shenzhen):
    given = table()
    given.loc[24 * 4 + 12, "ghi"] *= 0.85
    weather = read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)
    assert weather.counts.unclosed == 1
    assert weather.ghi_w_m2[24 * 4 + 12] == pytest.approx(given.loc[24 * 4 + 12, "ghi"])


def test_a_wrong_time_zone_is_seen_at_noon(table, written, shenzhen):
    with pytest.raises(InvalidWeather, match=r"beyond|cannot be|solar noon"):
        read_weather(written(table(), "utc_offset_h: 3", CENTRE), shenzhen, SPAN)


def test_counts_and_gusts_survive_in_the_kept_copy(table, written, shenzhen, tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "cache"))
    given = table().drop(columns="dni").assign(gust=5.0)
    path = written(given, ZONE, CENTRE)
    first, second = (load(path.name, path.parent, shenzhen, SPAN) for _ in range(2))
    assert len(list((tmp_path / "cache" / "weather").glob("*.arrays"))) == 1
    assert first.counts == second.counts
    assert first.counts.closed > 0
    assert np.array_equal(first.gust_m_s, second.gust_m_s)
    assert second.poa_w_m2 is None


def test_another_decomposition_is_another_weather(table, written, shenzhen, tmp_path, monkeypatch):
    monkeypatch.setenv("SUNFLOWER_CACHE", str(tmp_path / "cache"))
    path = written(table()[["time", "ghi"]], ZONE, CENTRE)
    models = [
        load(path.name, path.parent, shenzhen, Reading(whole_years=False, decomposition=model)).decomposition
        for model in ("erbs", "engerer2")
    ]
    assert models == ["erbs", "engerer2"]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        (
            "abc",
            'line 11: ghi is "abc", which is no number; write it with a decimal point, or leave it empty',
        ),
        ("n/a", 'line 11: ghi is "n/a", which is no number;'),
        ("1,5", 'line 11: ghi is "1,5", which is no number but may have a decimal comma; write'),
    ],
)
def test_a_word_among_numbers_is_told_and_not_missing(word, says, table, written, shenzhen):
    given = table().astype({"ghi": object})
    given.loc[[7, 9], "ghi"] = word
    with pytest.raises(InvalidWeather, match=says):
        read_weather(written(given, ZONE, CENTRE), shenzhen, SPAN)


def test_semicolons_and_a_lonely_line_of_names_are_told_as_such(table, written, shenzhen):
    path = written(table(), ZONE, CENTRE)
    text = path.read_text()
    path.write_text(text.replace(",", ";"))
    with pytest.raises(InvalidWeather, match="line 3 separates its names by ; instead of commas; save"):
        read_weather(path, shenzhen, SPAN)
    path.write_text("\n".join(text.splitlines()[:3]) + "\n")
    with pytest.raises(InvalidWeather, match="not one row below line 3, its names; give a whole copy"):
        read_weather(path, shenzhen, SPAN)
