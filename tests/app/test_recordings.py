"""Records of heads as files: any CSV, and a journal of our own; wrong ones are told by line."""

import numpy as np
import pytest

from tracker.app.assemble import open_site, rules_for
from tracker.app.config import check_site_text, plant_of
from tracker.app.field.rules_record import rules_to_json
from tracker.app.field.wind import SimulatedWind
from tracker.app.recordings import read_recording
from tracker.app.simulation.day import SimulatedDay, simulate
from tracker.app.simulation.hidden_truth import hidden_pointing
from tracker.control.journal import Journal
from tracker.errors import InvalidInput
from tracker.frames import angle_between_deg, enu_from_azel
from tracker.sun import sun_position

FACES_DEG = 0.3  # asked of every tracking head
COUNT_DEG = 1e-3
SITE = """
[array]
heads = 2
[comparison]
mountings = ["flat", "two_axis_sun_facing"]
claim_over = "flat"
"""
HEAD = "utc,azimuth_deg,elevation_deg\n"
ROWS = HEAD + "2022-06-01T12:00:00+08:00,180,60\n2022-06-01T04:10:00Z,190,61\n"


@pytest.fixture(scope="module")
def plant():
    return plant_of(check_site_text(SITE, None), "test")


@pytest.fixture(scope="module")
def run(plant, tmp_path_factory):
    """A morning of two crooked heads, known to be crooked: its journal, and what was seen in each tick."""
    path = tmp_path_factory.mktemp("run") / "journal.sqlite"
    rules, seen = rules_for(plant, hidden_pointing(2, seed=4)), []
    day = SimulatedDay(
        plant=plant,
        date="2025-03-20",
        tick_s=30.0,
        rules=rules,
        wind=SimulatedWind(seed=4),
        from_hour=7.0,
        to_hour=10.0,
    )

    def see(utc, inputs, decision):
        seen.append((utc, inputs.heads, decision))

    with (
        open_site(plant, lockstep=True) as site,
        Journal(path, heads=plant.array.names, meta={"rules": rules_to_json(rules)}) as journal,
    ):
        simulate(day, site, journal, see)
    return path, seen, rules


def table(tmp_path, text, name="record.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_journal_reads_back_to_the_angles_seen(run, plant):
    path, seen, rules = run
    recording = read_recording(str(path), plant.array)
    assert recording.name == "recorded"
    for head, track in enumerate(recording.tracks):
        ticks = [
            (utc, heads)
            for utc, heads, _ in seen
            if heads.trusted[head] and heads.heard[head] and np.isfinite(heads.azimuth_deg[head])
        ]
        assert 100 < len(ticks) < len(seen)  # not while homing
        np.testing.assert_array_equal(track.utc, np.array([utc for utc, _ in ticks]))
        wanted = np.array([rules.pointing.to_sky(heads.pose)[head] for _, heads in ticks])
        assert angle_between_deg(track.normal_enu, wanted).max() < COUNT_DEG


def test_a_journals_normals_face_the_sun_though_its_axes_do_not(run, plant):
    path, seen, _ = run
    recording = read_recording(str(path), plant.array)
    settled = {utc for utc, _, decision in seen if decision.settled.all()}
    for head, track in enumerate(recording.tracks):
        rows = np.isin(track.utc, np.array(sorted(settled)))
        assert rows.sum() > 100
        sun = sun_position(track.utc[rows], plant.site).direction_enu
        assert angle_between_deg(track.normal_enu[rows], sun).max() < FACES_DEG
        pose = [heads for utc, heads, _ in seen if utc in settled]
        axes = np.array([enu_from_azel(h.azimuth_deg[head], h.elevation_deg[head]) for h in pose])
        assert np.median(angle_between_deg(axes, sun)) > FACES_DEG


def test_a_journals_moves_cost_what_the_motors_take_for_them(run, plant):
    path, _, _ = run
    track = read_recording(str(path), plant.array).tracks[0]
    tracked = track.utc > np.datetime64("2025-03-20T00:00")  # 8:00 local, two hours to go
    sun = sun_position(track.utc[tracked][[0, -1]], plant.site)
    turned_s = np.ptp(sun.azimuth_deg) / 0.5 + np.ptp(sun.apparent_elevation_deg) / 0.3
    assert track.drive_wh[tracked].sum() == pytest.approx(turned_s * 60.0 / 3600.0, rel=0.05)


def test_a_table_is_normals_at_utc(tmp_path, plant):
    recording = read_recording(f"{table(tmp_path, ROWS)}=east wing", plant.array)
    assert recording.name == "recorded:east wing"
    (track,) = recording.tracks
    assert [str(t) for t in track.utc] == ["2022-06-01T04:00:00.000", "2022-06-01T04:10:00.000"]
    np.testing.assert_allclose(track.normal_enu, enu_from_azel([180.0, 190.0], [60.0, 61.0]))
    assert track.drive_wh is None


def test_heads_are_sorted_out_by_name_in_the_arrays_order(tmp_path, plant):
    text = "# logger 7\ntime,head,azimuth_deg,elevation_deg,drive_wh\n\n" + "".join(
        f"2022-06-01T{hour:02d}:00Z,{head},{azimuth},40,1.5\n"
        for hour in (4, 5)
        for head, azimuth in (("H02", 200), ("H01", 100))
    )
    recording = read_recording(str(table(tmp_path, text)), plant.array)
    for track, azimuth in zip(recording.tracks, (100.0, 200.0), strict=True):
        np.testing.assert_allclose(track.normal_enu, enu_from_azel([azimuth] * 2, [40.0] * 2))
        assert track.drive_wh.tolist() == [1.5, 1.5]


def test_what_a_recorder_did_not_know_is_no_sample_but_its_moves_were_made(tmp_path, plant):
    text = "utc,azimuth_deg,elevation_deg,drive_wh\n" + "".join(
        f"2022-06-01T{hour:02d}:00Z,{azimuth},40,{hour}\n" for hour, azimuth in ((4, 100), (5, ""), (6, 120))
    )
    (track,) = read_recording(str(table(tmp_path, text)), plant.array).tracks
    assert track.utc.size == 2
    assert track.drive_wh.tolist() == [4.0, 11.0]


WRONG = {
    "no zone": (ROWS.replace("Z", ""), r'line 3: "2022-06-01T04:10:00" is no time with a zone; write'),
    "no time": (ROWS.replace("04:10", "04:70"), r'line 3: "2022-06-01T04:70:00Z" is no time'),
    "not a number": (ROWS.replace("190", "west"), 'line 3: azimuth_deg is "west", not a number from -720'),
    "below ground": (ROWS.replace("61", "-91"), 'line 3: elevation_deg is "-91", not a number from -90'),
    "infinite": (ROWS.replace("61", "inf"), 'line 3: elevation_deg is "inf"'),
    "twice": (ROWS + "2022-06-01T04:10:00Z,1,1\n", "line 4: 2022-06-01T04:10:00.000Z is not later"),
    "no column": (ROWS.replace("azimuth_deg", "az"), "no column azimuth_deg; it has utc, az, elevation_deg"),
    "no times": (ROWS.replace("utc", "when"), "no column utc"),
    "no rows": (HEAD, "not one row below the names"),
    "empty": ("", "not a table of comma-separated values: it is empty; give a line of names"),
    "too wide": (
        ROWS.replace(",61", ",61,1"),
        "line 3 has 4 fields, 3 have names; name every column, and write",
    ),
    "decimal commas": (ROWS.replace("0,6", "0,5,6"), "line 2 has 4 fields, 3 have names; .* decimal point"),
    "quoted commas": (
        ROWS.replace(",60", ',"60,5"'),
        'line 2: elevation_deg is "60,5", not .*decimal points',
    ),
    "open quote": (ROWS.replace(",61", ',"61'), "a quotation mark is open to its end; close it"),
    "semicolons": (ROWS.replace(",", ";"), "line 1 separates its names by ; instead of commas; save"),
    "names alone": (HEAD, "not one row below the names"),
    "a word for nothing": (ROWS.replace("61", "n/a"), 'line 3: elevation_deg is "n/a", not a number'),
    "unknown": (HEAD + "2022-06-01T04:10:00Z,,\n", "without one known angle"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_table_is_refused_by_line_value_and_remedy(tmp_path, plant, name):
    text, says = WRONG[name]
    path = table(tmp_path, text)
    with pytest.raises(InvalidInput, match=says) as caught:
        read_recording(str(path), plant.array)
    assert str(path) in str(caught.value)


def test_heads_that_are_not_those_of_the_array_are_refused(tmp_path, plant):
    names = "utc,head,azimuth_deg,elevation_deg\n"
    one = table(tmp_path, names + "2022-06-01T04:00Z,H01,1,1\n")
    with pytest.raises(InvalidInput, match="H02 is not recorded"):
        read_recording(str(one), plant.array)
    stranger = table(tmp_path, names + "2022-06-01T04:00Z,H01,1,1\n2022-06-01T04:00Z,H9,1,1\n")
    with pytest.raises(InvalidInput, match="'H9' is not in the array"):
        read_recording(str(stranger), plant.array)


def test_what_is_no_file_and_no_name_is_refused(tmp_path, plant):
    with pytest.raises(InvalidInput, match="no such file"):
        read_recording(str(tmp_path / "none.csv"), plant.array)
    with pytest.raises(InvalidInput, match="is no name"):
        read_recording(f"{table(tmp_path, ROWS)}=<b>", plant.array)
    sqlite = tmp_path / "other.sqlite"
    sqlite.write_bytes(b"SQLite format 3\0" + bytes(100))
    with pytest.raises(InvalidInput, match="not a journal"):
        read_recording(str(sqlite), plant.array)
