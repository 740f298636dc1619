import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.errors import InvalidWeather
from tracker.study.sweeps.places import Place
from tracker.study.sweeps.site_weather import utc_offset_h, weather_at
from tracker.study.sweeps.table_weather import TableReader


def place(weather="w.parquet", timezone="", longitude_deg=114.0):
    return Place(
        name="here",
        latitude_deg=22.0,
        longitude_deg=longitude_deg,
        altitude_m=10.0,
        timezone=timezone,
        weather=weather,
    )


def test_a_table_arrives_as_it_was_written(tmp_path, columns_of, write_table):
    columns = columns_of(2)
    write_table(tmp_path / "w.parquet", columns)
    weather = weather_at(place(), tmp_path)
    np.testing.assert_array_equal(weather.utc, columns["utc"])
    for name in ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "temp_air_c", "wind_speed_m_s"):
        np.testing.assert_array_equal(getattr(weather, name), columns[name])
    assert np.isnan(weather.pressure_pa).all()
    assert (weather.step_s, weather.latitude_deg, weather.source) == (3600.0, 22.0, "w.parquet")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_times_of_any_unit_and_zone_are_the_same_instants(tmp_path, columns_of, unit, zone):
    columns = columns_of(1)
    utc = pa.array(columns["utc"].astype(f"datetime64[{unit}]")).cast(pa.timestamp(unit, tz=zone))
    pq.write_table(pa.table({**columns, "utc": utc}), tmp_path / "w.parquet")
    np.testing.assert_array_equal(weather_at(place(), tmp_path).utc, columns["utc"])


def test_single_precision_is_read_and_what_it_is_told_of_stays(tmp_path, columns_of):
    columns = columns_of(1)
    narrow = {name: column.astype(np.float32) for name, column in columns.items() if name != "utc"}
    table = pa.table({"utc": columns["utc"], **narrow}).replace_schema_metadata({b"kind": b"typical year"})
    pq.write_table(table, tmp_path / "w.parquet")
    weather = weather_at(place(), tmp_path)
    assert weather.ghi_w_m2.dtype == np.float64
    assert weather.kind == "typical year"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda columns: columns.pop("dhi_w_m2"), "no column dhi_w_m2"),
        (lambda columns: columns["temp_air_c"].__setitem__(3, np.nan), "row 3: air temperature is nan"),
        (lambda columns: columns["ghi_w_m2"].__setitem__(5, 9999.0), "row 5: GHI is 9999"),
        (lambda columns: columns["utc"].__setitem__(4, columns["utc"][3]), "equal steps"),
        (lambda columns: columns.update(utc=np.arange(24.0)), "utc is of type double"),
    ],
)
def test_a_wrong_table_is_refused_with_what_is_wrong(tmp_path, columns_of, write_table, change, says):
    columns = columns_of(1)
    change(columns)
    write_table(tmp_path / "w.parquet", columns)
    with pytest.raises(InvalidWeather, match=says):
        weather_at(place(), tmp_path)


def test_gaps_in_wind_are_unknown_and_gaps_in_light_and_time_refused(tmp_path, columns_of):
    columns = columns_of(1)
    gap = np.arange(24) == 7

    def written(name):
        holes = pa.array(columns[name], mask=gap)
        pq.write_table(pa.table({**columns, name: holes}), tmp_path / "w.parquet", row_group_size=5)
        return weather_at(place(), tmp_path)

    np.testing.assert_array_equal(np.isnan(written("wind_speed_m_s").wind_speed_m_s), gap)
    with pytest.raises(InvalidWeather, match="row 7: GHI is nan"):
        written("ghi_w_m2")
    with pytest.raises(InvalidWeather, match="1 times are missing"):
        written("utc")


def test_one_reader_tells_the_times_of_each_table(tmp_path, columns_of):
    columns = columns_of(2)
    later = {**columns, "utc": columns["utc"] + np.timedelta64(30, "m")}
    halves = {name: column[:24] for name, column in columns.items()}
    reader = TableReader()
    for given, groups in (
        (columns, 48),
        (later, 48),
        (columns, 48),
        (columns, 7),
        (halves, 48),
        (columns, 48),
    ):
        pq.write_table(pa.table(given), tmp_path / "w.parquet", row_group_size=groups)
        found = reader.read(tmp_path / "w.parquet", place(), 8.0)
        np.testing.assert_array_equal(found.utc, given["utc"])
        np.testing.assert_array_equal(found.ghi_w_m2, given["ghi_w_m2"])


def test_a_table_refused_for_its_times_does_not_serve_the_next_one(tmp_path, columns_of, write_table):
    columns, reader = columns_of(1), TableReader()
    wrong = {**columns, "utc": np.full_like(columns["utc"], columns["utc"][0])}
    for _ in range(2):
        write_table(tmp_path / "w.parquet", columns)
        np.testing.assert_array_equal(reader.read(tmp_path / "w.parquet", place(), 8.0).utc, columns["utc"])
        write_table(tmp_path / "w.parquet", wrong)
        with pytest.raises(InvalidWeather, match="equal steps"):
            reader.read(tmp_path / "w.parquet", place(), 8.0)


def test_reading_a_table_and_writing_rows_loads_no_pandas(tmp_path, columns_of, write_table):
    write_table(tmp_path / "w.parquet", columns_of(1))
    code = (
        "import sys; from pathlib import Path; import pyarrow as pa; "
        "from tracker.study.sweeps.arrow import array_of; "
        "from tracker.study.sweeps.places import Place; "
        "from tracker.study.sweeps.site_weather import weather_at; "
        "weather_at(Place(name='a', latitude_deg=22.0, longitude_deg=114.0, altitude_m=0.0, timezone='', "
        f"weather='w.parquet'), Path({str(tmp_path)!r})); "
        "array_of(['a'], pa.string()); array_of([None], pa.float64()); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_missing_and_damaged_files_are_refused(tmp_path):
    with pytest.raises(InvalidWeather, match="no such file"):
        weather_at(place(), tmp_path)
    (tmp_path / "w.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InvalidWeather, match="cannot be read as Parquet"):
        weather_at(place(), tmp_path)


def test_standard_time_comes_from_the_zone_or_the_longitude():
    assert utc_offset_h(place(timezone="Europe/Berlin")) == 1.0
    assert utc_offset_h(place(timezone="Australia/Sydney")) == 10.0
    assert utc_offset_h(place(longitude_deg=114.0)) == 8.0
    assert utc_offset_h(place(longitude_deg=-70.0)) == -5.0
