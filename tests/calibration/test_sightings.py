import numpy as np
import pytest

from calibration import read_sightings, write_sightings
from calibration.sightings_csv import format_sightings, parse_sightings
from tracker.errors import InvalidInput, OutputFailed
from tracker.frames import enu_from_azel

HEADER = "head,utc,axis_azimuth_deg,axis_elevation_deg,observed_azimuth_deg,observed_elevation_deg"
GOOD = "H01,2026-03-20T04:12:00Z,100.5,40.25,99.5,41.0"


@pytest.fixture
def taken(sighted, rng):
    wanted = enu_from_azel(rng.uniform(0.0, 360.0, 12), rng.uniform(10.0, 80.0, 12))
    return sighted({"H01": {"IA": 1.0}, "H02": {"IE": -0.5}}, wanted)


def test_six_columns_are_enough():
    seen = parse_sightings(f"{HEADER}\n{GOOD}\n\n", "s.csv")
    assert (seen.heads, seen.size) == (("H01",), 1)
    assert seen.utc[0] == np.datetime64("2026-03-20T04:12:00")
    assert (seen.axis_azimuth_deg[0], seen.axis_elevation_deg[0]) == (100.5, 40.25)
    assert (seen.observed_azimuth_deg[0], seen.observed_elevation_deg[0]) == (99.5, 41.0)
    assert seen.sigma_deg[0] == 0.05


def test_columns_may_stand_in_any_order():
    header, good = (",".join(reversed(line.split(","))) for line in (HEADER, GOOD))
    assert format_sightings(parse_sightings(f"{header}\n{good}", "s")) == format_sightings(
        parse_sightings(f"{HEADER}\n{GOOD}", "s")
    )


def test_a_file_reads_back_to_the_same_values(taken, tmp_path):
    path = tmp_path / "sightings.csv"
    write_sightings(path, taken)
    again = read_sightings(path)
    assert again.heads == taken.heads
    for name in taken.__slots__[1:]:
        np.testing.assert_array_equal(getattr(again, name), getattr(taken, name))
    assert [file.name for file in tmp_path.iterdir()] == ["sightings.csv"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            GOOD.replace("100.5", "x"),
            "line 3, column axis_azimuth_deg: 'x' is not a number in -1080..1080 deg",
        ),
        (
            GOOD.replace("41.0", "91"),
            "line 3, column observed_elevation_deg: '91' is not a number in -90..90 deg",
        ),
        (GOOD.replace("41.0", "nan"), "line 3, column observed_elevation_deg: 'nan'"),
        (GOOD.replace("41.0", ""), "line 3, column observed_elevation_deg: ''"),
        (GOOD.replace("04:12", "44:12"), "line 3, column utc: '2026-03-20T44:12:00Z' is no UTC time"),
        (GOOD.replace("00Z", "00+08:00"), "is no UTC time; write 2026-03-20T04:12:00Z"),
        (GOOD.removeprefix("H01"), "line 3, column head is empty"),
        (GOOD + ",1", "line 3, it has 7 cells; the header has 6"),
    ],
)
def test_a_wrong_cell_is_named_by_line_column_value_and_limit(line, says):
    with pytest.raises(InvalidInput) as refused:
        parse_sightings(f"{HEADER}\n{GOOD}\n{line}\n", "s.csv")
    assert says in str(refused.value)
    assert "s.csv" in str(refused.value)


def test_every_mistake_is_told_at_once():
    wrong = "\n".join([GOOD.replace("100.5", "x"), GOOD.replace("40.25", "300")])
    with pytest.raises(InvalidInput) as refused:
        parse_sightings(f"{HEADER}\n{wrong}", "s.csv")
    assert "line 2, column axis_azimuth_deg" in str(refused.value)
    assert "line 3, column axis_elevation_deg" in str(refused.value)


def test_a_long_list_of_mistakes_is_cut_and_counted():
    with pytest.raises(InvalidInput, match="and 10 more"):
        parse_sightings(HEADER + "\n" + f"{GOOD},1\n" * 30, "s.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "column 'head' is missing"),
        (HEADER.replace("utc", "time") + "\n" + GOOD, "column 'utc' is missing"),
        (HEADER + ",sigma\n" + GOOD + ",1", "unknown column 'sigma'; the nearest known one is 'sigma_deg'"),
        (HEADER + ",utc\n" + GOOD + ",1", "column 'utc' is there twice"),
        (HEADER + "\n", "no sightings below the header"),
    ],
)
def test_a_wrong_table_is_refused(text, says):
    with pytest.raises(InvalidInput) as refused:
        parse_sightings(text, "s.csv")
    assert says in str(refused.value)


def test_an_unreadable_file_is_named(tmp_path):
    binary = tmp_path / "s.csv"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    for path, says in (
        (tmp_path / "none.csv", "No such file"),
        (tmp_path, "directory"),
        (binary, "not text"),
    ):
        with pytest.raises(InvalidInput, match=says):
            read_sightings(path)


def test_nothing_is_left_where_nothing_can_be_written(taken, tmp_path):
    for path in (tmp_path / "none" / "s.csv", tmp_path):
        with pytest.raises(OutputFailed):
            write_sightings(path, taken)
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob(".*.tmp"))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("axis_azimuth_deg", np.nan, "not finite"),
        ("observed_elevation_deg", 91.0, "-90..90"),
        ("sigma_deg", 0.0, "over 0"),
        ("head_index", 2, "0..1"),
    ],
)
def test_impossible_sightings_are_refused(taken, name, value, says):
    values = {slot: getattr(taken, slot) for slot in taken.__slots__}
    values[name] = np.full_like(values[name], value)
    with pytest.raises(ValueError, match=says):
        type(taken)(**values)


def test_columns_of_unequal_length_are_refused(taken):
    values = {slot: getattr(taken, slot) for slot in taken.__slots__}
    with pytest.raises(ValueError, match="one value a sighting"):
        type(taken)(**{**values, "sigma_deg": values["sigma_deg"][:-1]})


def test_one_head_is_picked_by_name(taken):
    assert taken.of_head("H02").size == taken.size // 2
    with pytest.raises(ValueError, match="known are H01, H02"):
        taken.of_head("H03")
